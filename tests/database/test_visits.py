"""Slots: while one is held, nobody else gets its room or its technician (R10)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from activities.visits import VisitActivities
from database.absences import Absences
from database.visits import SlotGone, SlotTaken, VisitSlots
from domain.calendars import CalendarSpec
from domain.effects import EffectKey, SlotAnswer, SlotChoice, SlotOffer, SlotProposal, SlotRelease, SlotSearch
from domain.slots import Slot, SlotState, Subject

PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
MONDAY = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
CASE, OTHER_CASE = "CM-7K3Q-9XTB", "CM-0000-0001"
ROOM = "BRU-PAR-401"
CISCO_IN_PARIS = ("T-ADAM", "T-BENALI")


@pytest.fixture
def slots(pool: asyncpg.Pool) -> VisitSlots:
    return VisitSlots(pool)


@pytest.fixture
def visits(pool: asyncpg.Pool) -> VisitActivities:
    return VisitActivities(VisitSlots(pool), Absences(pool))


def key(case: str = CASE, step: str = "slots.1", round_: int = 1) -> EffectKey:
    return EffectKey(case=case, round=round_, step=step)


def search(
    of: EffectKey | None = None,
    *,
    site: str = "BRU-PAR",
    room: str | None = ROOM,
    skills: Sequence[str] = ("cisco",),
    region: str | None = "ile_de_france",
    count: int = 3,
    subject: Subject = "replacement",
) -> SlotSearch:
    """Slots of two hours from Tuesday on, held for twenty business hours."""
    return SlotSearch(
        key=of or key(),
        now=MONDAY,
        not_before=MONDAY,
        site=site,
        room=room,
        provider=PARIS,
        site_calendar=PARIS,
        duration=timedelta(hours=2),
        count=count,
        hold=timedelta(hours=20),
        skills=tuple(skills),
        region=region,
        subject=subject,
    )


def proposal(
    of: EffectKey | None = None, hours: float = 0, room: str | None = ROOM, subject: Subject = "replacement"
) -> SlotProposal:
    """The customer's wish for so many hours after Tuesday, ten o'clock in Paris."""
    start = TUESDAY + timedelta(hours=hours)
    return SlotProposal(
        key=of or key(step="proposal"),
        now=MONDAY,
        site="BRU-PAR",
        room=room,
        provider=PARIS,
        site_calendar=PARIS,
        start=start,
        end=start + timedelta(hours=2),
        duration=timedelta(hours=2),
        skills=("cisco",),
        region="ile_de_france",
        subject=subject,
    )


def chosen(answer: SlotAnswer) -> Slot:
    assert answer.slot is not None, answer.refused_because
    return answer.slot


def told(offer: SlotOffer) -> list[tuple[str, str | None]]:
    return [(f"{slot.start:%a %H:%M}", slot.technician) for slot in offer.slots]


async def states(pool: asyncpg.Pool) -> dict[str, str]:
    return {row["slot_id"]: row["state"] for row in await pool.fetch("select slot_id, state from visit_slots")}


async def test_every_slot_has_a_technician_with_the_skills_of_the_region(visits: VisitActivities) -> None:
    assert told(await visits.offer_slots(search())) == [
        ("Tue 08:00", "T-ADAM"),
        ("Tue 10:00", "T-BENALI"),
        ("Wed 08:00", "T-ADAM"),
    ]


async def test_a_site_of_no_region_is_visited_from_any(visits: VisitActivities) -> None:
    assert told(await visits.offer_slots(search(region=None, skills=("logitech", "poly"), room=None))) == [
        ("Tue 08:00", "T-BENALI"),
        ("Tue 10:00", "T-HOARAU"),
        ("Wed 08:00", "T-LEFEBVRE"),
    ]


async def test_without_a_technician_who_can_do_it_nothing_is_offered(visits: VisitActivities) -> None:
    offer = await visits.offer_slots(search(skills=("poly", "infrastructure")))
    assert offer.slots == ()


async def test_offering_again_answers_with_the_first_offer(visits: VisitActivities, pool: asyncpg.Pool) -> None:
    first = await visits.offer_slots(search())
    again = await asyncio.gather(*[visits.offer_slots(search(count=1)) for _ in range(4)])
    assert again == [first] * 4
    assert len(await states(pool)) == 3


async def test_the_room_of_another_case_and_its_bookings_are_avoided(
    visits: VisitActivities, pool: asyncpg.Pool
) -> None:
    await visits.offer_slots(search(key(OTHER_CASE), count=1))
    booked = TUESDAY + timedelta(hours=1)
    await pool.execute(
        "insert into room_bookings values ($1, 'board', $2, $3, 'Board')", ROOM, booked, booked + timedelta(hours=2)
    )
    offer = await visits.offer_slots(search())
    assert [start for start, _ in told(offer)] == ["Tue 13:00", "Tue 15:00", "Wed 08:00"]


async def test_another_room_is_free_at_the_same_time_with_another_technician(visits: VisitActivities) -> None:
    await visits.offer_slots(search(key(OTHER_CASE), count=1))
    offer = await visits.offer_slots(search(room="BRU-PAR-402", count=1))
    assert told(offer) == [("Tue 08:00", "T-BENALI")]


async def test_when_every_technician_is_taken_the_next_time_is_offered(visits: VisitActivities) -> None:
    for number in range(2):
        await visits.offer_slots(search(key(f"CM-0000-000{number}"), room=None, count=1))
    assert told(await visits.offer_slots(search(room="BRU-PAR-402", count=1))) == [("Tue 10:00", "T-ADAM")]


async def test_an_offer_is_never_held_on_what_is_taken(slots: VisitSlots, visits: VisitActivities) -> None:
    (taken,) = (await visits.offer_slots(search(key(OTHER_CASE), count=1))).slots
    offer = SlotOffer(slots=(taken.model_copy(update={"slot_id": "x"}),), held_until=TUESDAY)
    with pytest.raises(SlotTaken, match="room BRU-PAR-401 is taken"):
        await slots.offer(search(), TUESDAY + timedelta(days=1), lambda _: offer)
    elsewhere = search(room="BRU-PAR-402")
    with pytest.raises(SlotTaken, match="technician T-ADAM is taken"):
        await slots.offer(elsewhere, TUESDAY + timedelta(days=1), lambda _: offer)


TWICE = """
insert into visit_slots (slot_id, case_reference, round, step, site, {who}, starts_at, ends_at, state, held_until)
select 'x', case_reference, round, step, site, {who}, starts_at, ends_at, 'chosen', held_until from visit_slots
"""


@pytest.mark.parametrize("who", ["room", "technician"])
async def test_the_database_itself_refuses_to_hold_a_room_or_a_technician_twice(
    visits: VisitActivities, pool: asyncpg.Pool, who: str
) -> None:
    await visits.offer_slots(search(count=1))
    with pytest.raises(asyncpg.ExclusionViolationError, match=f"{who}_held_once"):
        await pool.execute(TWICE.format(who=who))


async def test_choosing_a_slot_lets_the_others_of_that_visit_go(visits: VisitActivities, pool: asyncpg.Pool) -> None:
    first, second, third = (await visits.offer_slots(search())).slots
    loan = (await visits.offer_slots(search(key(step="slots.2"), subject="loan", count=1))).slots[0]
    assert loan.subject == "loan"
    choice = SlotChoice(key=key(step="choice"), now=MONDAY, slot_id=second.slot_id)
    for _ in range(2):
        slot = chosen(await visits.choose_slot(choice))
        assert slot == second.model_copy(update={"state": SlotState.CHOSEN})
    assert await states(pool) == {
        first.slot_id: "declined",
        second.slot_id: "chosen",
        third.slot_id: "declined",
        loan.slot_id: "offered",
    }


async def test_a_slot_that_the_case_does_not_hold_cannot_be_chosen(visits: VisitActivities, slots: VisitSlots) -> None:
    (expired,) = (await visits.offer_slots(search(count=1))).slots
    await slots.release(CASE, SlotState.EXPIRED, [expired.slot_id])
    (foreign,) = (await visits.offer_slots(search(key(OTHER_CASE), count=1))).slots
    for name in (expired.slot_id, foreign.slot_id, "unknown"):
        with pytest.raises(SlotGone, match="offer new slots"):
            await slots.choose(SlotChoice(key=key(step=f"choose-{name}"), now=MONDAY, slot_id=name))


async def test_released_slots_are_free_for_others(visits: VisitActivities, pool: asyncpg.Pool) -> None:
    (slot,) = (await visits.offer_slots(search(count=1))).slots
    release = SlotRelease(key=key(), now=MONDAY, slot_ids=(slot.slot_id,), state=SlotState.DECLINED)
    for _ in range(2):
        await visits.release_slots(release)
    assert await states(pool) == {slot.slot_id: "declined"}
    assert told(await visits.offer_slots(search(key(OTHER_CASE), count=1))) == [("Tue 08:00", "T-ADAM")]


async def test_only_the_named_slots_of_the_case_are_released(visits: VisitActivities, slots: VisitSlots) -> None:
    first, second, _ = (await visits.offer_slots(search(key(round_=2)))).slots
    assert await slots.release(OTHER_CASE, SlotState.EXPIRED, [first.slot_id]) == 0
    assert await slots.release(CASE, SlotState.EXPIRED, [first.slot_id]) == 1
    assert await slots.release(CASE, SlotState.EXPIRED, [first.slot_id, second.slot_id]) == 1


async def test_a_choice_that_is_repeated_after_the_visit_is_answered_as_the_first_was(visits: VisitActivities) -> None:
    (slot,) = (await visits.offer_slots(search(count=1))).slots
    choice = SlotChoice(key=key(step="choice"), now=MONDAY, slot_id=slot.slot_id)
    first = await visits.choose_slot(choice)
    await visits.finish_visit(SlotChoice(key=key(step="finish"), now=TUESDAY, slot_id=slot.slot_id))
    assert await visits.choose_slot(choice) == first


async def test_a_proposed_slot_takes_the_place_of_what_the_case_holds_for_that_visit(
    visits: VisitActivities, pool: asyncpg.Pool
) -> None:
    (offered,) = (await visits.offer_slots(search(count=1))).slots
    (loan,) = (await visits.offer_slots(search(key(step="slots.2"), subject="loan", count=1))).slots
    slot = chosen(await visits.propose_slot(proposal(hours=4)))
    assert (slot.state, slot.technician, slot.subject) == (SlotState.CHOSEN, "T-ADAM", "replacement")
    assert chosen(await visits.propose_slot(proposal(hours=4))) == slot
    assert await states(pool) == {offered.slot_id: "declined", loan.slot_id: "offered", slot.slot_id: "chosen"}


async def test_a_proposal_may_overlap_what_it_replaces(visits: VisitActivities) -> None:
    await visits.offer_slots(search())
    assert chosen(await visits.propose_slot(proposal(hours=-1))).start == TUESDAY - timedelta(hours=1)


async def test_a_proposal_that_cannot_be_booked_says_why_and_leaves_the_held_slots(
    visits: VisitActivities, pool: asyncpg.Pool
) -> None:
    for number, code in enumerate(CISCO_IN_PARIS):
        wish = proposal(key(f"CM-0000-000{number}", "proposal"), 4, room=None)
        assert chosen(await visits.propose_slot(wish)).technician == code
    before = await visits.offer_slots(search(count=1))
    nobody = await visits.propose_slot(proposal(hours=4))
    assert nobody.refused_because == "no technician who can do it is free then"
    await pool.execute("delete from visit_slots where case_reference = 'CM-0000-0000'")
    chosen(await visits.propose_slot(proposal(key(OTHER_CASE, "again"), 4)))
    taken = await visits.propose_slot(proposal(hours=5))
    assert taken.refused_because == "room BRU-PAR-401 is taken then"
    assert (await states(pool))[before.slots[0].slot_id] == "offered"


async def test_a_visit_that_took_place_holds_nothing(visits: VisitActivities, pool: asyncpg.Pool) -> None:
    slot = chosen(await visits.propose_slot(proposal()))
    await visits.finish_visit(SlotChoice(key=key(step="done"), now=MONDAY, slot_id=slot.slot_id))
    assert await states(pool) == {slot.slot_id: "done"}
    assert chosen(await visits.propose_slot(proposal(key(OTHER_CASE)))).technician == slot.technician


async def test_many_cases_that_fight_for_two_technicians_all_get_slots_and_none_twice(
    visits: VisitActivities, pool: asyncpg.Pool
) -> None:
    """At two sites, so that it is the technicians for whom they queue."""
    places = (("BRU-PAR", ROOM), ("BRU-PAR", None), ("VIL-HDV", "VIL-HDV-CONSEIL"), ("VIL-HDV", None))
    searches = [
        search(key(f"CM-0000-00{number:02}"), site=site, room=room) for number, (site, room) in enumerate(places * 6)
    ]
    offers = await asyncio.gather(*[visits.offer_slots(one) for one in searches])
    assert all(len(offer.slots) == 3 for offer in offers)
    held = [(slot.technician, slot.start) for offer in offers for slot in offer.slots]
    assert len(set(held)) == len(held) == 72
    assert {technician for technician, _ in held} == set(CISCO_IN_PARIS)
