"""`curative visits`: the visits that were agreed, as a list and as a calendar file."""

import json
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest
from icalendar import Calendar

from tests.database.visit_rows import OTHER_CASE, slots
from tests.starter.conftest import Curative


@pytest.fixture
async def visits(pool: asyncpg.Pool) -> None:
    """Claire Adam and Karim Benali each have one."""
    await slots(pool, "a", technician="T-ADAM", state="chosen")
    await slots(pool, "b", case=OTHER_CASE, room="BRU-PAR-402", technician="T-BENALI", state="chosen")


@pytest.mark.usefixtures("visits")
async def test_visits_are_listed_in_the_time_of_their_site(curative: Curative) -> None:
    listed = await curative("visits", "list", "--technician", "T-ADAM")
    assert listed.exit_code == 0
    assert "Tue 9 Jun 2026 10:00" in listed.stdout
    assert "Claire Adam" in listed.stdout
    assert "Benali" not in listed.stdout


@pytest.mark.usefixtures("visits")
async def test_visits_are_exported_to_stdout_or_a_file(curative: Curative, tmp_path: Path) -> None:
    exported = await curative("visits", "export", "--case", OTHER_CASE.lower())
    assert [event["UID"] for event in Calendar.from_ical(exported.stdout_bytes).events] == ["b@curative"]
    file = tmp_path / "visits.ics"
    written = await curative("visits", "export", "-o", str(file))
    assert (written.exit_code, written.stdout) == (0, "")
    assert [event["UID"] for event in Calendar.from_ical(file.read_bytes()).events] == ["a@curative", "b@curative"]


async def test_where_no_visit_matches_the_list_says_so_and_the_calendar_is_empty(curative: Curative) -> None:
    assert "No visit matches." in (await curative("visits", "list")).stdout
    exported = await curative("visits", "export", "--site", "BRU-LIL", "--from", "2026-06-09", "--until", "2026-06-09")
    assert Calendar.from_ical(exported.stdout_bytes).events == []
    assert json.loads((await curative("visits", "list", "--json")).stdout) == {"visits": []}


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--technician", "T-NOBODY"), 4, "T-ADAM"),
        (("--site", "NOWHERE"), 4, "BRU-PAR"),
        (("--case", "FOC2735Y3TT"), 2, "CM-7K3Q-9XTB"),
        (("--from", "2026-06-09", "--until", "2026-06-08"), 2, "before --from"),
        (("--from", "9 June"), 2, "2026-06-11"),
        (("-o", "/no/such/directory/visits.ics"), 2, "cannot be written"),
    ],
)
async def test_each_wrong_thing_is_one_line_that_says_what_to_do(
    curative: Curative, options: Sequence[str], code: int, said: str
) -> None:
    result = await curative("visits", "export", *options)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert said in result.stderr
