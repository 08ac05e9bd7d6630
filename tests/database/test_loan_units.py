"""Units that are lost or out of order are lent to nobody, and come back into service by somebody's word (R8)."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from database.loan_units import LoanUnits, PutBack
from database.loans import LoanPool
from domain.effects import LoanMove, LoanStep
from tests.database.test_loans import NOON, ROOM_KIT_PRO_IN_PARIS, ask, key, lend_all, move, request, unit_of

LATER = NOON + timedelta(days=3)


@pytest.fixture
def loans(pool: asyncpg.Pool) -> LoanPool:
    return LoanPool(pool)


@pytest.fixture
def units(pool: asyncpg.Pool) -> LoanUnits:
    return LoanUnits(pool)


def back(serial_number: str = ROOM_KIT_PRO_IN_PARIS, at: datetime = LATER) -> PutBack:
    return PutBack(serial_number=serial_number, now=at, reason="new power supply", actor="coordinator:Noor")


async def standing(units: LoanUnits, serial_number: str = ROOM_KIT_PRO_IN_PARIS) -> tuple[str, str | None]:
    (unit,) = await units.list(serial_number)
    return unit.state, unit.because


async def returned(loans: LoanPool, number: int, fault: str | None = "no picture") -> int:
    """The unit of that case comes back; how many in line that serves."""
    return len(await loans.move(LoanMove(loan=key(number), now=NOON, step=LoanStep.RETURNED, fault=fault)))


async def test_a_unit_that_comes_back_damaged_is_lent_to_nobody_until_it_is_put_back(
    loans: LoanPool, units: LoanUnits, pool: asyncpg.Pool
) -> None:
    await lend_all(loans)
    await ask(loans, request(4))
    assert await returned(loans, 1) == 0
    assert await standing(units) == ("out_of_order", "no picture")
    assert (await ask(loans, request(5))).unit is None
    assert await units.put_back(back())
    assert await unit_of(loans, 4) == ROOM_KIT_PRO_IN_PARIS
    assert await standing(units) == ("reserved", None)
    assert [each.workflow_id for each in await units.served_by(ROOM_KIT_PRO_IN_PARIS)] == [f"curative-{key(4).case}"]
    row = await pool.fetchrow("select was, reason, actor, at from loan_units_put_back")
    assert tuple(row) == ("out_of_order", "new power supply", "coordinator:Noor", LATER)


async def test_one_that_comes_back_good_is_lent_again_at_once(loans: LoanPool, units: LoanUnits) -> None:
    await lend_all(loans)
    await ask(loans, request(4))
    assert await returned(loans, 1, fault=None) == 1
    assert await unit_of(loans, 4) == ROOM_KIT_PRO_IN_PARIS


async def test_a_lost_unit_that_turns_up_is_in_the_pool_again(loans: LoanPool, units: LoanUnits) -> None:
    await lend_all(loans)
    await ask(loans, request(4))
    await move(loans, 1, LoanStep.DISPATCHED, LoanStep.LOST)
    assert await standing(units) == ("lost", None)
    assert await units.put_back(back())
    assert await unit_of(loans, 4) == ROOM_KIT_PRO_IN_PARIS


async def test_what_is_in_service_is_not_put_back_and_whoever_was_served_can_be_told_once_more(
    loans: LoanPool, units: LoanUnits, pool: asyncpg.Pool
) -> None:
    await lend_all(loans)
    assert not await units.put_back(back())
    assert await units.served_by(ROOM_KIT_PRO_IN_PARIS) == []
    await ask(loans, request(4))
    await returned(loans, 1)
    assert await units.put_back(back())
    assert not await units.put_back(back(at=LATER + timedelta(hours=1)))
    assert len(await units.served_by(ROOM_KIT_PRO_IN_PARIS)) == 1
    await move(loans, 4, LoanStep.DISPATCHED)
    assert await units.served_by(ROOM_KIT_PRO_IN_PARIS) == []
    assert await pool.fetchval("select count(*) from loan_units_put_back") == 1


async def test_one_that_nobody_waits_for_is_free(loans: LoanPool, units: LoanUnits) -> None:
    await ask(loans, request(1))
    await returned(loans, 1)
    assert await units.put_back(back())
    assert await standing(units) == ("free", None)
    assert await units.served_by(ROOM_KIT_PRO_IN_PARIS) == []


@pytest.mark.parametrize(
    "mark",
    ["lost_at = $1", "out_of_order_at = $1, out_of_order_because = 'dropped'"],
    ids=["lost", "out of order"],
)
async def test_the_database_itself_refuses_to_lend_it(loans: LoanPool, pool: asyncpg.Pool, mark: str) -> None:
    """Neither can it be reserved, nor can it be marked while somebody has it reserved."""
    await ask(loans, request(1))
    marking = f"update loan_units set {mark} where serial_number = '{ROOM_KIT_PRO_IN_PARIS}'"
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await pool.execute(marking, datetime.now(UTC))
    await move(loans, 1, LoanStep.RETURNED)
    await pool.execute(marking, datetime.now(UTC))
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await pool.execute("update loans set state = 'reserved'")


async def test_what_is_out_of_order_has_a_reason(pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("update loan_units set out_of_order_at = now()")
