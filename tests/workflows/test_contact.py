"""A customer who cannot be reached: three attempts over two business days, and the clocks wait (SPEC §4, R10)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import COORDINATOR, mails, mails_about, subjects_to
from tests.workflows.sample import PARIS_ENDPOINT

CUSTOMER = "salles.paris@brunel.example"


async def attempt(case: CaseStory, at: datetime | None = None, *, reached: bool = False, **fields: Any) -> None:
    """Somebody calls the customer, now or at that instant."""
    when = {"at": at.isoformat()} if at else {}
    await case.say("contact_attempt", party="customer", channel="phone", reached=reached, **when, **fields)


async def at_level_2(open_case: OpenCase) -> CaseStory:
    """A case that level 2 has had since Monday 10 May, 09:00; its diagnosis is due at 13:00."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), impact="blocking")
    await case.reaches("remote_diagnosis", level=2)
    return case


async def test_three_attempts_over_two_business_days_stop_the_clocks_from_the_first_on(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await at_level_2(open_case)
    await case.at(paris("mon 10 10:00"))
    await attempt(case)
    await case.at(paris("mon 10 17:00"))
    await attempt(case)
    assert (await case.promise("level_2_diagnosis"))["state"] == "breached"
    await case.at(paris("tue 11 09:00"))
    await attempt(case)
    promise = await case.promise("level_2_diagnosis")
    assert (promise["state"], promise["ended_at"]) == ("paused", None)
    assert mails_about(tmp_path, "Client injoignable")[0].to == COORDINATOR

    await case.at(paris("wed 12 11:00"))
    await attempt(case, reached=True)
    promise = await case.until(_level_2_runs, "the clock runs on")
    promise = await case.promise("level_2_diagnosis")
    assert abs(promise["paused_seconds"] - timedelta(hours=21).total_seconds()) < 60
    assert abs(instant(promise["due_at"]) - paris("wed 12 14:00")) < timedelta(minutes=1)


async def test_attempts_on_one_business_day_stop_nothing_however_many_holidays_there_are(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("fri 14 16:30"), impact="blocking")
    await case.reaches("remote_diagnosis", level=2)
    for day, time in (("fri 14", "16:40"), ("fri 14", "17:50"), ("fri 14", "17:55"), ("sat 15", "10:00")):
        await case.at(paris(f"{day} {time}"))
        await attempt(case)
    assert (await case.promise("level_2_diagnosis"))["state"] == "running"
    await attempt(case, reached=True)
    for whit_monday_or_the_day_after in ("mon 17 10:00", "mon 17 11:00", "mon 17 12:00", "tue 18 08:10"):
        assert (await case.promise("level_2_diagnosis"))["state"] == "running"
        await case.at(paris(whit_monday_or_the_day_after))
        await attempt(case)
    assert (await case.promise("level_2_diagnosis"))["state"] == "running"
    assert mails_about(tmp_path, "Client injoignable") == []


async def test_attempts_that_are_typed_in_late_count_from_when_they_were_made(open_case: OpenCase) -> None:
    case = await at_level_2(open_case)
    await case.at(paris("tue 11 09:00"))
    assert (await case.promise("level_2_diagnosis"))["state"] == "breached"
    for time in ("mon 10 09:30", "mon 10 15:00", "tue 11 08:30"):
        await attempt(case, paris(time))
    promise = await case.promise("level_2_diagnosis")
    assert promise["state"] == "paused"
    lines = [line["text"] for line in (await case.view())["journal"] if line["kind"] == "contact"]
    assert lines == ["the customer cannot be reached: 3 attempts, since 2027-05-10 09:30+0200"]
    await attempt(case, paris("mon 10 14:00"), reached=True)
    promise = await case.until(_level_2_runs, "the clock runs on from when the customer was reached")
    assert instant((await case.promise("level_2_diagnosis"))["due_at"]) == paris("mon 10 17:30")


async def test_after_three_unanswered_offers_nothing_is_held_until_the_customer_is_reached(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    await case.at(paris("wed 19 09:05"))
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert [slot["state"] for slot in view["slots"]] == ["expired"] * 9
    assert "site_scheduling propose" in view["next_action"]
    assert await _held(case_pool) == 0
    for time in ("wed 19 09:10", "wed 19 15:00", "thu 20 10:00"):
        await case.at(paris(time))
        await attempt(case)
    assert (await case.promise("visit_planning"))["state"] == "paused"
    await case.at(paris("mon 24 10:00"))
    told = subjects_to(CUSTOMER, mails(tmp_path, view["reference"]))
    assert told.count("Choix d'un créneau d'intervention") == 3
    assert told.count("Rappel : créneau d'intervention à choisir") == 2
    assert told.count("Rappel : intervention à convenir") == 1
    await attempt(case, reached=True)
    view = await case.until(lambda view: len(view["slots"]) > 9, "slots are offered again")
    assert await _held(case_pool) == 3
    assert (await case.promise("visit_planning"))["state"] == "paused"
    await case.visit_is_chosen()


async def test_a_customer_who_is_reached_at_the_first_call_is_offered_slots_again(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    await case.at(paris("mon 24 09:00"))
    assert await _held(case_pool) == 0
    await case.signal("contact_attempt", {"party": "customer", "channel": "phone", "reached": True})
    await case.until(lambda view: len(view["slots"]) > 9, "slots are offered again")
    assert await _held(case_pool) == 3


def _level_2_runs(view: dict[str, Any]) -> bool:
    promise = next(promise for promise in view["promises"] if promise["name"] == "level_2_diagnosis")
    return promise["state"] in ("running", "breached")


async def _held(pool: asyncpg.Pool) -> int:
    held: int = await pool.fetchval("select count(*) from visit_slots where state in ('offered', 'chosen')")
    return held
