"""Technicians who are away, and the visits that this leaves without anybody (R10)."""

from datetime import datetime

import asyncpg
from pydantic import JsonValue, TypeAdapter

from database.effects import Effects
from domain.absence import rest_of_day
from domain.agenda import Span
from domain.effects import AffectedVisit, TechnicianAbsence

_VISITS = TypeAdapter(tuple[AffectedVisit, ...])

_VISIT = """
select slot.technician, slot.starts_at, calendar.spec ->> 'tz' as tz
from visit_slots slot
join sites site on site.code = slot.site
join calendars calendar on calendar.code = site.calendar
where slot.slot_id = $1 and slot.technician is not null
"""

# Whoever looks for slots of this technician waits, and then knows of the absence (database/visit_needs.py).
_QUEUE = "select from technicians where code = $1 for no key update"

_NOTE = """
insert into technician_absences (case_reference, round, step, technician, starts_at, ends_at, reason)
values ($1, $2, $3, $4, $5, $6, $7)
"""

# One slot for each visit: what else its case holds for it, it lets go by itself.
_AFFECTED = """
select workflow_id, slot_id from (
    select distinct on (slot.case_reference, slot.subject) cases.workflow_id, slot.slot_id, slot.starts_at
    from visit_slots slot join cases on cases.reference = slot.case_reference
    where slot.technician = $1 and slot.state in ('offered', 'chosen') and slot.slot_id <> $2
      and slot.starts_at < $4 and slot.ends_at > $3
    order by slot.case_reference, slot.subject, slot.starts_at, slot.slot_id
) visits
order by starts_at, slot_id
"""


class Absences:
    """Absences in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._effects = Effects(pool)

    async def note(self, absence: TechnicianAbsence) -> tuple[AffectedVisit, ...]:
        """Note that the slot's technician is away for the rest of its day, by the clocks of its site.

        Answers with the technician's other visits of then, of any case, each with the first of the slots that are held
        for it; always the same for one key.
        Nothing is noted when the slot has no technician, or its day is over.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            return await _note(connection, absence)

        return _VISITS.validate_python(await self._effects.once(absence.key, absence.now, write))


async def _note(connection: asyncpg.Connection, absence: TechnicianAbsence) -> list[JsonValue]:
    visit = await connection.fetchrow(_VISIT, absence.slot_id)
    away = _away(visit, absence.now)
    if visit is None or away is None:
        return []
    key, technician = absence.key, visit["technician"]
    await connection.execute(_QUEUE, technician)
    await connection.execute(_NOTE, key.case, key.round, key.step, technician, *away, absence.reason)
    return [dict(row) for row in await connection.fetch(_AFFECTED, technician, absence.slot_id, *away)]


def _away(visit: asyncpg.Record | None, now: datetime) -> Span | None:
    return rest_of_day(visit["starts_at"], visit["tz"], now) if visit else None
