"""The JSON of every command has the shape that docs/command-line.md shows."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from temporalio.worker import Worker

from database.registry_import import SAMPLE_DIRECTORY
from tests.database.visit_rows import ROOM, slots
from tests.starter.calendar_file import calendar, event
from tests.starter.conftest import Curative

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"
SHAPES: dict[str, Any] = {
    name: json.loads(example)
    for name, example in re.findall(r"<!-- shape: (\w+) -->\n```json\n(.*?)```", MANUAL.read_text(), re.DOTALL)
}


def assert_has_shape(value: Any, shape: Any, where: str) -> None:
    """The same keys at every depth; of a list, the first item stands for all; `{}` is shown elsewhere."""
    if isinstance(shape, dict) and shape:
        assert isinstance(value, dict), where
        assert sorted(value) == sorted(shape), where
        for key in shape:
            assert_has_shape(value[key], shape[key], f"{where}.{key}")
    elif isinstance(shape, list) and shape:
        assert isinstance(value, list), where
        for item in value:
            assert_has_shape(item, shape[0], f"{where}[]")


async def printed(curative: Curative, *arguments: str, json_option: str = "--json") -> Any:
    options = json_option.split()
    return json.loads((await curative(*arguments, *options)).stdout)


@pytest.fixture
async def case(curative: Curative, worker: Worker, serial_number: str) -> str:
    """The reference of an open case, whose report has the shape that the manual shows."""
    caller = ("--by", "A. Petit", "--symptom", "no picture")
    answer = await printed(curative, "report", "--serial", serial_number, *caller)
    assert_has_shape(answer, SHAPES["report"], "report")
    view_shape = {key: SHAPES["show"][key] for key in SHAPES["show"] if key not in ("source", "explanations")}
    assert_has_shape(answer["view"], view_shape, "report.view")
    return str(answer["reference"])


async def test_a_case(curative: Curative, case: str) -> None:
    shown = await printed(curative, "show", case, "--explain")
    assert_has_shape(shown, SHAPES["show"], "show")
    assert shown["promises"]
    assert shown["waits"]
    assert shown["journal"]
    assert "explanations" not in await printed(curative, "show", case)


async def test_a_message(curative: Curative, case: str) -> None:
    arguments = ("send", case, "note", "--json", '{"text": "x"}')
    assert_has_shape(await printed(curative, *arguments, json_option="--output json"), SHAPES["send"], "send")
    signal = await printed(curative, *arguments, "--signal", json_option="--output json")
    assert sorted(signal) == sorted(SHAPES["send"])


async def test_a_list(curative: Curative, case: str) -> None:
    assert_has_shape(await printed(curative, "list"), SHAPES["list"], "list")
    away = ("postgresql://x@127.0.0.1:1/x", "visibility")
    result = await curative("list", "--json", DATABASE_URL=away[0])
    visible = json.loads(result.stdout)
    assert_has_shape(visible, SHAPES["list"], "list")
    assert visible["source"] == away[1]


async def test_a_file_of_reports(curative: Curative, worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("serial_number,reported_by,symptom\nNO-SUCH-1,A. Petit,no picture\n")
    assert_has_shape(await printed(curative, "report", "--file", str(path)), SHAPES["report_file"], "report_file")


async def test_promises(curative: Curative) -> None:
    at = "2026-04-02T10:00:00+02:00"
    delivery = ("promise", "delivery", "--validated-at", at, "--site", "BRU-PAR")
    assert_has_shape(await printed(curative, *delivery), SHAPES["delivery"], "delivery")
    hours = ("promise", "business-hours", "--from", at, "--hours", "72", "--site", "BRU-PAR")
    assert_has_shape(await printed(curative, *hours), SHAPES["business_hours"], "business_hours")
    for name, arguments in (("delivery", delivery), ("business_hours", hours)):
        explained = await printed(curative, *arguments, "--explain")
        assert set(explained) - set(SHAPES[name]) == {"explanation", "explanation_lines"}


async def test_registry(curative: Curative, tmp_path: Path) -> None:
    directory = tmp_path / "registry"
    shutil.copytree(SAMPLE_DIRECTORY, directory)
    summary = await printed(curative, "registry", "import", str(directory))
    assert_has_shape(summary, SHAPES["registry_import"], "registry_import")
    (directory / "sites.csv").write_text("code\nX\n")
    for command in ("check", "import"):
        wrong = await printed(curative, "registry", command, str(directory))
        assert_has_shape(wrong, SHAPES["registry_check"], "registry_check")
        assert wrong["errors"]


async def test_rooms_and_visits(curative: Curative, pool: asyncpg.Pool, tmp_path: Path) -> None:
    start = datetime.now(UTC) + timedelta(days=1)
    await slots(pool, "a", at=start, technician="T-ADAM", state="chosen")
    path = tmp_path / "room.ics"
    path.write_bytes(calendar(event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H")))
    imported = await printed(curative, "rooms", "import", str(path), "--room", ROOM)
    assert_has_shape(imported, SHAPES["room_import"], "room_import")
    assert imported["visits"]
    assert_has_shape(await printed(curative, "rooms", "list"), SHAPES["rooms"], "rooms")
    room = await printed(curative, "rooms", "show", ROOM)
    assert_has_shape(room, SHAPES["room"], "room")
    assert room["bookings"]
    assert room["held"]
    visits = await printed(curative, "visits", "list")
    assert_has_shape(visits, SHAPES["visits"], "visits")
    assert visits["visits"]
