"""A worker dies at the end of a task, and more comes in meanwhile: done anew, the task takes another way (SPEC §7.3).

What its local activities did stays in PostgreSQL, under keys that the history never has, or has for something else.
"""

from datetime import datetime, timedelta

import asyncpg
import pytest

from tests.engine.story_on_engine import HandleOnEngine
from tests.workflows import loan_story as lending
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import nothing_is_held

A_SECOND = timedelta(seconds=1)


@pytest.fixture(name="open_case")
def _open_case(open_case_on_engine: OpenCase) -> OpenCase:
    """Only there is it said when a worker dies."""
    return open_case_on_engine


async def lose_what_comes_next(case: CaseStory) -> None:
    """Whatever comes up within the next second is done, and lost."""
    assert isinstance(case.handle, HandleOnEngine)
    await case.handle.lose_task(within=A_SECOND)


async def lose_what_follows_at(case: CaseStory, moment: datetime) -> None:
    """What that instant brings about is done, and lost."""
    await case.at(moment - A_SECOND / 2)
    await lose_what_comes_next(case)


async def offered(pool: asyncpg.Pool) -> list[tuple[datetime, str]]:
    """What is offered, by start, and where."""
    rows = await pool.fetch("select starts_at, site from visit_slots where state = 'offered' order by starts_at")
    return [(row["starts_at"], row["site"]) for row in rows]


async def hold_has_expired(case: CaseStory, pool: asyncpg.Pool) -> None:
    """Slots were offered and nobody answered; others were offered by a worker that died thereupon."""
    await case.needs_hands()
    before = await offered(pool)
    await lose_what_follows_at(case, await pool.fetchval("select max(held_until) from visit_slots"))
    assert await offered(pool) != before


async def test_an_approval_and_its_revocation_that_come_together_count_both(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.hardware_has_failed()
    now = (await case.now()).isoformat()
    await case.signal("vendor_validation", {"decision": "approved", "decided_at": now})
    await lose_what_comes_next(case)
    await case.signal("vendor_validation", {"decision": "revoked", "decided_at": now})
    view = await case.reaches("remote_diagnosis", round=2)
    assert "decision: there is no approval to revoke in this round" not in str(view["journal"])


async def test_slots_that_the_history_does_not_know_are_free_once_the_case_is_cancelled(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await hold_has_expired(case, case_pool)
    await case.signal("cancellation", {"reason": "sold"})
    await nothing_is_held(await case.handle.result(), case_pool)


async def test_slots_that_the_history_does_not_know_are_not_offered_where_the_equipment_no_longer_stands(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """They had been held for the old site under the key that those for the new one have now."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await hold_has_expired(case, case_pool)
    await case.signal("correction", {"site": "BRU-LIL", "reason": "moved"})
    view = await case.reaches("site_scheduling", site="BRU-LIL", waiting_for="customer")
    shown = [(instant(slot["start"]), "BRU-LIL") for slot in view["slots"] if slot["state"] == "offered"]
    assert await offered(case_pool) == shown


async def test_what_is_offered_is_held_though_a_lost_offer_was_let_go_by_the_wish_of_the_customer(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await hold_has_expired(case, case_pool)
    wish = {"action": "propose", "start": paris("wed 19 14:00").isoformat(), "end": paris("wed 19 16:00").isoformat()}
    await case.signal("site_scheduling", wish)
    await case.reaches("on_site")
    assert await offered(case_pool) == []
    await case.say("site_scheduling", action="cancel", reason="a board meeting")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    held = await case_pool.fetch("select slot_id from visit_slots where state = 'offered'")
    assert {row["slot_id"] for row in held} == {slot["slot_id"] for slot in view["slots"] if slot["state"] == "offered"}
    assert len(held) == 3


async def test_parts_that_the_history_has_not_reserved_are_in_stock_once_the_case_is_cancelled(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """Level 2 spoke before level 1: it counts at the instant at which the clock escalates."""
    before = await case_pool.fetch("select * from stock order by location, article")
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    kept = await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    assert kept["disposition"] == "kept"
    await lose_what_follows_at(case, instant((await case.promise("level_1_answer"))["due_at"]))
    assert await case_pool.fetchval("select state from stock_reservations") == "reserved"
    await case.signal("cancellation", {"reason": "sold"})
    await nothing_is_held(await case.handle.result(), case_pool)
    assert await case_pool.fetch("select * from stock order by location, article") == before


async def unit_is_taken_in_a_round_that_was_over(case: CaseStory, pool: asyncpg.Pool) -> None:
    """The loan unit is lost, and another one is reserved by a worker that dies; a new round has begun meanwhile."""
    await lending.to_dispatched(case)
    await case.signal("shipment", {"status": "lost", "subject": "loan"})
    await lose_what_comes_next(case)
    assert [state for state, _ in await lending.loans(pool)] == ["lost", "reserved"]
    now = (await case.now()).isoformat()
    await case.signal("vendor_validation", {"decision": "revoked", "decided_at": now})
    await case.reaches("remote_diagnosis", round=2)
    await case.loan_is("reserved")


async def test_a_case_has_one_loan_unit_whatever_round_it_was_first_asked_for_in(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await unit_is_taken_in_a_round_that_was_over(case, case_pool)
    reserved = await case_pool.fetch("select unit from loans where state = 'reserved'")
    assert [row["unit"] for row in reserved] == [(await case.view())["loan"]["unit"]["serial_number"]]
    await case.say("cancellation", reason="sold")
    await nothing_is_held(await case.handle.result(), case_pool)
