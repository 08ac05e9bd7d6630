"""A case that is cancelled, whatever the stage of its loan: nothing is leaked (R8)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from tests.workflows import loan_story as lending
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.loan_story import UNIT_IN_PARIS
from tests.workflows.sample import PARIS_ENDPOINT

TUESDAY = paris("tue 11 09:00")


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """Reported on Tuesday at nine, and blocking."""
    return await open_case(PARIS_ENDPOINT, TUESDAY, impact="blocking")


async def to_considered(case: CaseStory) -> None:
    await case.is_ordered()
    await case.at(paris("wed 12 18:00:01"))
    await case.loan_is("considered")


async def to_waiting(case: CaseStory) -> None:
    await case.is_ordered()
    await case.parcel("lost")
    await case.loan_is("waiting")


STAGES: dict[str, tuple[Callable[[CaseStory], Awaitable[None]], list[tuple[str, str | None]]]] = {
    "considered": (to_considered, []),
    "waiting": (to_waiting, [("called_off", None)]),
    "reserved": (lending.to_reserved, [("called_off", UNIT_IN_PARIS)]),
    "dispatched": (lending.to_dispatched, [("returning", UNIT_IN_PARIS)]),
    "scheduling": (lending.to_scheduling, [("returning", UNIT_IN_PARIS)]),
    "visit": (lending.to_visit, [("returning", UNIT_IN_PARIS)]),
    "in_service": (lending.to_in_service, [("returning", UNIT_IN_PARIS)]),
}


@pytest.mark.parametrize("stage", STAGES)
async def test_a_case_that_is_cancelled_at_any_stage_of_its_loan_leaks_nothing(
    case: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path, stage: str
) -> None:
    if stage == "waiting":
        await case_pool.execute("delete from loan_units")
    reach, left = STAGES[stage]
    await reach(case)
    await case.say("cancellation", reason="sold")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["loan"]["stage"]) == ("cancelled", "ended")
    assert await lending.loans(case_pool) == left
    held = "select count(*) from visit_slots where state in ('offered', 'chosen')"
    assert await case_pool.fetchval(held) == 0
    has_left = left == [("returning", UNIT_IN_PARIS)]
    carried = await case_pool.fetch("select called_off_at from orders where subject = 'loan'")
    assert [row["called_off_at"] is None for row in carried] == [has_left] * (stage not in ("considered", "waiting"))
    told = [mail.to for mail in mails_about(tmp_path, "Intervention annulée")]
    assert len(told) == (2 if stage == "visit" else 0)
    if has_left:
        await lending.comes_back(case, closed)
        assert await lending.loans(case_pool) == [("returned", UNIT_IN_PARIS)]
