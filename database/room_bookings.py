"""What others have booked rooms for, in PostgreSQL: the default `RoomCalendar` (R10)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from domain.room_bookings import Collision, RoomBooking, Window

# The row that whoever looks for a slot waits for too (database/visit_needs.py): none is held while bookings change.
_QUEUE = """
select from sites site join rooms room on room.site = site.code where room.code = $1 for no key update of site
"""

_FORGET = "delete from room_bookings where room = $1 and starts_at < $3 and ends_at > $2"

_BOOK = """
insert into room_bookings (room, uid, starts_at, ends_at, summary)
select $1, * from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[])
on conflict (room, uid, starts_at) do update set ends_at = excluded.ends_at, summary = excluded.summary
"""

_COLLISIONS = """
select distinct on (slot.starts_at, slot.slot_id)
    slot.case_reference, slot.slot_id, slot.subject, slot.starts_at, slot.ends_at, slot.state, cases.workflow_id,
    to_jsonb(booking) - 'room' as booking
from visit_slots slot
join room_bookings booking on booking.room = slot.room
    and booking.starts_at < slot.ends_at and booking.ends_at > slot.starts_at
left join cases on cases.reference = slot.case_reference
where slot.room = $1 and slot.state in ('offered', 'chosen') and slot.starts_at < $3 and slot.ends_at > $2
order by slot.starts_at, slot.slot_id, booking.starts_at, booking.uid
"""

_BOOKED = """
select uid, starts_at, ends_at, summary from room_bookings
where room = $1 and starts_at < $3 and ends_at > $2
order by starts_at, uid
"""


class RoomBookings:
    """The bookings of the registry's rooms."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def booked(self, room: str, start: datetime, end: datetime) -> Sequence[RoomBooking]:
        """What touches the span between two instants, by start."""
        return [RoomBooking(**row) for row in await self._pool.fetch(_BOOKED, room, start, end)]

    async def replace(self, room: str, bookings: Sequence[RoomBooking], window: Window) -> Sequence[Collision]:
        """Within the window the room is booked for these and nothing else; what lies outside it stays.

        `bookings` touch the window. Answers the slots in the window that are held where the room is booked now,
        by start, each with the first of its bookings; they stay held until their case has planned anew.
        """
        columns = zip(*((one.uid, one.starts_at, one.ends_at, one.summary) for one in bookings), strict=True)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_QUEUE, room)
            await connection.execute(_FORGET, room, *window)
            if bookings:
                await connection.execute(_BOOK, room, *(list(column) for column in columns))
            rows = await connection.fetch(_COLLISIONS, room, *window)
        return [Collision.model_validate(dict(row)) for row in rows]
