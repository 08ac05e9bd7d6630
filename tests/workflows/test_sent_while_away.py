"""A message counts from when it was sent, also when no worker was there to take it (SPEC §5)."""

from datetime import UTC, datetime

import asyncpg
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from config.settings import Settings
from config.temporal import connect_to, new_worker
from starter.messenger import ClientMessenger
from tests.story import Story
from tests.workflows.case_story import WORKFLOW, instant, report
from tests.workflows.sample import PARIS_ENDPOINT
from worker import registrations


async def test_a_report_and_a_signal_are_dated_by_when_they_were_sent(
    temporal: WorkflowEnvironment, case_pool: asyncpg.Pool, task_queue: str
) -> None:
    client: Client = await connect_to(temporal.client.service_client.config.target_host, "default")
    asked_at = datetime.now(UTC)
    handle = await client.start_workflow(
        WORKFLOW, {"report": report(PARIS_ENDPOINT)}, id=f"curative-{PARIS_ENDPOINT}", task_queue=task_queue
    )
    story = Story(temporal, handle)
    workflows, activities = registrations(case_pool, Settings(), ClientMessenger(client, task_queue))
    try:
        async with new_worker(client, Settings(), workflows=workflows, activities=activities, task_queue=task_queue):
            view = await story.until(lambda view: view["stage"] == "remote_diagnosis")
        assert asked_at <= instant(view["reported_at"]) < instant(view["opened_at"])
        await handle.signal("note", {"text": "nobody is there"})
        sent_at = datetime.now(UTC)
        async with new_worker(client, Settings(), workflows=workflows, activities=activities, task_queue=task_queue):
            view = await story.until(lambda view: view["journal"][-1]["kind"] == "note")
        line = view["journal"][-1]
        assert instant(line["at"]) <= sent_at < instant(line["entered_at"])
        assert line["text"] == "nobody is there"
    finally:
        await story.abandon()
