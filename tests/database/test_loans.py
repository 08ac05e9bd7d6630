"""Loan equipment: never the same unit twice, and the oldest promise in line is served first (R8)."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.loans import LoanActivities
from database.loans import LoanPool
from domain.effects import EffectKey, LoanAnswer, LoanGranted, LoanMove, LoanRequest, LoanStep, LoanUnit

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
GROUP_500, ISDN_GATEWAY = "Poly RealPresence Group 500", "Cisco ISDN Gateway 3241"
ROOM_KIT_PRO_IN_PARIS, G7500_IN_LYON, ROOM_KIT_PRO_IN_LA_REUNION = "FOC2811NH3P", "8L2401A99F31DV", "FOC2809V2EG"
GROUP_500_UNITS = (ROOM_KIT_PRO_IN_PARIS, G7500_IN_LYON, ROOM_KIT_PRO_IN_LA_REUNION)
"""What has the features of a Group 500, from Paris the nearest first."""


@pytest.fixture
def pool_of_units(pool: asyncpg.Pool) -> LoanPool:
    return LoanPool(pool)


def key(number: int) -> EffectKey:
    """The loan of case `number`; its reference counts down, so that no order by reference is that by promise."""
    return EffectKey(case=f"CM-0000-{10_000 - number}", round=1, step="loan-1")


def number_of(loan: EffectKey) -> int:
    return 10_000 - int(loan.case[-4:])


def request(
    number: int, promised: int | None = None, equipment_type: str = GROUP_500, site: str = "BRU-PAR"
) -> LoanRequest:
    """The demand of case `number`, promised for that many hours after noon; as many as its number, else."""
    promised_for = NOON + timedelta(hours=number if promised is None else promised)
    return LoanRequest(key=key(number), now=NOON, equipment_type=equipment_type, site=site, promised_for=promised_for)


async def ask(units: LoanPool, of: LoanRequest) -> LoanAnswer:
    return await units.reserve(of, f"curative-{of.key.case}")


async def unit_of(units: LoanPool, number: int) -> str | None:
    unit = (await units.find(key(number))).unit
    return unit.serial_number if unit else None


async def move(units: LoanPool, number: int, *steps: LoanStep) -> list[str]:
    """The cases that are served by the last of the steps, with their units."""
    granted: tuple[LoanGranted, ...] = ()
    for step in steps:
        granted = await units.move(LoanMove(loan=key(number), now=NOON, step=step))
    return [f"{number_of(each.loan)} {each.unit.serial_number}" for each in granted]


async def lend_all(units: LoanPool) -> None:
    """Cases 1 to 3 have every unit that serves a Group 500; those after them wait."""
    for number in (1, 2, 3):
        assert (await ask(units, request(number))).unit is not None


@pytest.mark.parametrize(
    ("equipment_type", "site", "unit"),
    [
        (GROUP_500, "BRU-PAR", "FOC2811NH3P Cisco Webex Room Kit Pro DEPOT-PARIS"),
        (GROUP_500, "RHO-FEY", "8L2401A99F31DV Poly G7500 DEPOT-LYON"),
        (GROUP_500, "AUS-RUN", "FOC2809V2EG Cisco Webex Room Kit Pro DEPOT-SAINT-DENIS"),
        ("Cisco Expressway-C", "RHO-LYO", "52B1709D Cisco Expressway-E DEPOT-PARIS"),
    ],
    ids=["Paris", "Feyzin, of another make", "La Réunion", "from the only depot that has one"],
)
async def test_the_nearest_unit_with_at_least_the_same_features_is_reserved(
    pool_of_units: LoanPool, equipment_type: str, site: str, unit: str
) -> None:
    answer = await ask(pool_of_units, request(1, equipment_type=equipment_type, site=site))
    assert answer.unit is not None
    assert f"{answer.unit.serial_number} {answer.unit.type} {answer.unit.location}" == unit
    assert await pool_of_units.find(key(1)) == answer


async def test_a_reservation_happens_once(pool_of_units: LoanPool, pool: asyncpg.Pool) -> None:
    answers = await asyncio.gather(*[ask(pool_of_units, request(1)) for _ in range(5)])
    assert len({answer.model_dump_json() for answer in answers}) == 1
    assert await pool.fetchval("select count(*) from loans") == 1


async def test_who_finds_no_unit_waits_in_line_by_promise(pool_of_units: LoanPool) -> None:
    await lend_all(pool_of_units)
    assert await ask(pool_of_units, request(5)) == LoanAnswer(unit=None, place_in_line=1)
    assert await ask(pool_of_units, request(6)) == LoanAnswer(unit=None, place_in_line=2)
    assert await ask(pool_of_units, request(4)) == LoanAnswer(unit=None, place_in_line=1)
    assert (await pool_of_units.find(key(6))).place_in_line == 3


async def test_what_comes_back_goes_to_the_oldest_promise_and_the_answer_says_whom_to_tell(
    pool_of_units: LoanPool,
) -> None:
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(6))
    await ask(pool_of_units, request(5))
    back = LoanMove(loan=key(1), now=NOON, step=LoanStep.RETURNED)
    unit = LoanUnit(serial_number=ROOM_KIT_PRO_IN_PARIS, type="Cisco Webex Room Kit Pro", location="DEPOT-PARIS")
    expected = (LoanGranted(workflow_id=f"curative-{key(5).case}", loan=key(5), unit=unit),)
    assert await asyncio.gather(*[pool_of_units.move(back) for _ in range(3)]) == [expected] * 3
    assert await unit_of(pool_of_units, 5) == ROOM_KIT_PRO_IN_PARIS
    assert await unit_of(pool_of_units, 1) is None
    assert await pool_of_units.find(key(6)) == LoanAnswer(unit=None, place_in_line=1)


async def test_a_reservation_that_is_called_off_goes_to_the_next_in_line(pool_of_units: LoanPool) -> None:
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(4))
    assert await move(pool_of_units, 2, LoanStep.CALLED_OFF) == [f"4 {G7500_IN_LYON}"]


async def test_who_called_off_while_waiting_is_not_served_any_more(pool_of_units: LoanPool) -> None:
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(4))
    assert await move(pool_of_units, 4, LoanStep.CALLED_OFF) == []
    assert await move(pool_of_units, 1, LoanStep.RETURNED) == []
    assert await pool_of_units.find(key(4)) == LoanAnswer(unit=None)


async def test_the_unit_stays_with_the_case_until_it_is_back(pool_of_units: LoanPool) -> None:
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(4))
    for step in (LoanStep.DISPATCHED, LoanStep.IN_SERVICE, LoanStep.RETURNING):
        assert await move(pool_of_units, 1, step) == []
        assert await unit_of(pool_of_units, 1) == ROOM_KIT_PRO_IN_PARIS
    assert await move(pool_of_units, 1, LoanStep.RETURNED) == [f"4 {ROOM_KIT_PRO_IN_PARIS}"]


async def test_what_has_left_the_house_cannot_be_called_off(pool_of_units: LoanPool) -> None:
    await ask(pool_of_units, request(1))
    await move(pool_of_units, 1, LoanStep.DISPATCHED, LoanStep.CALLED_OFF)
    assert await unit_of(pool_of_units, 1) == ROOM_KIT_PRO_IN_PARIS


async def test_a_loan_never_goes_back(pool_of_units: LoanPool, pool: asyncpg.Pool) -> None:
    await ask(pool_of_units, request(1))
    await move(pool_of_units, 1, LoanStep.RETURNED, LoanStep.DISPATCHED, LoanStep.RETURNING, LoanStep.LOST)
    assert await pool.fetchval("select state from loans") == "returned"


async def test_a_lost_unit_leaves_the_pool(pool_of_units: LoanPool) -> None:
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(4))
    assert await move(pool_of_units, 1, LoanStep.DISPATCHED, LoanStep.LOST) == []
    assert await unit_of(pool_of_units, 1) is None
    assert await move(pool_of_units, 1, LoanStep.RETURNED) == []


async def test_a_newcomer_does_not_take_what_somebody_older_in_line_could_use(
    pool_of_units: LoanPool, pool: asyncpg.Pool
) -> None:
    """The unit is new in the pool, and nobody has told the one who waits yet."""
    await lend_all(pool_of_units)
    await ask(pool_of_units, request(4))
    await pool.execute(
        "insert into loan_units select 'NEW-1', type, location from loan_units where type = 'Poly G7500'"
    )
    assert await ask(pool_of_units, request(5)) == LoanAnswer(unit=None, place_in_line=1)
    assert await move(pool_of_units, 1, LoanStep.DISPATCHED) == ["4 NEW-1"]


async def test_who_waits_for_other_features_overtakes_nobody(pool_of_units: LoanPool) -> None:
    assert await ask(pool_of_units, request(1, equipment_type=ISDN_GATEWAY)) == LoanAnswer(unit=None, place_in_line=1)
    assert (await ask(pool_of_units, request(2))).unit is not None


async def test_what_was_never_asked_for_is_not_found_and_moving_it_changes_nothing(pool_of_units: LoanPool) -> None:
    assert await pool_of_units.find(key(9)) == LoanAnswer(unit=None)
    assert await move(pool_of_units, 9, LoanStep.CALLED_OFF) == []


async def test_thirty_at_once_who_want_three_units_are_all_served_in_the_order_of_their_promises(
    pool_of_units: LoanPool, pool: asyncpg.Pool
) -> None:
    order = random.Random(8).sample(range(1, 31), 30)
    answers = await asyncio.gather(*[ask(pool_of_units, request(number)) for number in order])
    have = {number for number, answer in zip(order, answers, strict=True) if answer.unit is not None}
    assert {await unit_of(pool_of_units, number) for number in have} == set(GROUP_500_UNITS)

    line, served = sorted(set(order) - have), []
    while have:
        back = [LoanMove(loan=key(number), now=NOON, step=LoanStep.RETURNED) for number in have]
        granted = [each for answer in await asyncio.gather(*map(pool_of_units.move, back)) for each in answer]
        have = {number_of(each.loan) for each in granted}
        assert [await unit_of(pool_of_units, number) for number in sorted(have)] == [
            each.unit.serial_number for each in sorted(granted, key=lambda each: number_of(each.loan))
        ]
        assert len(have) == len(granted)
        served.append(sorted(have))
    assert [number for batch in served for number in batch] == line
    assert await pool.fetchval("select count(*) from loans where state = 'returned'") == 30


@pytest.mark.parametrize(
    "twice",
    [
        "update loans set unit = (select unit from loans where unit is not null limit 1)",
        "update loans set unit = null",
        "update loans set state = 'waiting'",
    ],
    ids=["one unit with two cases", "reserved without a unit", "waiting with one"],
)
async def test_the_database_itself_refuses(pool_of_units: LoanPool, pool: asyncpg.Pool, twice: str) -> None:
    await ask(pool_of_units, request(1))
    await ask(pool_of_units, request(2))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(twice)


async def test_the_case_that_waits_is_the_workflow_that_asked(pool_of_units: LoanPool) -> None:
    environment, activities = ActivityEnvironment(), LoanActivities(pool_of_units)
    environment.info = replace(environment.info, workflow_id="curative-FOC2735Y3TT")
    await lend_all(pool_of_units)
    assert (await environment.run(activities.reserve_loan_unit, request(4))).place_in_line == 1
    assert (await activities.find_loan(key(4))).place_in_line == 1
    (granted,) = await activities.move_loan(LoanMove(loan=key(1), now=NOON, step=LoanStep.RETURNED))
    assert granted.workflow_id == "curative-FOC2735Y3TT"
