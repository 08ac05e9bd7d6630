"""The import of a room's calendar: its bookings are kept, and the cases whose visits collide are told (R10)."""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, JsonValue

from activities.room_calendar import RoomCalendar
from config.temporal import EngineUnreachable
from database.rooms import Room
from domain.messages import SiteScheduling
from domain.room_bookings import Collision, Window
from domain.slots import Subject
from starter.answers import CaseNotFound, NotAnswered, Refused, WrongInput
from starter.booking_file import read_bookings
from starter.desk import Desk

YEAR = timedelta(days=365)
"""How far ahead bookings are imported unless the caller says until when."""


class Desks(Protocol):
    """Opens the desk, when somebody has to be told something."""

    def __call__(self) -> AbstractAsyncContextManager[Desk]:
        """Raises EngineUnreachable when it is entered and Temporal does not answer."""


class Told(BaseModel):
    """A visit that lost its room, and whether its case was told; `why_not` is one sentence."""

    model_config = ConfigDict(frozen=True)

    collision: Collision
    why_not: str | None = None
    can_be_told_later: bool = False


class RoomImport(BaseModel):
    """What an import did: the room is booked so often in the window, and these visits must be planned anew."""

    model_config = ConfigDict(frozen=True)

    room: str
    site: str
    time_zone: str
    since: datetime
    until: datetime
    bookings: int
    visits: tuple[Told, ...]


def import_window(room: Room, now: datetime, until: date | None) -> Window:
    """From now to the end of that day at the site, or a year ahead. Raises WrongInput when the day has passed."""
    zone = ZoneInfo(room.time_zone)
    last = until or (now + YEAR).astimezone(zone).date()
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    if end <= now:
        raise WrongInput(f"--until {last} has passed: name a day to come")
    return Window(now, end)


async def import_room(calendar: RoomCalendar, desks: Desks, room: Room, data: bytes, window: Window) -> RoomImport:
    """Keep what the file says of the room within the window, and tell each case whose held slot collides.

    Telling again changes nothing. Raises WrongInput, and keeps nothing, when the file cannot be read.
    """
    bookings = read_bookings(data, ZoneInfo(room.time_zone), window)
    collisions = await calendar.replace(room.code, bookings, window)
    return RoomImport(
        room=room.code,
        site=room.site,
        time_zone=room.time_zone,
        since=window.start,
        until=window.end,
        bookings=len(bookings),
        visits=tuple(await _tell(desks, room.code, collisions)) if collisions else (),
    )


async def _tell(desks: Desks, room: str, collisions: Sequence[Collision]) -> list[Told]:
    try:
        async with desks() as desk:
            return await _tell_each_once(desk, room, collisions)
    except EngineUnreachable as away:
        return [Told(collision=collision, why_not=str(away), can_be_told_later=True) for collision in collisions]


async def _tell_each_once(desk: Desk, room: str, collisions: Sequence[Collision]) -> list[Told]:
    """One word for each visit: what else its case holds for it, it lets go by itself."""
    told: dict[tuple[str, Subject], Told] = {}
    for collision in collisions:
        visit = (collision.case_reference, collision.subject)
        if visit not in told:
            told[visit] = await _tell_one(desk, room, collision)
    return [
        told[collision.case_reference, collision.subject].model_copy(update={"collision": collision})
        for collision in collisions
    ]


async def _tell_one(desk: Desk, room: str, collision: Collision) -> Told:
    try:
        await desk.send(collision.case_reference, SiteScheduling.kind, _word(room, collision), as_signal=True)
    except (Refused, CaseNotFound) as gone:
        return Told(collision=collision, why_not=str(gone))
    except NotAnswered as silence:
        return Told(collision=collision, why_not=str(silence), can_be_told_later=True)
    return Told(collision=collision)


def _word(room: str, collision: Collision) -> dict[str, JsonValue]:
    """The message to the case, under an id that the same collision has again."""
    booking = collision.booking
    facts = f"{collision.slot_id}\n{booking.model_dump_json()}"
    return {
        "action": "room_unavailable",
        "slot_id": collision.slot_id,
        "reason": f"the room is booked: {booking.summary}" if booking.summary else "the room is booked",
        "actor": f"customer:calendar of {room}",
        "message_id": f"room-{hashlib.sha256(facts.encode()).hexdigest()[:24]}",
    }
