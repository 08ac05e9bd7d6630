"""`curative rooms`: a room's calendar is imported, and a case whose visit collides is told."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from pydantic import JsonValue

from domain.journal import JournalLine
from domain.slots import Slot
from starter.desk import Desk
from tests.database.visit_rows import CASE, ROOM, slots
from tests.starter.calendar_file import calendar, event
from tests.starter.conftest import Curative, StartWorker
from tests.starter.waiting import until

COUNCIL_ROOM, IN_COUNCIL_ROOM = "BRU-PAR-CONSEIL", "FOC2735Y3TT"
SLOT = "7K3Q9XTB-1.slots-1.1"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def board(summary: str = "Comité", days: int = 0) -> Sequence[str]:
    """Two hours, so many days after tomorrow."""
    return event(f"DTSTART:{TOMORROW + timedelta(days=days):%Y%m%dT%H%M%SZ}", "DURATION:PT2H", f"SUMMARY:{summary}")


async def offered(desk: Desk) -> tuple[str, Slot]:
    """A case whose replacement is delivered, and the first slot that it offers; it starts in UTC."""
    caller: dict[str, JsonValue] = {"name": "A. Petit", "phone": "+33 1 70 48 03 68"}
    report: dict[str, JsonValue] = {
        "serial_number": IN_COUNCIL_ROOM,
        "reported_by": caller,
        "symptom": "no picture",
        "impact": "blocking",
    }
    case = (await desk.report_incident(report)).reference
    assert case is not None
    diagnosis: dict[str, JsonValue] = {
        "level": 2,
        "technician": "Noor",
        "findings": "PSU",
        "defective_articles": ["CS-PWR-CDC"],
    }
    await desk.send(case, "remote_diagnosis", {**diagnosis, "outcome": "hardware_failure", "findings": "x"})
    decided_at = datetime.now(UTC).isoformat()
    await desk.send(case, "vendor_validation", {"decision": "approved", "rma_number": "R", "decided_at": decided_at})
    await desk.send(case, "shipment", {"status": "delivered", "signed_by": "accueil"})

    async def has_offered() -> bool:
        return bool((await desk.show(case)).view.slots)

    await until(has_offered)
    slot = (await desk.show(case)).view.slots[0]
    return case, slot.model_copy(update={"start": slot.start.astimezone(UTC)})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "eiffel.ics"
    path.write_bytes(calendar(board()))
    return path


async def test_an_import_books_the_room_until_the_next_one(curative: Curative, file: Path) -> None:
    imported = await curative("rooms", "import", str(file), "--room", ROOM)
    assert imported.exit_code == 0, imported.stderr
    assert f"{ROOM}: 1 booking until" in imported.stdout
    assert "Comité" in (await curative("rooms", "show", ROOM)).stdout
    file.write_bytes(calendar())
    assert (await curative("rooms", "import", str(file), "--room", ROOM)).exit_code == 0
    assert "Nothing is booked" in (await curative("rooms", "show", ROOM)).stdout


async def test_rooms_are_listed_by_site_with_their_bookings(curative: Curative, file: Path) -> None:
    await curative("rooms", "import", str(file), "--room", ROOM)
    listed = json.loads((await curative("rooms", "list", "--site", "BRU-PAR", "--json")).stdout)["rooms"]
    assert {room["site"] for room in listed} == {"BRU-PAR"}
    assert {room["code"]: room["bookings"] for room in listed}[ROOM] == 1
    assert ROOM in (await curative("rooms", "list")).stdout


async def test_bookings_after_the_last_day_are_not_imported(curative: Curative, file: Path) -> None:
    file.write_bytes(calendar(board(), board("too late", days=10)))
    last = (TOMORROW + timedelta(days=5)).date().isoformat()
    done = json.loads((await curative("rooms", "import", str(file), "--room", ROOM, "--until", last, "--json")).stdout)
    assert done["bookings"] == 1


async def test_a_case_whose_visit_lost_its_room_is_told_once(
    curative: Curative, start_worker: StartWorker, desk: Desk, file: Path
) -> None:
    """The file is imported twice while no worker runs: the case plans anew once."""
    async with start_worker():
        case, slot = await offered(desk)
    file.write_bytes(calendar(event(f"DTSTART:{slot.start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H", "SUMMARY:Comité")))
    for _ in range(2):
        imported = await curative("rooms", "import", str(file), "--room", COUNCIL_ROOM)
        assert imported.exit_code == 0, imported.stderr
        assert all(word in imported.stdout for word in (case, slot.slot_id, "Comité", "yes"))

    async def words() -> list[JournalLine]:
        return [line for line in (await desk.show(case)).view.journal if line.kind == "site_scheduling"]

    async def told() -> bool:
        return bool(await words())

    async with start_worker():
        await until(told)
        (line,) = await words()
    assert (line.disposition, line.actor) == ("taken", f"customer:calendar of {COUNCIL_ROOM}")
    assert "Comité" in line.text


async def test_a_case_that_lost_several_of_its_slots_is_told_once(
    curative: Curative, start_worker: StartWorker, desk: Desk, file: Path
) -> None:
    """It lets all of them go at the first word; a second one would be refused, and journaled so."""
    async with start_worker():
        case, slot = await offered(desk)
        held = [each.slot_id for each in (await desk.show(case)).view.slots]
        file.write_bytes(calendar(event(f"DTSTART:{slot.start:%Y%m%dT%H%M%SZ}", "DURATION:P14D", "SUMMARY:Travaux")))
        imported = await curative("rooms", "import", str(file), "--room", COUNCIL_ROOM)
        assert imported.exit_code == 0, imported.stderr
        assert all(slot_id in imported.stdout for slot_id in held)

        async def plans_anew() -> bool:
            slots = (await desk.show(case)).view.slots
            return any(each.slot_id not in held for each in slots)

        await until(plans_anew)
        words = [line for line in (await desk.show(case)).view.journal if line.kind == "site_scheduling"]
    assert [line.disposition for line in words] == ["taken"]


async def test_a_case_that_cannot_be_told_is_named_and_the_bookings_are_kept(
    curative: Curative, pool: asyncpg.Pool, file: Path
) -> None:
    await slots(pool, SLOT, at=TOMORROW)
    away = await curative("rooms", "import", str(file), "--room", ROOM, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert away.exit_code == 5
    assert CASE in away.stdout
    assert "import the file again" in away.stderr
    unknown = await curative("rooms", "import", str(file), "--room", ROOM)
    assert unknown.exit_code == 0
    assert "no case is known" in unknown.stdout


async def test_a_broken_file_imports_nothing_and_is_named(curative: Curative, file: Path) -> None:
    await curative("rooms", "import", str(file), "--room", ROOM)
    file.write_bytes(calendar(board("new"), event("SUMMARY:Board")))
    broken = await curative("rooms", "import", str(file), "--room", ROOM)
    assert broken.exit_code == 2
    assert "eiffel.ics: event 'Board'" in broken.stderr
    assert "Comité" in (await curative("rooms", "show", ROOM)).stdout


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--room", "NO-SUCH-ROOM"), 4, "`curative rooms list`"),
        (("--room", ROOM, "--until", "2020-01-01"), 2, "has passed"),
        (("--room", ROOM, "--until", "tomorrow"), 2, "'tomorrow' is not a day"),
    ],
)
async def test_each_wrong_thing_is_one_line_that_says_what_to_do(
    curative: Curative, file: Path, options: Sequence[str], code: int, said: str
) -> None:
    result = await curative("rooms", "import", str(file), *options)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert said in result.stderr
