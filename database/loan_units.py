"""The units of the loan pool: how each stands, and the way back into service (R8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import asyncpg
from pydantic import BaseModel, ConfigDict

from database.loans import queue, serve_the_line
from domain.effects import EffectKey, LoanGranted, LoanUnit

_LIST = """
select unit.serial_number, unit.type, unit.location,
       case when unit.lost_at is not null then 'lost'
            when loan.state is not null then loan.state
            when unit.out_of_order_at is not null then 'out_of_order'
            else 'free' end as state,
       coalesce(unit.lost_at, loan.moved_at, unit.out_of_order_at) as since,
       unit.out_of_order_because as because, loan.case_reference
from loan_units unit
left join loans loan on loan.unit = unit.serial_number
    and loan.state in ('reserved', 'dispatched', 'in_service', 'returning')
where $1::text is null or unit.serial_number = $1
order by unit.location, unit.type, unit.serial_number
"""

_MARKED = """
select coalesce(lost_at, out_of_order_at) as at, case when lost_at is null then 'out_of_order' else 'lost' end as was
from loan_units where serial_number = $1 and not is_lendable
for update
"""

_CLEAR = """
update loan_units set lost_at = null, out_of_order_at = null, out_of_order_because = null where serial_number = $1
"""

_NOTE = "insert into loan_units_put_back (unit, at, was, reason, actor) values ($1, $2, $3, $4, $5)"

# Whoever was served when it was put back, and has not taken the unit yet.
_SERVED = """
select loan.workflow_id, loan.case_reference, loan.round, loan.step, unit.serial_number, unit.type, unit.location
from loans loan
join loan_units unit on unit.serial_number = loan.unit
where loan.state = 'reserved'
  and loan.moved_at = (select max(at) from loan_units_put_back where loan_units_put_back.unit = $1)
order by loan.promised_for
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PoolUnitRow(_Row):
    """One unit of the pool: free, with a case, lost, or out of order; `because` says why it is."""

    serial_number: str
    type: str
    location: str
    state: Literal["free", "reserved", "dispatched", "in_service", "returning", "lost", "out_of_order"]
    since: datetime | None
    because: str | None
    case_reference: str | None


class PutBack(_Row):
    """A unit is to be lent again: it was repaired, or found. `actor` is `role:name`."""

    serial_number: str
    now: datetime
    reason: str
    actor: str


class LoanUnits:
    """The pool in PostgreSQL, as people see it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def list(self, serial_number: str | None = None) -> Sequence[PoolUnitRow]:
        """Every unit, or that one, by where it is kept."""
        return [PoolUnitRow.model_validate(dict(row)) for row in await self._pool.fetch(_LIST, serial_number)]

    async def put_back(self, unit: PutBack) -> bool:
        """Have a unit that was lost or out of order lent again, and serve the line; False when it was neither."""
        async with self._pool.acquire() as connection, connection.transaction():
            await queue(connection)
            marked = await connection.fetchrow(_MARKED, unit.serial_number)
            if marked is None:
                return False
            await connection.execute(_CLEAR, unit.serial_number)
            await connection.execute(_NOTE, unit.serial_number, unit.now, marked["was"], unit.reason, unit.actor)
            await serve_the_line(connection, unit.now)
            return True

    async def served_by(self, serial_number: str) -> Sequence[LoanGranted]:
        """Whom the line gave a unit when this one was last put back; they are to be told, once more if need be."""
        rows = await self._pool.fetch(_SERVED, serial_number)
        return [
            LoanGranted(
                workflow_id=row["workflow_id"],
                loan=EffectKey(case=row["case_reference"], round=row["round"], step=row["step"]),
                unit=LoanUnit(serial_number=row["serial_number"], type=row["type"], location=row["location"]),
            )
            for row in rows
        ]
