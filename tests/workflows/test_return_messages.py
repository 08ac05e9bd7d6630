"""What is said of a return: taken once, refused with the field, journaled whatever it is (SPEC §5)."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.workflows.case_story import paris
from tests.workflows.conftest import FollowReturn
from tests.workflows.return_story import WORKFLOW, order
from tests.workflows.soundness import failed_tasks
from tests.workflows.strange_payloads import STRANGE

pytestmark = pytest.mark.usefixtures("worker")
MONDAY = paris("mon 10 09:00")


async def test_what_does_not_fit_is_refused_with_the_field(follow_return: FollowReturn) -> None:
    story = await follow_return()
    ahead = (MONDAY + timedelta(hours=1)).isoformat()
    mistakes: dict[str, dict[str, Any]] = {
        "condition": {"kind": "return_news", "status": "lost", "condition": "good"},
        "status": {"kind": "return_news", "status": "eaten"},
        "colour": {"kind": "return_news", "status": "received", "colour": "blue"},
        "kind": {"kind": "shipment", "status": "delivered"},
        "at": {"kind": "return_news", "status": "received", "at": ahead},
        "case": {"kind": "return_news", "status": "received", "case": "CM-0000-0000"},
        "text": {"kind": "note"},
        "payload": {},
    }
    mistakes["payload"] = ["note"]  # type: ignore[assignment]  # that is the mistake
    reasons = {field: (await story.refused(message)).partition(": ")[0] for field, message in mistakes.items()}
    assert reasons == {field: field for field in mistakes}
    assert "before it was asked for" in await story.refused(
        {"kind": "return_news", "status": "received", "at": (MONDAY - timedelta(days=1)).isoformat()}
    )


async def test_a_message_that_comes_twice_counts_once(follow_return: FollowReturn) -> None:
    story = await follow_return()
    for _ in range(2):
        await story.signal("note", {"text": "who has it?", "message_id": "n1"})
        view = await story.news("dispatched", message_id="d1")
    assert [line["kind"] for line in view["journal"][1:]] == ["note", "return_news"]
    assert "message_id" in await story.refused({"kind": "note", "text": "other", "message_id": "n1"})


async def test_signals_of_any_name_and_content_are_journaled_and_the_return_goes_on(
    follow_return: FollowReturn,
) -> None:
    story = await follow_return()
    names = ("return_news", "note", "livraison")
    for name in names:
        for payloads in STRANGE.values():
            await story.signal(name, *payloads)
    await story.signal("note", {"text": "at last"})
    view = await story.until(lambda view: view["journal"][-1]["text"] == "at last")
    assert view["journal"][-1]["sequence"] == 2 + len(names) * len(STRANGE)
    assert {line["disposition"] for line in view["journal"][1:-1]} == {"refused"}
    await story.signal("return_news", {"status": "received"})
    assert (await story.result())["state"] == "received"
    assert await failed_tasks(story) == []


async def test_what_is_no_order_is_rejected_at_once(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    for arguments in [*STRANGE.values(), [{"return": {"key": {"case": "x"}}}]]:
        handle = await temporal.client.start_workflow(
            WORKFLOW, args=arguments, id=f"return-{task_queue}", task_queue=task_queue
        )
        view = await handle.result()
        assert (view["state"], view["journal"][0]["disposition"]) == ("rejected", "refused")


async def test_an_order_under_another_id_is_rejected(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    argument = {"return": order(MONDAY).model_dump(mode="json")}
    handle = await temporal.client.start_workflow(WORKFLOW, argument, id=f"return-{task_queue}", task_queue=task_queue)
    assert "has the workflow id return-CM-7K3Q-9XTB.1.return-faulty-part-1" in (await handle.result())["closed_because"]
