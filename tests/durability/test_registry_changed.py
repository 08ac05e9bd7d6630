"""The registry changes under an open case: the case keeps the terms and the calendars it was opened under (R14)."""

import json

import asyncpg
import pytest

from tests.durability.installation import Installation
from tests.workflows.case_story import CaseStory, instant, paris

SERIAL_NUMBER = "FOC2735Y3TT"
NEXT_SERIAL_NUMBER = "FTT2608B2KR"
OPENED = paris("mon 10 10:00")

HARSHER_TERMS = {"level_2_diagnosis": "PT1H", "transit_days": {"metropole": 9}, "slots_offered": 1}
OTHER_CALENDAR = {"week": {"mon": [["09:00", "12:00"]], "fri": [["09:00", "12:00"]]}, "revision": "2027-2"}


async def _change_the_registry(database: asyncpg.Connection) -> None:
    """Other terms, other hours for everybody, and a contract that ended long ago."""
    await database.execute("update contracts set terms = terms || $1::jsonb", json.dumps(HARSHER_TERMS))
    await database.execute("update calendars set spec = spec || $1::jsonb", json.dumps(OTHER_CALENDAR))
    await database.execute("update contracts set ends_on = '2026-12-31'")


@pytest.fixture
async def case(installation: Installation, database: asyncpg.Connection) -> CaseStory:
    """A case that was open when the registry changed."""
    await installation.start_worker()
    opened = await installation.open_case(SERIAL_NUMBER, OPENED)
    await _change_the_registry(database)
    return opened


async def _due(case: CaseStory, promise: str) -> object:
    return instant((await case.promise(promise))["due_at"])


async def test_an_open_case_keeps_its_terms_and_calendars(case: CaseStory) -> None:
    """Four hours for level 2, delivery by Tuesday 18:00, three slots inside the old hours."""
    await case.at(paris("mon 10 11:00"))
    await case.diagnosed(1, "escalate", at=paris("mon 10 10:30").isoformat())
    assert await _due(case, "level_2_diagnosis") == paris("mon 10 14:30")
    await case.hardware_has_failed()
    await case.approved(paris("mon 10 11:00"))
    await case.reaches("shipment")
    assert await _due(case, "replacement_delivery") == paris("tue 11 18:00")
    await case.say("shipment", status="delivered")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert len(view["slots"]) == 3


async def test_a_paused_promise_runs_on_by_the_calendar_it_was_made_under(
    installation: Installation, database: asyncpg.Connection
) -> None:
    """Logs are awaited from Monday 11:00 to Tuesday 09:00: eight hours of the old calendar are added."""
    await installation.start_worker()
    case = await installation.open_case("WZP27155V3Y", OPENED, impact="blocking")
    await case.at(paris("mon 10 11:00"))
    await case.diagnosed(2, "logs_needed", at=paris("mon 10 11:00").isoformat())
    await _change_the_registry(database)
    await case.at(paris("tue 11 09:00"))
    file = {"name": "bridge.log", "uri": "file:///logs/bridge.log", "sha256": "0" * 64}
    await case.say("logs_provided", files=[file], at=paris("tue 11 09:00").isoformat())
    assert await _due(case, "level_2_diagnosis") == paris("tue 11 12:00")


async def test_the_next_case_opens_under_what_the_registry_says_now(
    installation: Installation, case: CaseStory
) -> None:
    refused = await installation.open_case(NEXT_SERIAL_NUMBER, OPENED)
    closed = await refused.handle.result()
    assert closed["outcome"] == "rejected"
    assert "is not in force on 2027-05-10 (2024-01-01 to 2026-12-31)" in closed["outcome_reason"]
