"""`curative rooms`: what rooms are booked for, from their calendars (docs/calendar-files.md)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pydantic import BaseModel, ConfigDict

from config.settings import Settings
from database.room_bookings import RoomBookings
from database.rooms import HeldSlot, Room, Rooms
from domain.instants import LATEST
from domain.room_bookings import RoomBooking
from starter.answers import NotRegistered, WrongInput
from starter.commands.options import AsJson, DataDir, parse_day, run
from starter.connections import database_errors, open_database, open_desk, settings_for
from starter.console import complain, print_json, stdout
from starter.exit_codes import UNREACHABLE
from starter.rendering.room_page import print_import, print_room, print_rooms
from starter.room_import import RoomImport, import_room, import_window

rooms = typer.Typer(name="rooms", help="What rooms are booked for, from their calendars (docs/calendar-files.md).")

File: TypeAlias = Annotated[
    Path, typer.Argument(metavar="FILE.ics", exists=True, dir_okay=False, readable=True, help="The room's calendar.")
]


class RoomPlan(BaseModel):
    """A room, with what others and our cases have it for, from now on."""

    model_config = ConfigDict(frozen=True)

    room: Room
    bookings: Sequence[RoomBooking]
    held: Sequence[HeldSlot]


@rooms.command("import")
def import_(
    file: File,
    room: Annotated[str, typer.Option("--room", metavar="CODE", help="The room's code in the registry.")],
    until: Annotated[
        date | None,
        typer.Option(metavar="DATE", parser=parse_day, help="The last day to import. Default: a year from now."),
    ] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Import a room's calendar, in place of what an earlier import said; visits that collide are planned anew.

    Nothing is imported when any event of the file cannot be read.

    [bold]Example[/bold]

      curative rooms import eiffel.ics --room BRU-PAR-401 --until 2026-12-31
    """
    settings = settings_for(data)
    try:
        done = run(_import(settings, file.read_bytes(), room, until))
    except WrongInput as error:
        raise WrongInput(f"{file}: {error}") from None
    if as_json:
        print_json(done)
    else:
        print_import(stdout(), done)
    if any(told.can_be_told_later for told in done.visits):
        complain("Some cases could not be told that their visit lost its room: import the file again later.")
        raise typer.Exit(UNREACHABLE)


@rooms.command("list")
def list_rooms(
    site: Annotated[str | None, typer.Option(metavar="SITE", help="Only rooms of this site.")] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List rooms, and how often each is booked from now on.

    [bold]Example[/bold]

      curative rooms list --site BRU-PAR
    """
    found = run(_list(settings_for(data), site))
    if as_json:
        print_json({"rooms": [room.model_dump(mode="json") for room in found]})
    else:
        print_rooms(stdout(), found)


@rooms.command("show")
def show_room(
    room: Annotated[str, typer.Argument(metavar="CODE", help="The room's code in the registry.")],
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Show what a room is booked for from now on, and which visits are held there.

    [bold]Example[/bold]

      curative rooms show BRU-PAR-401
    """
    plan = run(_show(settings_for(data), room))
    if as_json:
        print_json(plan)
    else:
        print_room(stdout(), plan.room, plan.bookings, plan.held)


async def _import(settings: Settings, data: bytes, code: str, until: date | None) -> RoomImport:
    async with open_database(settings) as pool:
        with database_errors():
            now = datetime.now(UTC)
            room = await _room(Rooms(pool), code, now)
            window = import_window(room, now, until)
            return await import_room(RoomBookings(pool), partial(open_desk, settings), room, data, window)


async def _list(settings: Settings, site: str | None) -> Sequence[Room]:
    async with open_database(settings) as pool:
        with database_errors():
            return await Rooms(pool).list(datetime.now(UTC), site=site)


async def _show(settings: Settings, code: str) -> RoomPlan:
    async with open_database(settings) as pool:
        with database_errors():
            now = datetime.now(UTC)
            room = await _room(Rooms(pool), code, now)
            bookings = await RoomBookings(pool).booked(room.code, now, LATEST)
            return RoomPlan(room=room, bookings=bookings, held=await Rooms(pool).held(room.code, now))


async def _room(rooms: Rooms, code: str, now: datetime) -> Room:
    found = await rooms.list(now, room=code)
    if not found:
        raise NotRegistered(f"room {code[:80]!r} is not in the registry; `curative rooms list` names them")
    return found[0]
