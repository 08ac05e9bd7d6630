"""Loans of the pool's units: never the same unit twice, and nobody is overtaken in line (R8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
from pydantic import JsonValue, TypeAdapter

from database.effects import Effects
from domain.effects import EffectKey, LoanAnswer, LoanGranted, LoanMove, LoanRequest, LoanStep, LoanUnit
from domain.loan_line import Demand, PoolUnit, allot, place_in_line
from domain.nearness import Position

_GRANTED = TypeAdapter(tuple[LoanGranted, ...])

# One at a time at the counter of the pool: who is served depends on the whole line and on every free unit.
_QUEUE = "select pg_advisory_xact_lock(7250836102946320)"

_ASK = """
insert into loans (case_reference, round, step, workflow_id, equipment_type, site, promised_for, asked_at, state,
                   moved_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $8)
"""

_LINE = """
select loan.case_reference, loan.round, loan.step, loan.workflow_id, loan.equipment_type, type.features,
       site.code, site.region, site.latitude, site.longitude
from loans loan
join equipment_types type on type.name = loan.equipment_type
join sites site on site.code = loan.site
where loan.state = 'waiting'
order by loan.promised_for, loan.asked_at, loan.case_reference, loan.round, loan.step
"""

_POOL = """
select unit.serial_number, unit.type, type.features,
       depot.code, depot.region, depot.latitude, depot.longitude,
       not exists (select from loans where loans.unit = unit.serial_number
                   and state in ('reserved', 'dispatched', 'in_service', 'returning')) as is_free
from loan_units unit
join equipment_types type on type.name = unit.type
join locations depot on depot.code = unit.location
where unit.is_lendable
"""

_GRANT = """
update loans set state = 'reserved', unit = $4, moved_at = $5
where case_reference = $1 and round = $2 and step = $3 and state = 'waiting'
"""

_MOVE = """
update loans set state = $4, moved_at = $5
where case_reference = $1 and round = $2 and step = $3 and state = any($6::text[])
returning unit
"""

_HAS_SOME = "select exists (select from loans where case_reference = $1 and state in ('waiting', 'reserved'))"

_CALL_OFF_ALL = """
update loans set state = 'called_off', moved_at = $2
where case_reference = $1 and state in ('waiting', 'reserved') and asked_at <= $2
"""

_WAIT_ELSEWHERE = """
update loans set site = $4, promised_for = $5
where case_reference = $1 and round = $2 and step = $3 and state = 'waiting'
"""

_LOSE = "update loan_units set lost_at = $2 where serial_number = $1"

_MARK = "update loan_units set out_of_order_at = $2, out_of_order_because = $3 where serial_number = $1"

_FIND = """
select loan.state, unit.serial_number, unit.type, unit.location
from loans loan left join loan_units unit on unit.serial_number = loan.unit
where case_reference = $1 and round = $2 and step = $3
"""

_HAS_THE_UNIT = (LoanStep.RESERVED, LoanStep.DISPATCHED, LoanStep.IN_SERVICE, LoanStep.RETURNING)

_MOVES: Mapping[LoanStep, Sequence[LoanStep]] = {
    LoanStep.DISPATCHED: (LoanStep.RESERVED,),
    LoanStep.IN_SERVICE: (LoanStep.RESERVED, LoanStep.DISPATCHED),
    LoanStep.RETURNING: (LoanStep.RESERVED, LoanStep.DISPATCHED, LoanStep.IN_SERVICE),
    LoanStep.RETURNED: _HAS_THE_UNIT,
    LoanStep.LOST: _HAS_THE_UNIT,
    LoanStep.CALLED_OFF: (LoanStep.WAITING, LoanStep.RESERVED),
}
"""Where a loan can come from; it never goes back, and what was called off, returned or lost has ended."""


class _Counter(NamedTuple):
    """The line, the oldest promise first, and the pool, as they stand while nobody else is served."""

    line: Sequence[Demand]
    pool: Sequence[PoolUnit]

    def demand(self, loan: EffectKey) -> Demand:
        return next(demand for demand in self.line if demand.loan == loan)


class LoanPool:
    """The pool of loan units in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def reserve(self, request: LoanRequest, workflow_id: str) -> LoanAnswer:
        """Reserve a unit, or wait in line; once for each key. `workflow_id` is told when a unit comes free.

        A unit that serves somebody with an older promise is left to them, also when they were not told of it yet. A
        case has one loan at a time: what it asked for before, and has not left the house, is called off.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            return (await _reserve(connection, request, workflow_id)).model_dump(mode="json")

        answer = await self._effects.once(request.key, request.now, write)
        return LoanAnswer.model_validate(answer or {"unit": None})  # nothing, when it was called off before

    async def wait_elsewhere(self, request: LoanRequest) -> None:
        """What waits in line under that key is for another site, by its own promise; what has a unit keeps it."""
        key = request.key
        async with self._pool.acquire() as connection, connection.transaction():
            await queue(connection)
            where = (request.site, request.promised_for)
            await connection.execute(_WAIT_ELSEWHERE, key.case, key.round, key.step, *where)

    async def find(self, loan: EffectKey) -> LoanAnswer:
        """The unit that the case has now, or its place in line; neither when it has ended, or was never asked for."""
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            row = await connection.fetchrow(_FIND, loan.case, loan.round, loan.step)
            if row is not None and row["state"] == LoanStep.WAITING:
                counter = await _counter(connection)
                place = place_in_line(counter.line, counter.demand(loan), counter.pool)
                return LoanAnswer(unit=None, place_in_line=place)
        has_it = row is not None and row["state"] in _HAS_THE_UNIT
        return LoanAnswer(unit=LoanUnit.model_validate(dict(row)) if has_it else None)

    async def move(self, move: LoanMove) -> tuple[LoanGranted, ...]:
        """Note how far a loan has come, and serve the line with whatever is free; once for each loan and step.

        Answers with those who were waiting and have a unit now, the oldest promise first. A step that does not
        follow from where the loan is changes nothing. A unit that was lost, or is returned with a fault, is lent to
        nobody before it is put back into service (`loan_units`).
        """
        key = move.loan.model_copy(update={"step": f"{move.loan.step}.{move.step}"})

        async def write(connection: asyncpg.Connection) -> JsonValue:
            if move.step is LoanStep.CALLED_OFF:
                await self._effects.forestall(connection, move.loan, move.now)
            await queue(connection)
            await _move(connection, move)
            return [granted.model_dump(mode="json") for granted in await serve_the_line(connection, move.now)]

        return _GRANTED.validate_python(await self._effects.once(key, move.now, write))


async def call_off_all(connection: asyncpg.Connection, case: str, at: datetime) -> tuple[LoanGranted, ...]:
    """Call off whatever that case has not had leave the house, in the caller's transaction; whom that serves."""
    if not await connection.fetchval(_HAS_SOME, case):
        return ()
    await queue(connection)
    await connection.execute(_CALL_OFF_ALL, case, at)
    return tuple(await serve_the_line(connection, at))


