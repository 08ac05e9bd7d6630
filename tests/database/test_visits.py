"""Slots: while one is held, nobody else gets its room (R10)."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from database.visits import Place, SlotGone, SlotTaken, Span, VisitSlots
from domain.effects import EffectKey, SlotOffer
from domain.slots import Slot, SlotState

TUESDAY = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
CASE, OTHER_CASE = "CM-7K3Q-9XTB", "CM-0000-0001"
ROOM = Place("BRU-PAR", "BRU-PAR-401")


@pytest.fixture
def visits(pool: asyncpg.Pool) -> VisitSlots:
    return VisitSlots(pool)


def key(case: str = CASE, round_: int = 1, step: str = "slots.1") -> EffectKey:
    return EffectKey(case=case, round=round_, step=step)


def slot(name: str, hours: float = 0) -> Slot:
    start = TUESDAY + timedelta(hours=hours)
    return Slot(slot_id=name, start=start, end=start + timedelta(hours=2))


def offer(*slots: Slot) -> SlotOffer:
    return SlotOffer(slots=slots, held_until=TUESDAY)


async def states(pool: asyncpg.Pool) -> dict[str, str]:
    return {row["slot_id"]: row["state"] for row in await pool.fetch("select slot_id, state from visit_slots")}


async def test_a_room_that_is_held_cannot_be_held_by_another_case(visits: VisitSlots) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    with pytest.raises(SlotTaken, match="Room BRU-PAR-401 is taken"):
        await visits.hold(key(OTHER_CASE), offer(slot("b", 1)), ROOM, TUESDAY)


async def test_a_slot_may_begin_when_the_one_before_ends(visits: VisitSlots) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    await visits.hold(key(OTHER_CASE), offer(slot("b", 2)), ROOM, TUESDAY)


async def test_another_room_is_free_at_the_same_time(visits: VisitSlots) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    await visits.hold(key(OTHER_CASE), offer(slot("b")), Place("BRU-PAR", "BRU-PAR-402"), TUESDAY)


async def test_a_technician_can_be_in_one_place_only(visits: VisitSlots) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM._replace(technician="T-ADAM"), TUESDAY)
    with pytest.raises(SlotTaken, match="Technician T-ADAM is taken"):
        await visits.hold(key(OTHER_CASE), offer(slot("b")), Place("BRU-LIL", None, "T-ADAM"), TUESDAY)


async def test_of_many_cases_that_want_a_room_at_once_one_gets_it(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    async def try_to_hold(number: int) -> bool:
        slots = offer(slot(f"early-{number}"), slot(f"late-{number}", 3 + number / 10))
        try:
            await visits.hold(key(f"CM-0000-000{number}"), slots, ROOM, TUESDAY)
        except SlotTaken:
            return False
        return True

    assert sum(await asyncio.gather(*[try_to_hold(number) for number in range(10)])) == 1
    assert len(await states(pool)) == 2


async def test_cases_that_want_the_same_slots_in_another_order_wait_for_each_other(visits: VisitSlots) -> None:
    """Without a queue at the site the two would deadlock now and then."""

    async def try_to_hold(case: str, attempt: int) -> bool:
        order = range(8) if case == CASE else reversed(range(8))
        slots = [slot(f"{case}-{attempt}-{number}", 24 * attempt + 2 * number) for number in order]
        try:
            await visits.hold(key(case, step=f"slots.{attempt}"), offer(*slots), ROOM, TUESDAY)
        except SlotTaken:
            return False
        return True

    for attempt in range(10):
        held = await asyncio.gather(try_to_hold(CASE, attempt), try_to_hold(OTHER_CASE, attempt))
        assert sorted(held) == [False, True]


async def test_an_offer_is_held_whole_or_not_at_all(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(OTHER_CASE), offer(slot("a", 4)), ROOM, TUESDAY)
    with pytest.raises(SlotTaken):
        await visits.hold(key(), offer(slot("b"), slot("c", 4)), ROOM, TUESDAY)
    assert set(await states(pool)) == {"a"}


async def test_holding_again_answers_with_the_first_offer(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    first = await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    assert await visits.hold(key(), offer(slot("b", 4)), ROOM, TUESDAY) == first
    assert set(await states(pool)) == {"a"}


async def test_choosing_a_slot_lets_the_others_of_the_case_go(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(), offer(slot("a"), slot("b", 4)), ROOM, TUESDAY)
    await visits.hold(key(OTHER_CASE), offer(slot("c", 8)), ROOM, TUESDAY)
    for _ in range(2):
        assert (await visits.choose(CASE, "b")).state is SlotState.CHOSEN
    assert await states(pool) == {"a": "declined", "b": "chosen", "c": "offered"}
    await visits.hold(key(OTHER_CASE, step="slots.2"), offer(slot("d")), ROOM, TUESDAY)


@pytest.mark.parametrize("name", ["a", "c", "unknown"], ids=["expired", "of another case", "unknown"])
async def test_a_slot_that_the_case_does_not_hold_cannot_be_chosen(visits: VisitSlots, name: str) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    await visits.release(CASE, 1, SlotState.EXPIRED)
    await visits.hold(key(OTHER_CASE), offer(slot("c", 4)), ROOM, TUESDAY)
    with pytest.raises(SlotGone, match="offer new slots"):
        await visits.choose(CASE, name)


async def test_released_slots_are_free_for_others(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(), offer(slot("a"), slot("b", 4)), ROOM, TUESDAY)
    await visits.choose(CASE, "a")
    assert await visits.release(CASE, 1, SlotState.DECLINED) == 1
    assert await visits.release(CASE, 1, SlotState.DECLINED) == 0
    await visits.hold(key(OTHER_CASE), offer(slot("c")), ROOM, TUESDAY)


async def test_only_the_rounds_own_slots_are_released(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(round_=2), offer(slot("a")), ROOM, TUESDAY)
    assert await visits.release(CASE, 1, SlotState.EXPIRED) == 0
    assert await states(pool) == {"a": "offered"}


async def test_a_proposed_slot_takes_the_place_of_what_the_case_holds(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    booked = await visits.book(key(step="proposal"), slot("p", 1), ROOM, TUESDAY)
    assert booked.state is SlotState.CHOSEN
    assert await visits.book(key(step="proposal"), slot("p", 1), ROOM, TUESDAY) == booked
    assert await states(pool) == {"a": "declined", "p": "chosen"}


async def test_a_proposal_that_cannot_be_booked_leaves_the_held_slots(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(OTHER_CASE), offer(slot("o", 4)), ROOM, TUESDAY)
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    with pytest.raises(SlotTaken):
        await visits.book(key(step="proposal"), slot("p", 4), ROOM, TUESDAY)
    assert await states(pool) == {"o": "offered", "a": "offered"}


async def test_a_visit_that_took_place_holds_nothing(visits: VisitSlots, pool: asyncpg.Pool) -> None:
    await visits.hold(key(), offer(slot("a")), ROOM, TUESDAY)
    await visits.choose(CASE, "a")
    await visits.finish("a")
    assert await states(pool) == {"a": "done"}
    assert await visits.busy(TUESDAY, TUESDAY + timedelta(days=1), room=ROOM.room) == []


async def test_busy_tells_the_held_spans_of_a_room_or_a_site(visits: VisitSlots) -> None:
    await visits.hold(key(), offer(slot("a", 4), slot("b")), ROOM, TUESDAY)
    await visits.hold(key(OTHER_CASE), offer(slot("c", 8)), Place("BRU-PAR", None), TUESDAY)
    evening = TUESDAY + timedelta(hours=12)

    def span(hours: int) -> Span:
        return Span(TUESDAY + timedelta(hours=hours), TUESDAY + timedelta(hours=hours + 2))

    assert await visits.busy(TUESDAY, evening, room=ROOM.room) == [span(0), span(4)]
    assert await visits.busy(TUESDAY, evening, site="BRU-PAR") == [span(0), span(4), span(8)]
    assert await visits.busy(TUESDAY + timedelta(hours=2), TUESDAY + timedelta(hours=4), site="BRU-PAR") == []
