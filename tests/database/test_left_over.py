"""A closed case holds nothing, whatever a worker that died had taken for it (SPEC §7.3)."""

from datetime import timedelta

import asyncpg

from database.cases import CaseStore, CaseWrite
from database.loans import LoanPool
from database.stock import Stock
from domain.effects import EffectKey, LoanRequest, StockRequest
from tests.database.case_writes import MONDAY, REFERENCE, closed_view, write
from tests.database.visit_rows import OTHER_CASE, slots

GROUP_500 = "Poly RealPresence Group 500"
CLOSED_AT = MONDAY + timedelta(hours=9)


def loan(case: str, hours: int) -> LoanRequest:
    """Promised for so many hours after eight on Monday."""
    key, due_at = EffectKey(case=case, round=1, step="loan-1"), MONDAY + timedelta(hours=hours)
    return LoanRequest(key=key, now=MONDAY, equipment_type=GROUP_500, site="BRU-PAR", promised_for=due_at)


async def take_all_sorts(pool: asyncpg.Pool, case: str) -> str:
    """An offered slot, a part of our stock, and the only loan unit that there is."""
    await slots(pool, f"{case}.1", case=case, technician="T-ADAM")
    key = EffectKey(case=case, round=1, step="stock-1")
    await Stock(pool).reserve(StockRequest(key=key, now=MONDAY, site="BRU-PAR", articles=("CS-TOUCH10-K9",)))
    await pool.execute("delete from loan_units where serial_number <> 'FOC2811NH3P'")
    unit = (await LoanPool(pool).reserve(loan(case, 1), f"curative-{case}")).unit
    assert unit is not None
    return unit.serial_number


async def held_by(pool: asyncpg.Pool, case: str) -> list[str]:
    """How things stand that the case has, or had."""
    return [
        await pool.fetchval(f"select state from {table} where case_reference = $1", case)
        for table in ("visit_slots", "stock_reservations", "loans")
    ]


async def test_the_last_write_of_a_case_lets_go_of_what_it_holds_and_says_whom_that_serves(pool: asyncpg.Pool) -> None:
    cases, before = CaseStore(pool), await pool.fetch("select * from stock order by location, article")
    unit = await take_all_sorts(pool, REFERENCE)
    assert (await LoanPool(pool).reserve(loan(OTHER_CASE, 2), f"curative-{OTHER_CASE}")).unit is None
    assert await cases.record(write(1)) == ()
    assert await held_by(pool, REFERENCE) == ["offered", "reserved", "reserved"]
    last = CaseWrite(version=2, view=closed_view(REFERENCE, CLOSED_AT))
    (served,) = await cases.record(last)
    assert (served.workflow_id, served.unit.serial_number) == (f"curative-{OTHER_CASE}", unit)
    assert await held_by(pool, REFERENCE) == ["declined", "given_back", "called_off"]
    assert await pool.fetch("select * from stock order by location, article") == before
    assert await cases.record(last) == ()


async def test_what_others_hold_is_theirs(pool: asyncpg.Pool) -> None:
    await take_all_sorts(pool, OTHER_CASE)
    assert await CaseStore(pool).record(CaseWrite(version=1, view=closed_view(REFERENCE, CLOSED_AT))) == ()
    assert await held_by(pool, OTHER_CASE) == ["offered", "reserved", "reserved"]