async def _reserve(connection: asyncpg.Connection, request: LoanRequest, workflow_id: str) -> LoanAnswer:
    key = request.key
    await queue(connection)
    await connection.execute(_CALL_OFF_ALL, key.case, request.now)
    what = (workflow_id, request.equipment_type, request.site, request.promised_for, request.now)
    await connection.execute(_ASK, key.case, key.round, key.step, *what)
    counter = await _counter(connection)
    allotted = allot(counter.line, counter.pool)
    if key not in allotted:
        waiting = [demand for demand in counter.line if demand.loan not in allotted]
        return LoanAnswer(unit=None, place_in_line=place_in_line(waiting, counter.demand(key), counter.pool))
    await connection.execute(_GRANT, key.case, key.round, key.step, allotted[key].serial_number, request.now)
    return LoanAnswer(unit=allotted[key])


async def _move(connection: asyncpg.Connection, move: LoanMove) -> None:
    loan, before = move.loan, _MOVES.get(move.step, ())
    unit = await connection.fetchval(_MOVE, loan.case, loan.round, loan.step, move.step, move.now, before)
    if unit is not None and move.step is LoanStep.LOST:
        await connection.execute(_LOSE, unit, move.now)
    elif unit is not None and move.step is LoanStep.RETURNED and move.fault is not None:
        await connection.execute(_MARK, unit, move.now, move.fault)


async def queue(connection: asyncpg.Connection) -> None:
    """Come to the counter, in the caller's transaction, and have it alone until that ends."""
    await connection.execute(_QUEUE)


async def serve_the_line(connection: asyncpg.Connection, at: datetime) -> Sequence[LoanGranted]:
    """Give what is free to who waits, in the transaction of whoever is at the counter; whom that serves."""
    counter = await _counter(connection)
    granted = []
    for loan, unit in allot(counter.line, counter.pool).items():
        await connection.execute(_GRANT, loan.case, loan.round, loan.step, unit.serial_number, at)
        granted.append(LoanGranted(workflow_id=counter.demand(loan).workflow_id, loan=loan, unit=unit))
    return granted


async def _counter(connection: asyncpg.Connection) -> _Counter:
    return _Counter(
        line=[_demand(row) for row in await connection.fetch(_LINE)],
        pool=[_pool_unit(row) for row in await connection.fetch(_POOL)],
    )


def _demand(row: asyncpg.Record) -> Demand:
    loan = EffectKey(case=row["case_reference"], round=row["round"], step=row["step"])
    return Demand(loan, row["workflow_id"], row["equipment_type"], frozenset(row["features"]), _position(row))


def _pool_unit(row: asyncpg.Record) -> PoolUnit:
    unit = LoanUnit(serial_number=row["serial_number"], type=row["type"], location=row["code"])
    return PoolUnit(unit, frozenset(row["features"]), _position(row), row["is_free"])


def _position(row: asyncpg.Record) -> Position:
    return Position(row["code"], row["region"], row["latitude"], row["longitude"])
