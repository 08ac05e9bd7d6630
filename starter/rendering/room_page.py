"""Rooms, what one of them is booked for, and what an import changed."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from database.rooms import HeldSlot, Room
from domain.room_bookings import RoomBooking
from starter.console import add_row, table
from starter.rendering.instants import minute
from starter.room_import import RoomImport


def print_rooms(console: Console, rooms: Sequence[Room]) -> None:
    """One line a room; the next booking in its site's time."""
    shown = table("room", "name", "site", "booked", "next from", "time zone", unbroken=("room", "site"))
    for room in rooms:
        next_from = minute(room.next_booking_at, ZoneInfo(room.time_zone))
        add_row(shown, room.code, room.name, room.site, str(room.bookings), next_from, room.time_zone)
    console.print(shown if rooms else Text("No room matches."))


def print_room(console: Console, room: Room, bookings: Sequence[RoomBooking], held: Sequence[HeldSlot]) -> None:
    """Bookings and visits together, by start."""
    zone = ZoneInfo(room.time_zone)
    console.print(Text.assemble((room.code, "bold"), f"  {room.name}, {room.site_name} ({room.site})"))
    lines = [(one.starts_at, one.ends_at, "booked", one.summary) for one in bookings]
    lines += [(one.starts_at, one.ends_at, f"visit {one.state}", f"{one.case_reference} {one.slot_id}") for one in held]
    shown = table("from", "until", "what", "for", unbroken=("from", "until"))
    for starts_at, ends_at, what, whom in sorted(lines):
        add_row(shown, minute(starts_at, zone), minute(ends_at, zone), what, whom)
    console.print(shown if lines else Text("Nothing is booked from now on."))
    console.print(Text(f"All times: {zone}", style="dim"))


def print_import(console: Console, done: RoomImport) -> None:
    """How often the room is booked now, and which visits lost it."""
    zone = ZoneInfo(done.time_zone)
    count = "1 booking" if done.bookings == 1 else f"{done.bookings} bookings"
    console.print(Text(f"{done.room}: {count} until {minute(done.until, zone)}."))
    if not done.visits:
        return
    console.print(Text("Visits that lost the room, and whether their cases know:"))
    shown = table("case", "slot", "from", "booked for", "told", unbroken=("case", "slot"))
    for told in done.visits:
        lost, answer = told.collision, f"no: {told.why_not}" if told.why_not else "yes"
        add_row(shown, lost.case_reference, lost.slot_id, minute(lost.starts_at, zone), lost.booking.summary, answer)
    console.print(shown)
    console.print(Text(f"All times: {zone}", style="dim"))
