"""A report finds its way: to the serial number in service, to the open case, to the case that it recurs from."""

from datetime import date, datetime, timedelta

import asyncpg
import pytest

from activities.entitlement import EntitlementActivities
from database.cases import CaseStore, CaseWrite
from database.exchange import exchange
from database.registry import Registry
from domain.effects import EntitlementQuestion
from domain.entitlement import Entitlement
from tests.database.case_writes import COVERAGE, MONDAY, SERIAL_NUMBER, closed_view, write

NEW, NEWER = "FOC3020NEW1", "FOC3030NEW2"
PAST, OLDER = "CM-0000-0001", "CM-0000-0002"


@pytest.fixture
def activities(pool: asyncpg.Pool) -> EntitlementActivities:
    return EntitlementActivities(Registry(pool), CaseStore(pool))


async def ask(
    activities: EntitlementActivities, serial_number: str, at: datetime = MONDAY + timedelta(hours=1)
) -> Entitlement:
    return await activities.check_entitlement(
        EntitlementQuestion(serial_number=serial_number, reported_at=at, exception=None)
    )


async def replace(pool: asyncpg.Pool, removed: str, installed: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        assert await exchange(connection, removed, installed, MONDAY)


async def past_case(pool: asyncpg.Pool, reference: str, serial_number: str, closed_at: datetime) -> None:
    """A case of that serial number has closed."""
    changes = {"serial_number": serial_number, "customer": "BRUNEL", "site": "BRU-PAR"}
    view = closed_view(reference, closed_at).model_copy(update=changes)
    await CaseStore(pool).record(CaseWrite(version=1, view=view, coverage=COVERAGE))


async def test_what_a_visit_needs_is_on_the_equipments_card(activities: EntitlementActivities) -> None:
    answer = await ask(activities, "RMX18-2335-48599")
    assert answer.equipment is not None
    assert (answer.equipment.skills, answer.equipment.region) == (("poly", "infrastructure"), "hauts_de_france")
    assert (answer.belongs_to, answer.recurrence_of) == (None, None)


async def test_a_report_on_an_exchanged_serial_number_belongs_to_the_one_in_service(
    activities: EntitlementActivities, pool: asyncpg.Pool
) -> None:
    await replace(pool, SERIAL_NUMBER, NEW)
    await replace(pool, NEW, NEWER)
    for serial_number in (SERIAL_NUMBER, NEW):
        answer = await ask(activities, serial_number)
        assert (answer.belongs_to, answer.coverage) == (NEWER, None)
    assert (await ask(activities, NEWER)).coverage is not None


async def test_a_report_on_what_was_just_installed_belongs_to_the_open_case_that_installed_it(
    activities: EntitlementActivities, pool: asyncpg.Pool
) -> None:
    await CaseStore(pool).record(write(1, serial_number=SERIAL_NUMBER, stage="on_site"))
    await replace(pool, SERIAL_NUMBER, NEW)
    assert (await ask(activities, NEW)).belongs_to == SERIAL_NUMBER


async def test_a_report_on_anything_that_stood_in_the_place_belongs_to_the_case_that_is_open_for_it(
    activities: EntitlementActivities, pool: asyncpg.Pool
) -> None:
    """Exchanged twice by the case that is open: none of the three opens a case of its own on the way."""
    await CaseStore(pool).record(write(1, serial_number=SERIAL_NUMBER, stage="on_site"))
    await replace(pool, SERIAL_NUMBER, NEW)
    await replace(pool, NEW, NEWER)
    assert [(await ask(activities, known)).belongs_to for known in (NEW, NEWER)] == [SERIAL_NUMBER] * 2


async def test_two_fresh_cases_never_send_a_report_to_and_fro(
    activities: EntitlementActivities, pool: asyncpg.Pool
) -> None:
    """The case on the old serial number is in the read model, registered only: it is about to hand the report over."""
    await CaseStore(pool).record(write(1, serial_number=SERIAL_NUMBER))
    await replace(pool, SERIAL_NUMBER, NEW)
    assert (await ask(activities, SERIAL_NUMBER)).belongs_to == NEW
    assert (await ask(activities, NEW)).belongs_to is None


@pytest.mark.parametrize("exchanged", [False, True], ids=["the same serial number", "what took its place"])
async def test_a_report_soon_after_the_closing_inherits_the_coverage_though_the_contract_has_ended(
    activities: EntitlementActivities, pool: asyncpg.Pool, exchanged: bool
) -> None:
    await past_case(pool, OLDER, SERIAL_NUMBER, MONDAY - timedelta(days=1))
    await past_case(pool, PAST, SERIAL_NUMBER, MONDAY)
    await pool.execute("update contracts set ends_on = $1 where reference = 'CTR-2024-0112'", date(2026, 6, 7))
    if exchanged:
        await replace(pool, SERIAL_NUMBER, NEW)
    answer = await ask(activities, NEW if exchanged else SERIAL_NUMBER)
    assert answer.recurrence_of == PAST
    assert answer.coverage == COVERAGE.model_copy(update={"basis": f"recurrence of {PAST}"})
    assert answer.equipment is not None
    assert answer.equipment.type == "Cisco Webex Room Kit Pro"


async def test_a_report_long_after_the_closing_is_judged_by_the_contract(
    activities: EntitlementActivities, pool: asyncpg.Pool
) -> None:
    await past_case(pool, PAST, SERIAL_NUMBER, MONDAY)
    answer = await ask(activities, SERIAL_NUMBER, MONDAY + timedelta(days=8))
    assert answer.recurrence_of is None
    assert answer.coverage is not None
    assert answer.coverage.basis == "contract"


async def test_what_the_registry_does_not_know_is_rejected(activities: EntitlementActivities) -> None:
    assert (await ask(activities, "UNKNOWN-1")).rejected_because == "serial number UNKNOWN-1 is not in the registry"
