"""What rooms are booked for besides our visits: a port; its default keeps it in PostgreSQL (DESIGN §2.7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.room_bookings import Collision, RoomBooking, Window


class RoomCalendar(Protocol):
    """Knows when others have a room, and never lets a slot be held there meanwhile (R10)."""

    async def booked(self, room: str, start: datetime, end: datetime) -> Sequence[RoomBooking]:
        """What touches the span between two instants, by start."""

    async def replace(self, room: str, bookings: Sequence[RoomBooking], window: Window) -> Sequence[Collision]:
        """Within the window the room is booked for these and nothing else; answers the held slots that collide."""
