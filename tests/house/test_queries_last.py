"""A question that comes while a local activity is under way changes nothing of what a replay does."""

import asyncio

import pytest
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, WorkflowInstance

from config.queries_last import ASKED_ALONE, QueriesLast
from config.settings import Settings
from config.temporal import CurativePlugin, new_worker
from tests.house.toy_workflows import Gate, Scales


async def test_a_question_beside_a_local_activity_leaves_a_history_that_replays(
    temporal: WorkflowEnvironment, task_queue: str
) -> None:
    gate, settings = Gate(), Settings(task_queue=task_queue)
    async with new_worker(temporal.client, settings, workflows=[Scales], activities=[gate.weigh]):
        scales = await temporal.client.start_workflow("Scales", id=task_queue, task_queue=task_queue)
        await scales.signal("bring")
        await gate.somebody_waits()
        question = await asked_for_the_next_task(temporal.client, scales)
        gate.open()
        await gate.somebody_waits()
        await scales.signal("bell")
        gate.open()
        assert await question == 2
        await scales.signal("close")
        assert await scales.result() == 2
    await Replayer(workflows=[Scales], plugins=[CurativePlugin()]).replay_workflow(await scales.fetch_history())


async def asked_for_the_next_task(client: Client, scales: WorkflowHandle[object, object]) -> asyncio.Task[int]:
    """Ask while a task is under way, and send something that needs another one: the server puts both together."""
    question = asyncio.create_task(scales.query("so_far", result_type=int))
    await asyncio.sleep(0)
    for _ in range(3):  # the question is at the server before what is sent after it
        await client.get_workflow_handle(scales.id).describe()
    await scales.signal("bring")
    return question


class Recorder(WorkflowInstance):
    """Answers every question at once, and asks for the local activity 1 when it is told to start."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.seen.append([str(job.WhichOneof("variant")) for job in act.jobs])
        completion = WorkflowActivationCompletion(run_id=act.run_id)
        completion.successful.SetInParent()
        for job in act.jobs:
            if job.HasField("initialize_workflow"):
                completion.successful.commands.add().schedule_local_activity.seq = 1
            if job.HasField("query_workflow"):
                completion.successful.commands.add().respond_to_query.query_id = job.query_workflow.query_id
        return completion

    def get_serialization_context(self, command_info: object) -> None:
        raise NotImplementedError

    def get_external_store_context(self, command_info: object) -> None:  # type: ignore[override]
        raise NotImplementedError

    def get_info(self) -> None:  # type: ignore[override]
        raise NotImplementedError


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def started() -> WorkflowActivation:
    act = WorkflowActivation()
    act.jobs.add().initialize_workflow.SetInParent()
    return act


def asked(*query_ids: str) -> WorkflowActivation:
    act = WorkflowActivation()
    for query_id in query_ids:
        act.jobs.add().query_workflow.query_id = query_id
    return act


def resolved() -> WorkflowActivation:
    act = WorkflowActivation()
    job = act.jobs.add()
    job.resolve_activity.seq = 1
    job.resolve_activity.is_local = True
    return act


def answered(completion: WorkflowActivationCompletion) -> list[str]:
    commands = completion.successful.commands
    return [command.respond_to_query.query_id for command in commands if command.HasField("respond_to_query")]


def test_a_question_is_answered_after_what_the_local_activity_led_to(recorder: Recorder) -> None:
    last = QueriesLast(recorder)
    last.activate(started())
    assert answered(last.activate(asked("a", "b"))) == []
    assert answered(last.activate(resolved())) == ["a", "b"]
    assert recorder.seen == [["initialize_workflow"], ["resolve_activity"], ["query_workflow", "query_workflow"]]


def test_a_question_that_is_asked_again_is_answered_once(recorder: Recorder) -> None:
    last = QueriesLast(recorder)
    last.activate(started())
    last.activate(asked("a"))
    last.activate(asked("a"))
    assert answered(last.activate(resolved())) == ["a"]


def test_a_question_at_rest_is_answered_at_once(recorder: Recorder) -> None:
    last = QueriesLast(recorder)
    last.activate(started())
    last.activate(resolved())
    assert answered(last.activate(asked("a"))) == ["a"]


def test_a_question_that_is_a_task_of_its_own_waits_for_nothing(recorder: Recorder) -> None:
    last = QueriesLast(recorder)
    last.activate(started())
    assert answered(last.activate(asked(ASKED_ALONE))) == [ASKED_ALONE]
