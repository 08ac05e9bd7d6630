"""What one workflow tells others arrives there once, however often it is said (DESIGN §2.12)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.messages import MessageActivities
from domain.effects import CaseWord, CaseWords, EffectKey, HandOver
from starter.messenger import ClientMessenger
from tests.story import Story
from tests.workflows.case_story import instant, paris, report
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT

KEY = EffectKey(case="CM-7K3Q-9XTB", round=1, step="correction")
NOW = paris("mon 10 11:00")


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: a client reaches the cases there."""
    return open_case_on_server


@pytest.fixture
def messages(temporal: WorkflowEnvironment, task_queue: str) -> MessageActivities:
    """The activities as a worker has them."""
    return MessageActivities(ClientMessenger(temporal.client, task_queue))


def hand_over(serial_number: str, **fields: Any) -> HandOver:
    """The report on the bridge was about another piece of equipment."""
    wrong = report(PARIS_BRIDGE, **fields)
    return HandOver(key=KEY, now=NOW, serial_number=serial_number, report=wrong, moved_from=KEY.case)


async def test_a_report_handed_over_joins_the_open_case_once_with_its_own_instant(
    messages: MessageActivities, open_case: OpenCase
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 11:00"))
    a_week_ago = paris("mon 3 09:00").isoformat()
    moved = hand_over(PARIS_ENDPOINT, reported_at=a_week_ago, message_id="call-1", case=KEY.case)
    assert await messages.hand_over_report(moved) == await messages.hand_over_report(moved)
    view = await case.view()
    assert await messages.hand_over_report(moved) == view["reference"]
    lines = [line for line in view["journal"] if line["kind"] == "report"]
    assert [(line["at"], line["actor"]) for line in lines[1:]] == [(a_week_ago, f"supervisor:correction of {KEY.case}")]


async def test_a_report_handed_over_opens_the_case_of_the_right_equipment(
    worker: Worker, temporal: WorkflowEnvironment, messages: MessageActivities
) -> None:
    called_at = datetime.now(UTC) - timedelta(days=7)
    reference = await messages.hand_over_report(hand_over(PARIS_ENDPOINT, reported_at=called_at.isoformat()))
    story = Story(temporal, temporal.client.get_workflow_handle(f"curative-{PARIS_ENDPOINT}"))
    try:
        view = await story.view()
        assert (view["reference"], view["moved_from"]) == (reference, KEY.case)
        assert instant(view["reported_at"]) == called_at
        assert len([line for line in view["journal"] if line["kind"] == "report"]) == 1
    finally:
        await story.abandon()


async def test_a_report_that_no_case_can_have_fails_for_good(messages: MessageActivities, open_case: OpenCase) -> None:
    await open_case(PARIS_ENDPOINT, paris("mon 10 11:00"))
    with pytest.raises(ApplicationError, match="reported_at: .* lies ahead of the case's clock") as failure:
        await messages.hand_over_report(hand_over(PARIS_ENDPOINT, reported_at=paris("mon 24 09:00").isoformat()))
    assert failure.value.non_retryable


async def test_other_cases_are_told_once_and_one_that_has_ended_needs_no_word(
    messages: MessageActivities, open_case: OpenCase
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 11:00"))
    words = tuple(
        CaseWord(workflow_id=f"curative-{serial}", name="note", payload={"text": f"to {serial}"})
        for serial in (PARIS_BRIDGE, PARIS_ENDPOINT, PARIS_ENDPOINT)
    )
    for _ in range(2):
        await messages.tell_cases(CaseWords(key=KEY, now=NOW, words=words))
    view = await case.until(lambda view: view["journal"][-1]["kind"] == "note")
    assert [line["text"] for line in view["journal"] if line["kind"] == "note"] == [f"to {PARIS_ENDPOINT}"] * 2
