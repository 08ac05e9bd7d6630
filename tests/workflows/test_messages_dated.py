"""`at`: a message tells when it happened, within the bounds of the case's clock and report (SPEC §4, §5)."""

from datetime import timedelta

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, last_line, lines_after


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """A case that was reported on Friday and is with level 2 on Tuesday at noon."""
    opened = await open_case(PARIS_ENDPOINT, paris("fri 21 09:00"), impact="blocking")
    await opened.at(paris("tue 25 12:00"))
    return opened


async def test_up_to_five_minutes_ahead_of_the_clock_is_taken(case: CaseStory) -> None:
    ahead = await case.now() + timedelta(minutes=4, seconds=55)
    assert (await case.say("note", text="a fast watch", at=ahead.isoformat()))["disposition"] == "taken"


@pytest.mark.parametrize(("kind", "field"), [("note", "at"), ("vendor_validation", "decided_at")])
async def test_more_than_five_minutes_ahead_of_the_clock_is_refused(case: CaseStory, kind: str, field: str) -> None:
    ahead = (await case.now() + timedelta(minutes=6)).isoformat()
    content = {"text": "tomorrow"} if kind == "note" else {"decision": "approved"}
    reason = await case.refused(kind, **content, **{field: ahead})
    assert reason.startswith(f"{field}: {ahead} lies ahead of the case's clock")


async def test_before_the_report_is_refused_whoever_says_it(case: CaseStory) -> None:
    before = paris("fri 21 08:59").isoformat()
    reason = await case.refused("note", text="earlier", at=before, actor="supervisor:R. Martin")
    assert reason.startswith(f"at: {before} lies before the case's report")


async def test_one_business_day_back_is_taken_over_a_weekend_too(case: CaseStory) -> None:
    await case.say("note", text="yesterday at this time", at=paris("mon 24 12:05").isoformat())
    line = (await case.view())["journal"][-1]
    assert line["text"] == "yesterday at this time [entered late]"
    assert instant(line["at"]) == paris("mon 24 12:05")
    assert instant(line["entered_at"]) >= paris("tue 25 12:00")


async def test_more_than_one_business_day_back_needs_a_supervisor(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    friday = paris("fri 21 17:00").isoformat()
    reason = await case.refused("note", text="on Friday", at=friday)
    assert reason.startswith(f"at: {friday} is more than one business day ago; only a supervisor may enter it")
    answer = await case.say("note", text="on Friday", at=friday, actor="supervisor:R. Martin")
    assert answer["case"]["journal"][-1]["actor"] == "supervisor:R. Martin"
    await ends_soundly(case, case_pool)


async def test_what_is_refused_for_its_instant_is_journaled_when_it_came_as_a_signal(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    before = await last_line(case)
    instants = [paris("fri 21 08:59"), paris("fri 21 17:00"), paris("wed 26 12:00")]
    for at in instants:
        await case.signal("note", {"text": "when?", "at": at.isoformat()})
    lines = await lines_after(case, before, len(instants))
    assert [line["disposition"] for line in lines] == ["refused"] * len(instants)
    assert [instant(line["at"]) >= paris("tue 25 12:00") for line in lines] == [True] * len(instants)
    await ends_soundly(case, case_pool)


async def test_the_instant_of_a_message_never_reorders_the_journal(case: CaseStory) -> None:
    before = await last_line(case)
    for minute in (30, 10, 20):
        await case.say("note", text=f"11:{minute}", at=paris(f"tue 25 11:{minute}").isoformat())
    texts = [line["text"] for line in await lines_after(case, before, 3)]
    assert texts == ["11:30 [entered late]", "11:10 [entered late]", "11:20 [entered late]"]


async def test_a_promise_is_judged_by_when_things_happened_not_by_when_they_were_typed_in(
    open_case: OpenCase,
) -> None:
    """Due on Friday at 13:00; the finding of 12:40 is typed in at 13:30."""
    case = await open_case(PARIS_ENDPOINT, paris("fri 21 09:00"), impact="blocking")
    await case.at(paris("fri 21 13:30"))
    assert (await case.promise("level_2_diagnosis"))["state"] == "breached"
    await case.diagnosed(2, "hardware_failure", at=paris("fri 21 12:40").isoformat())
    await case.reaches("vendor_validation")
    promise = await case.promise("level_2_diagnosis")
    assert (promise["state"], instant(promise["ended_at"])) == ("met", paris("fri 21 12:40"))
