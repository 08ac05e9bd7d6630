"""A story's clock goes where the test sends it, and everything on the way happens at its own instant."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from config.settings import Settings
from config.temporal import new_worker
from tests.conftest import BeginStory
from tests.house.toy_workflows import Clock, wall_clock

MONDAY_8 = datetime(2027, 6, 7, 8, 0, tzinfo=UTC)
SLACK = timedelta(seconds=2)


@pytest.fixture(autouse=True)
async def worker(temporal: WorkflowEnvironment, task_queue: str) -> AsyncIterator[None]:
    settings = Settings(task_queue=task_queue)
    async with new_worker(temporal.client, settings, workflows=[Clock], activities=[wall_clock]):
        yield


def instant(view: dict[str, str], name: str) -> datetime:
    return datetime.fromisoformat(view[name])


async def test_a_story_begins_at_the_instant_it_is_given(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 10, id="clock-begin", at=MONDAY_8)
    view = await story.until(lambda view: "start" in view)
    assert MONDAY_8 <= instant(view, "start") < MONDAY_8 + SLACK


async def test_timers_on_the_way_fire_in_order_each_at_its_instant(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 10, id="clock-timers", at=MONDAY_8)
    await story.until(lambda view: "activity" in view)
    assert await story.at(MONDAY_8 + timedelta(hours=25))
    view = await story.until(lambda view: "second" in view)
    assert "third" not in view
    for hours, name in ((10, "first"), (20, "second")):
        assert MONDAY_8 + timedelta(hours=hours) <= instant(view, name) < MONDAY_8 + timedelta(hours=hours) + SLACK


async def test_an_activity_sees_the_wall_clock(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 10, id="clock-activity", at=MONDAY_8)
    before = datetime.now(UTC) - SLACK
    view = await story.until(lambda view: "activity" in view)
    assert before <= instant(view, "activity") < MONDAY_8


async def test_a_signal_is_heard_at_the_instant_to_which_the_clock_was_moved(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 10, id="clock-signal", at=MONDAY_8)
    await story.after(timedelta(hours=5))
    await story.signal("ring")
    assert set(await story.result()) == {"start", "activity"}


async def test_time_passes_no_more_for_a_workflow_that_has_ended(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 1, id="clock-ended", at=MONDAY_8)
    await story.until(lambda view: "activity" in view, "it waits for nothing but its timers")
    assert await story.after(timedelta(days=2)) is False
    assert await story.after(timedelta(days=2)) is False


async def test_time_does_not_run_backwards(begin_story: BeginStory) -> None:
    story = await begin_story("Clock", 10, id="clock-backwards", at=MONDAY_8)
    with pytest.raises(ValueError, match="time does not pass until 2027-06-07T07:59"):
        await story.at(MONDAY_8 - timedelta(minutes=1))


async def test_a_story_cannot_begin_in_the_past(begin_story: BeginStory) -> None:
    with pytest.raises(ValueError, match="a story begins after the wall clock"):
        await begin_story("Clock", 10, id="clock-past", at=datetime(2020, 1, 1, tzinfo=UTC))


async def test_what_never_comes_to_pass_is_said_with_the_last_view(
    begin_story: BeginStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = await begin_story("Clock", 10, id="clock-never", at=MONDAY_8)
    await story.view()
    monkeypatch.setattr("tests.story.TRIES", 2)
    with pytest.raises(AssertionError, match="never came to pass: the moon rises; last seen"):
        await story.until(lambda view: "moon" in view, "the moon rises")
