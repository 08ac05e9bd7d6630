"""Offers that are declined again and again: what a case carries stays small, and its clock exact (SPEC §4).

DECLINED_OFFERS says how many (45); five hundred take a minute.
"""

import os
from datetime import datetime, timedelta

import asyncpg
from pydantic import TypeAdapter

from domain.business_time import business_calendar
from domain.case import CaseState
from domain.promises import PAUSES_KEPT, PromiseName
from domain.waits import ADDED_UP_TOGETHER, WAITS_KEPT
from tests.engine.story_on_engine import HandleOnEngine
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT

DURATION = TypeAdapter(timedelta)
OFFERS = int(os.environ.get("DECLINED_OFFERS", "45"))
A_STATE = 250_000
"""Bytes, most of it the newest lines of the journal: an execution may hand on two million."""


async def test_offers_declined_without_end_leave_a_small_state_and_an_exact_due_instant(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 3 09:00"))
    await case.needs_hands()
    for number in range(OFFERS):
        await case.after(timedelta(minutes=1 + number % 7))
        await case.say("site_scheduling", action="decline", reason="not then")
    await case.until(lambda view: view["next_messages"] and view["waiting_for"] == "customer", "slots are offered")

    state = state_of(case)
    [promise] = [each for each in state.promises if each.name is PromiseName.VISIT_PLANNING]
    assert len(promise.pauses) <= PAUSES_KEPT + 1
    assert len(state.waits) <= WAITS_KEPT + ADDED_UP_TOGETHER + 5
    assert len(state.model_dump_json()) < A_STATE

    calendar = business_calendar(state.coverage.provider)  # type: ignore[union-attr]  # it is covered
    pauses = await paused(case_pool, state.reference)
    assert len(pauses) == OFFERS
    held = sum((calendar.elapsed(start, end) for start, end in pauses), timedelta(0))
    assert held > OFFERS * timedelta(minutes=2)
    unpaused = calendar.add(calendar.next_opening(promise.started_at), timedelta(hours=4))
    assert promise.due_at == calendar.add(unpaused, held)

    await case.say("cancellation", reason="sold")
    closed = await case.handle.result()
    waited = sum((seconds(wait["business"]) for wait in closed["waits"]), timedelta(0))
    assert sum(wait["spans"] for wait in closed["waits"]) > 2 * OFFERS
    assert waited == calendar.elapsed(instant(closed["reported_at"]), instant(closed["closed_at"]))


async def paused(pool: asyncpg.Pool, reference: str) -> list[tuple[datetime, datetime]]:
    """Every pause of the planning of the visit, as the journal tells it."""
    lines = await pool.fetch(
        "select at, text from journal where case_reference = $1 and kind = 'promise.visit_planning' order by sequence",
        reference,
    )
    begun = [line["at"] for line in lines if "paused:" in line["text"]]
    ended = [line["at"] for line in lines if "runs on" in line["text"]]
    return list(zip(begun, ended, strict=False))


def seconds(text: str | None) -> timedelta:
    """A span as the view shows it."""
    return DURATION.validate_python(text) if text else timedelta(0)


def state_of(case: CaseStory) -> CaseState:
    """All that the case would hand on."""
    assert isinstance(case.handle, HandleOnEngine)
    return case.handle.execution._run.workflow.execution.case
