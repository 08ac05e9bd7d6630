"""The registry's rooms, and what stands in their way (R10)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict

from domain.slots import SlotState

_ROOMS = """
select room.code, room.name, site.code as site, site.name as site_name, calendar.spec ->> 'tz' as time_zone,
    count(booking) as bookings, min(booking.starts_at) as next_booking_at
from rooms room
join sites site on site.code = room.site
join calendars calendar on calendar.code = site.calendar
left join room_bookings booking on booking.room = room.code and booking.ends_at > $1
where ($2::text is null or room.code = $2) and ($3::text is null or site.code = $3)
group by room.code, site.code, calendar.code
order by site.code, room.code
"""

_HELD = """
select case_reference, slot_id, starts_at, ends_at, state
from visit_slots
where room = $1 and ends_at > $2 and state in ('offered', 'chosen')
order by starts_at
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Room(_Row):
    """A room, and how often it is booked by others from an instant on."""

    code: str
    name: str
    site: str
    site_name: str
    time_zone: str
    bookings: int
    next_booking_at: datetime | None


class HeldSlot(_Row):
    """A slot that a case holds: offered, or chosen."""

    case_reference: str
    slot_id: str
    starts_at: datetime
    ends_at: datetime
    state: SlotState


class Rooms:
    """Reads rooms; every question is one round trip."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def list(self, since: datetime, *, room: str | None = None, site: str | None = None) -> Sequence[Room]:
        """The rooms that match everything given, by site and code, with their bookings from an instant on."""
        return [Room(**row) for row in await self._pool.fetch(_ROOMS, since, room, site)]

    async def held(self, room: str, since: datetime) -> Sequence[HeldSlot]:
        """The slots that cases hold in a room from an instant on, by start."""
        return [HeldSlot(**row) for row in await self._pool.fetch(_HELD, room, since)]
