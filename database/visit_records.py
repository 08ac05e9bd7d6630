"""Visits that were agreed, with what the registry and the read model know of them (R10)."""

from collections.abc import Sequence
from datetime import date

import asyncpg
from pydantic import BaseModel, ConfigDict

from domain.visits import Visit

_VISIT = """
select slot.slot_id, slot.case_reference, slot.subject, slot.state, slot.starts_at, slot.ends_at,
    slot.calendar_uid, slot.calendar_sequence,
    cases.serial_number, cases.view ->> 'equipment_type' as equipment_type, customer.name as customer_name,
    site.code as site, site.name as site_name, site.address, calendar.spec ->> 'tz' as time_zone,
    room.code as room, room.name as room_name,
    technician.code as technician, technician.name as technician_name, technician.email as technician_email
from visit_slots slot
join sites site on site.code = slot.site
join customers customer on customer.code = site.customer
join calendars calendar on calendar.code = site.calendar
left join rooms room on room.code = slot.room
left join technicians technician on technician.code = slot.technician
left join cases on cases.reference = slot.case_reference
"""

_VISITS = f"""{_VISIT}
where slot.state in ('chosen', 'done')
    and ($1::text is null or slot.technician = $1)
    and ($2::text is null or slot.site = $2)
    and ($3::text is null or slot.case_reference = $3)
    and ($4::date is null or (slot.starts_at at time zone (calendar.spec ->> 'tz'))::date >= $4)
    and ($5::date is null or (slot.starts_at at time zone (calendar.spec ->> 'tz'))::date <= $5)
order by slot.starts_at, slot.slot_id
"""

_TECHNICIANS = "select code from technicians order by code"


class VisitFilter(BaseModel):
    """Which visits: those that match every field that is given; days are the site's own, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    technician: str | None = None
    site: str | None = None
    case: str | None = None
    since: date | None = None
    until: date | None = None


class VisitRecords:
    """Reads visits; every question is one round trip."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def list(self, wanted: VisitFilter) -> Sequence[Visit]:
        """The visits that were chosen, those that took place among them, by start."""
        values = (wanted.technician, wanted.site, wanted.case, wanted.since, wanted.until)
        return [Visit(**row) for row in await self._pool.fetch(_VISITS, *values)]

    async def find(self, slot_id: str) -> Visit | None:
        """The visit of that slot, whatever became of it; None when there is no such slot."""
        row = await self._pool.fetchrow(f"{_VISIT} where slot.slot_id = $1", slot_id)
        return Visit(**row) if row else None

    async def technicians(self) -> Sequence[str]:
        """The codes of all technicians."""
        return [row["code"] for row in await self._pool.fetch(_TECHNICIANS)]
