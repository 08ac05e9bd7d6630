"""Slots and bookings of the sample registry's rooms, as tests put them there."""

from datetime import UTC, datetime, timedelta

import asyncpg

from domain.room_bookings import RoomBooking

TUESDAY = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
CASE, OTHER_CASE = "CM-7K3Q-9XTB", "CM-0000-0001"
ROOM = "BRU-PAR-401"

_EFFECT = "insert into effects (case_reference, round, step, at, result) values ($1, 1, $2, $3, 'null')"
_SLOT = """
insert into visit_slots (slot_id, case_reference, round, step, site, room, technician, starts_at, ends_at, state,
                         held_until)
values ($1, $2, 1, $3, 'BRU-PAR', $4, $5, $6, $7, $8, $6)
"""


def after(hours: float) -> datetime:
    """So many hours after eight o'clock on Tuesday."""
    return TUESDAY + timedelta(hours=hours)


def booking(hours: float, length: float = 2, uid: str = "board", summary: str = "Board") -> RoomBooking:
    """A booking by somebody else."""
    return RoomBooking(uid=uid, starts_at=after(hours), ends_at=after(hours + length), summary=summary)


async def slots(
    pool: asyncpg.Pool,
    *slot_ids: str,
    case: str = CASE,
    room: str = ROOM,
    technician: str | None = None,
    state: str = "offered",
    at: datetime = TUESDAY,
) -> None:
    """The case has a slot of two hours for each id, one after the other, at the site of the sample room."""
    step = f"slots.{slot_ids[0]}"
    await pool.execute(_EFFECT, case, step, at)
    for number, slot_id in enumerate(slot_ids):
        start = at + timedelta(hours=2 * number)
        end = start + timedelta(hours=2)
        await pool.execute(_SLOT, slot_id, case, step, room, technician, start, end, state)
