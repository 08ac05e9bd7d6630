"""What must be true once all cases of a history and all their returns have ended: everything is somewhere, once."""

from collections import Counter
from collections.abc import Sequence

import asyncpg

from database.returns import ReturnStore
from domain.case import CaseState, Outcome, Stage
from tests.engine.neighbourhood import NeighbourhoodOnEngine
from tests.engine.own_registry import OwnRegistry

_PARTS = """
select (select coalesce(sum(quantity), 0) from stock where article like '%' || $1) as free,
       (select coalesce(sum(quantity), 0) from stock_reservations where article like '%' || $1 and state = 'used')
           as used
"""

_LOANS = """
select loan.*, followed.return_id
from loans loan
left join returns followed
    on (loan_case_reference, loan_round, loan_step) = (loan.case_reference, loan.round, loan.step)
where loan.case_reference = any($1::text[])
"""

_UNITS = """
select unit.serial_number, unit.lost_at,
       exists (select from loans where loans.unit = unit.serial_number
               and state in ('reserved', 'dispatched', 'in_service', 'returning')) as is_lent
from loan_units unit where unit.type like '%' || $1 or unit.type like '%' || $1 || '+'
"""

_ORDERS = """
select * from orders where case_reference = $1 and round = $2 and subject = 'replacement'
order by ordered_at, length(step), step
"""

_TRANSPORTS = "select count(*) from orders where case_reference = $1 and subject = 'loan' and called_off_at is null"

_REQUESTS = "select * from vendor_requests where case_reference = $1 and round = $2 and called_off_at is null"


async def all_is_settled(around: NeighbourhoodOnEngine, registry: OwnRegistry, pool: asyncpg.Pool) -> None:
    """Judge what the cases know themselves, and what became of parts, loan units, returns, orders and reports."""
    cases = around.states()
    for case in cases:
        nothing_is_left_to_do(case)
        await what_was_begun_is_called_off(case, pool)
    each_moved_report_is_with_one_other_case(cases)
    free, used = await pool.fetchrow(_PARTS, registry.suffix)
    assert free + used == registry.parts, (free, used, registry.parts)
    await the_returns_have_ended(around, pool)
    await the_loan_units_are_free_or_lost(cases, registry, pool)


def nothing_is_left_to_do(case: CaseState) -> None:
    """No commitment, no message, no letter, no loan is open; numbers are given once."""
    assert not case.commitments, case.commitments
    assert not case.pending, case.pending
    assert not case.letters, case.letters
    assert case.loan is None or not case.loan.is_open, case.loan
    assert not [slot for slot in case.slots if slot.is_held], case.slots
    for numbered in ([promise.id for promise in case.promises], [slot.slot_id for slot in case.slots]):
        assert len(numbered) == len(set(numbered)), numbered
    numbers = [round_.number for round_ in case.rounds]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers


async def what_was_begun_is_called_off(case: CaseState, pool: asyncpg.Pool) -> None:
    """A case that does not go on needs no replacement: neither approved, nor shipped; what has left comes back."""
    was_at = next(line.text for line in reversed(case.journal) if line.text.startswith("stage ") or line.sequence == 1)
    if case.outcome not in (Outcome.CANCELLED, Outcome.MOVED) or was_at.startswith(f"stage {Stage.RESTORED}"):
        return
    number = case.round.number
    requests = await pool.fetch(_REQUESTS, case.reference, number)
    assert not requests, requests
    is_ordered = was_at.startswith(("stage shipment", "stage site_scheduling", "stage on_site"))
    orders = await pool.fetch(_ORDERS, case.reference, number) if is_ordered else []
    if orders and case.round.dispatched_at is None:
        assert orders[-1]["called_off_at"] is not None, orders
    elif orders:
        back = await pool.fetch(
            "select * from returns where case_reference = $1 and kind = 'unused_part'", case.reference
        )
        assert back, orders


def each_moved_report_is_with_one_other_case(cases: Sequence[CaseState]) -> None:
    """The case that the moved one names has its report; no other one has."""
    for moved in (case for case in cases if case.outcome is Outcome.MOVED):
        assert moved.outcome_reason is not None
        named = [case for case in cases if case is not moved and case.reference in moved.outcome_reason]
        opened = [case for case in cases if case.moved_from == moved.reference]
        assert len(named) == 1, (moved.outcome_reason, [case.reference for case in cases])
        assert opened in ([], named), (opened, named)
    references = Counter(case.reference for case in cases)
    assert set(references.values()) == {1}, references


async def the_returns_have_ended(around: NeighbourhoodOnEngine, pool: asyncpg.Pool) -> None:
    """Received or lost, as the read model says too; a return is of something, and is followed once."""
    for followed in around.returns():
        ended = await followed.handle.result()
        assert ended["state"] in ("received", "lost"), ended
        recorded = await ReturnStore(pool).find(ended["return_id"])
        assert recorded is not None
        told = {name: recorded.get(name) for name in ended if name not in ("journal", "run_id", "due_at")}
        assert told == {name: ended[name] for name in told}, (told, ended)
    ids = Counter(followed.handle.id for followed in around.returns())
    assert not ids or set(ids.values()) == {1}, ids


async def the_loan_units_are_free_or_lost(
    cases: Sequence[CaseState], registry: OwnRegistry, pool: asyncpg.Pool
) -> None:
    """Every loan has ended; each unit that left the house came back by a return, or was lost on the way there.

    No carrier is still to come for one that has not left.
    """
    loans = await pool.fetch(_LOANS, [case.reference for case in cases])
    for loan in loans:
        assert loan["state"] in ("returned", "called_off", "lost"), loan
        assert loan["state"] != "returned" or loan["return_id"] is not None, loan
        assert loan["state"] != "called_off" or loan["return_id"] is None, loan
    for case in cases:
        transports = await pool.fetchval(_TRANSPORTS, case.reference)
        left = [loan for loan in loans if loan["case_reference"] == case.reference and loan["state"] != "called_off"]
        assert transports <= len(left), (transports, left)
    for unit in await pool.fetch(_UNITS, registry.suffix):
        assert not unit["is_lent"], unit
