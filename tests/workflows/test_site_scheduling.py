"""Site scheduling: slots in the calendars, held, chosen, proposed, expired (R10)."""

from datetime import timedelta

import asyncpg

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT, PARIS_ENDPOINT_SAME_ROOM, REUNION_ENDPOINT


async def waiting_for_a_choice(open_case: OpenCase, serial_number: str = PARIS_ENDPOINT) -> CaseStory:
    """A case whose replacement was delivered on Tuesday 11 May."""
    case = await open_case(serial_number, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.delivered()
    return case


async def test_slots_are_offered_when_site_and_provider_are_both_open(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case, REUNION_ENDPOINT)
    for slot in (await case.view())["slots"]:
        start, end = instant(slot["start"]), instant(slot["end"])
        assert start.utcoffset() == instant("2027-05-11T00:00:00+04:00").utcoffset()
        assert start >= start.replace(hour=10, minute=0)
        assert end <= end.replace(hour=18, minute=0)


async def test_waiting_for_the_customers_choice_stops_our_clock(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    assert (await case.promise("visit_planning"))["state"] == "paused"
    await case.at(paris("wed 12 17:00"))
    await case.visit_is_chosen()
    assert (await case.promise("visit_planning"))["state"] == "met"


async def test_a_chosen_slot_frees_the_others(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await waiting_for_a_choice(open_case)
    view = await case.visit_is_chosen()
    assert [slot["state"] for slot in view["slots"]] == ["chosen", "declined", "declined"]
    states = await case_pool.fetch("select state from visit_slots order by slot_id")
    assert [row["state"] for row in states] == ["chosen", "declined", "declined"]


async def test_a_slot_that_was_never_offered_is_refused_and_the_offered_ones_are_named(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    reason = await case.refused("site_scheduling", action="choose", slot_id="NEVER")
    assert reason.startswith("slot_id: slot 'NEVER' was never offered; offered now: ")


async def test_a_slot_whose_hour_has_passed_cannot_be_chosen(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    first = (await case.view())["slots"][0]
    await case.at(instant(first["start"]) + timedelta(minutes=1))
    reason = await case.refused("site_scheduling", action="choose", slot_id=first["slot_id"])
    assert reason.startswith(f"slot_id: slot '{first['slot_id']}' is past; offered now: ")


async def test_two_cases_are_never_offered_the_same_room_at_the_same_time(open_case: OpenCase) -> None:
    one = await waiting_for_a_choice(open_case, PARIS_ENDPOINT)
    other = await waiting_for_a_choice(open_case, PARIS_ENDPOINT_SAME_ROOM)
    taken = {slot["start"] for slot in (await one.view())["slots"]}
    assert taken.isdisjoint({slot["start"] for slot in (await other.view())["slots"]})


async def test_held_slots_expire_and_new_ones_are_offered(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await waiting_for_a_choice(open_case)
    first = {slot["slot_id"] for slot in (await case.view())["slots"]}
    await case.at(paris("fri 14 18:00"))
    view = await case.until(lambda view: len(view["slots"]) > 3, "new slots are offered")
    assert {slot["state"] for slot in view["slots"] if slot["slot_id"] in first} == {"expired"}
    assert {slot["state"] for slot in view["slots"] if slot["slot_id"] not in first} == {"offered"}
    expired = await case_pool.fetchval("select count(*) from visit_slots where state = 'expired'")
    assert expired == 3


async def test_the_customer_proposes_a_slot_that_can_be_had(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    start, end = paris("wed 12 14:00"), paris("wed 12 16:00")
    await case.say("site_scheduling", action="propose", start=start.isoformat(), end=end.isoformat())
    view = await case.reaches("on_site")
    chosen = [slot for slot in view["slots"] if slot["state"] == "chosen"]
    assert [instant(slot["start"]) for slot in chosen] == [start]


async def test_a_proposal_that_overlaps_our_own_offer_can_be_had(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    offered = instant((await case.view())["slots"][0]["start"])
    shifted = offered.replace(minute=30)
    await case.say(
        "site_scheduling",
        action="propose",
        start=shifted.isoformat(),
        end=shifted.replace(hour=shifted.hour + 2).isoformat(),
    )
    await case.reaches("on_site")


async def test_a_proposal_on_sunday_is_answered_and_the_offer_stands(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    start, end = paris("sun 16 14:00"), paris("sun 16 16:00")
    await case.say("site_scheduling", action="propose", start=start.isoformat(), end=end.isoformat())
    await case.until(lambda view: "cannot be had" in view["journal"][-1]["text"], "the proposal is answered")
    assert "the slot cannot be had: the site is not open for all of it" in await case.journal()
    await case.visit_is_chosen()


async def test_declined_slots_bring_new_ones(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    await case.say("site_scheduling", action="decline", reason="board meeting")
    view = await case.until(lambda view: len(view["slots"]) > 3, "new slots are offered")
    assert {slot["state"] for slot in view["slots"][:3]} == {"declined"}
    declined, offered = view["slots"][:3], view["slots"][3:]
    assert {slot["start"] for slot in declined}.isdisjoint({slot["start"] for slot in offered})


async def test_a_proposal_that_is_too_short_for_a_visit_is_answered(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    start, end = paris("wed 12 14:00"), paris("wed 12 14:30")
    await case.say("site_scheduling", action="propose", start=start.isoformat(), end=end.isoformat())
    await case.until(lambda view: "cannot be had" in view["journal"][-1]["text"], "the proposal is answered")
    assert "the slot cannot be had: a visit takes 120 minutes at the least" in await case.journal()


async def test_a_visit_that_was_chosen_can_be_moved(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    await case.visit_is_chosen()
    start, end = paris("wed 19 14:00"), paris("wed 19 16:00")
    await case.say("site_scheduling", action="propose", start=start.isoformat(), end=end.isoformat())
    view = await case.until(lambda view: "Wed 2027-05-19" in view["next_action"], "the visit has moved")
    assert view["stage"] == "on_site"
    assert [instant(slot["start"]) for slot in view["slots"] if slot["state"] == "chosen"] == [start]


async def test_a_technician_who_is_ill_that_morning_leads_to_a_new_slot(open_case: OpenCase) -> None:
    case = await waiting_for_a_choice(open_case)
    await case.visit_is_chosen()
    await case.say("site_scheduling", action="technician_unavailable", reason="flu")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert "chosen" not in {slot["state"] for slot in view["slots"]}
    await case.visit_is_chosen()
