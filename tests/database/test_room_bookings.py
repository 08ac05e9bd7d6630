"""Bookings of a room: an import replaces the earlier one, and no slot is held on what it says (R10)."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from database.room_bookings import RoomBookings
from database.rooms import Rooms
from database.visits import SlotTaken, VisitSlots
from domain.calendars import CalendarSpec
from domain.effects import EffectKey, SlotProposal
from domain.room_bookings import Window
from tests.database.visit_rows import CASE, OTHER_CASE, ROOM, TUESDAY, after, booking, slots

PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
DAY = Window(TUESDAY, after(24))


@pytest.fixture
def calendar(pool: asyncpg.Pool) -> RoomBookings:
    return RoomBookings(pool)


def proposal(number: int) -> SlotProposal:
    """A case wants the room at eight."""
    return SlotProposal(
        key=EffectKey(case=f"CM-0000-000{number}", round=1, step="proposal"),
        now=TUESDAY,
        site="BRU-PAR",
        room=ROOM,
        provider=PARIS,
        site_calendar=PARIS,
        start=after(0),
        end=after(2),
        duration=timedelta(hours=2),
    )


async def test_an_import_replaces_what_the_earlier_one_said(calendar: RoomBookings) -> None:
    await calendar.replace(ROOM, [booking(0), booking(4, uid="gone")], DAY)
    await calendar.replace(ROOM, [booking(1, summary="moved")], DAY)
    assert await calendar.booked(ROOM, *DAY) == [booking(1, summary="moved")]
    await calendar.replace(ROOM, [], DAY)
    assert await calendar.booked(ROOM, *DAY) == []


async def test_what_lies_outside_the_window_or_in_another_room_stays(calendar: RoomBookings) -> None:
    await calendar.replace(ROOM, [booking(0), booking(4)], DAY)
    await calendar.replace("BRU-PAR-402", [booking(0)], DAY)
    await calendar.replace(ROOM, [booking(4, summary="again")], Window(after(2), after(24)))
    assert await calendar.booked(ROOM, *DAY) == [booking(0), booking(4, summary="again")]
    assert await calendar.booked("BRU-PAR-402", *DAY) == [booking(0)]


async def test_a_booking_that_reaches_into_the_window_since_it_was_extended_is_kept_as_it_is_now(
    calendar: RoomBookings,
) -> None:
    await calendar.replace(ROOM, [booking(0, 1)], DAY)
    await calendar.replace(ROOM, [booking(0, 3)], Window(after(1), after(24)))
    assert await calendar.booked(ROOM, *DAY) == [booking(0, 3)]


async def test_held_slots_that_collide_are_named_once_each(calendar: RoomBookings, pool: asyncpg.Pool) -> None:
    await slots(pool, "a", "b")
    await slots(pool, "expired", case=OTHER_CASE, state="expired")
    await slots(pool, "elsewhere", case=OTHER_CASE, room="BRU-PAR-402")
    await slots(pool, "chosen", case=OTHER_CASE, at=after(4), state="chosen")
    collisions = await calendar.replace(ROOM, [booking(1), booking(1.5, uid="later"), booking(5, uid="third")], DAY)
    assert [(one.slot_id, one.booking.uid, one.state) for one in collisions] == [
        ("a", "board", "offered"),
        ("b", "board", "offered"),
        ("chosen", "third", "chosen"),
    ]
    assert [(one.case_reference, one.workflow_id) for one in collisions[1:]] == [(CASE, None), (OTHER_CASE, None)]
    assert await calendar.replace(ROOM, [booking(8)], DAY) == []


async def test_a_slot_next_to_a_booking_does_not_collide(calendar: RoomBookings, pool: asyncpg.Pool) -> None:
    await slots(pool, "a")
    assert await calendar.replace(ROOM, [booking(-2), booking(2)], Window(after(-3), after(24))) == []


async def test_of_an_import_and_a_proposal_at_once_one_sees_the_other(pool: asyncpg.Pool) -> None:
    """Never both: a slot that is booked where the room is taken, and of which nobody was told."""

    async def propose(number: int) -> str | None:
        try:
            return (await VisitSlots(pool).book(proposal(number), f"slot-{number}")).slot_id
        except SlotTaken:
            return None

    for number in range(8):
        booked, collisions = await asyncio.gather(propose(number), RoomBookings(pool).replace(ROOM, [booking(0)], DAY))
        assert [one.slot_id for one in collisions] == ([booked] if booked else []), number
        await pool.execute("update visit_slots set state = 'declined'")
        await RoomBookings(pool).replace(ROOM, [], DAY)


async def test_an_import_waits_for_whoever_is_looking_for_a_slot_at_the_site(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("select from sites where code = 'BRU-PAR' for no key update")
        waiting = asyncio.create_task(RoomBookings(pool).replace(ROOM, [booking(0)], DAY))
        while not await pool.fetchval("select exists (select from pg_locks where not granted)"):
            assert not waiting.done()
            await asyncio.sleep(0.01)
        assert await pool.fetchval("select count(*) from room_bookings") == 0
    await waiting
    assert await pool.fetchval("select count(*) from room_bookings") == 1


async def test_rooms_are_listed_with_what_is_booked_from_now_on(calendar: RoomBookings, pool: asyncpg.Pool) -> None:
    await calendar.replace(ROOM, [booking(0), booking(4), booking(8)], DAY)
    rooms = Rooms(pool)
    (room,) = await rooms.list(after(3), room=ROOM)
    assert (room.site, room.time_zone, room.bookings, room.next_booking_at) == ("BRU-PAR", "Europe/Paris", 2, after(4))
    at_site = await rooms.list(TUESDAY, site="BRU-PAR")
    assert [one.bookings for one in at_site if one.code != ROOM] == [0] * (len(at_site) - 1)
    assert await rooms.list(TUESDAY, room="NO-SUCH-ROOM") == []


async def test_a_room_shows_the_slots_that_are_held_there_from_now_on(pool: asyncpg.Pool) -> None:
    await slots(pool, "a", "b")
    await slots(pool, "expired", state="expired")
    assert [slot.slot_id for slot in await Rooms(pool).held(ROOM, TUESDAY)] == ["a", "b"]
    assert [slot.slot_id for slot in await Rooms(pool).held(ROOM, after(2))] == ["b"]
