"""One run of a workflow: its instance, its history, and the replay that leads a fresh instance to the same place."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_activation import (
    InitializeWorkflow,
    NotifyHasPatch,
    QueryWorkflow,
    RemoveFromCache,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker._workflow_instance import WorkflowInstance

from tests.engine.failures import NondeterminismFound, WorkflowTaskFailed, trace_of
from tests.engine.history_length import EVENTS_OF_A_TASK, events_of_commands, events_of_jobs
from tests.engine.instants import as_timestamp
from tests.engine.workflow_code import WorkflowCode, outside_of_any_task

Commands = Sequence[WorkflowCommand]


@dataclass
class Step:
    """One activation and the commands that it led to."""

    activation: WorkflowActivation
    commands: list[WorkflowCommand]


class Run:
    """A run that began with `start`. Steps are history once their task is committed."""

    def __init__(self, code: WorkflowCode, start: InitializeWorkflow, run_id: str) -> None:
        self.start = start
        self.run_id = run_id
        self.approximate_history_length = 0
        self._code = code
        self._instance: WorkflowInstance | None = None
        self._history: list[Step] = []
        self._task: list[Step] = []
        self._accepted: set[str] = set()

    @property
    def workflow(self) -> Any:
        """The object of the workflow class as it stands, to look into."""
        return getattr(self._instance, "_object", None)

    async def activate(self, jobs: Sequence[WorkflowActivationJob], now: datetime, *, is_long: bool) -> Commands:
        """Give jobs to the workflow. Raises WorkflowTaskFailed when its code does."""
        activation = WorkflowActivation(
            run_id=self.run_id,
            timestamp=as_timestamp(now),
            history_length=self.approximate_history_length,
            continue_as_new_suggested=is_long,
            jobs=jobs,
        )
        step = Step(activation, await outside_of_any_task(lambda: self._activate(activation)))
        self._task.append(step)
        return step.commands

    def commit(self) -> None:
        """The task is over and what it did is history; an update that was rejected leaves no trace in it."""
        for step in self._task:
            _forget_rejected(step, self._accepted)
        steps = [step for step in self._task if step.activation.jobs or step.commands]
        for step in steps:
            self.approximate_history_length += events_of_jobs(step.activation.jobs) + events_of_commands(step.commands)
            _make_a_replay_of(step)
        self.approximate_history_length += EVENTS_OF_A_TASK if steps else 0
        self._history += steps
        self._task = []

    async def start_over(self) -> None:
        """A fresh worker takes over: what is not history is forgotten, the rest replayed.

        Raises NondeterminismFound when a step of the replay leads to other commands; more than the real server,
        which compares kinds and names, looks at: arguments and summaries too.
        """
        self._task = []
        await outside_of_any_task(self._replay)

    async def query(self, name: str, arguments: Sequence[Payload]) -> WorkflowCommand:
        """Ask the workflow as it stands; the one command is its answer."""
        query = QueryWorkflow(query_id="query", query_type=name, arguments=arguments)
        last = (self._task or self._history)[-1].activation
        activation = WorkflowActivation(
            run_id=self.run_id, timestamp=last.timestamp, jobs=[WorkflowActivationJob(query_workflow=query)]
        )
        [answer] = await outside_of_any_task(lambda: self._activate(activation))
        return answer

    async def evict(self) -> None:
        """Let go of the instance, so that none of its coroutines is left to the garbage collector."""
        await outside_of_any_task(self._evict)

    def _activate(self, activation: WorkflowActivation) -> list[WorkflowCommand]:
        if self._instance is None:
            self._instance = self._code.new_instance(activation, self.start)
        completion = _activated(self._instance, activation)
        if completion.HasField("failed"):
            raise WorkflowTaskFailed(f"{self.start.workflow_id}: {trace_of(completion.failed.failure)}")
        return list(completion.successful.commands)

    def _replay(self) -> None:
        self._evict()
        for number, step in enumerate(self._history):
            commands = self._activate(step.activation)
            if commands != step.commands:
                raise NondeterminismFound(
                    f"{self.start.workflow_id}, step {number} of {len(self._history)}: "
                    f"the history has {_shown(step.commands)}, its replay {_shown(commands)}"
                )

    def _evict(self) -> None:
        if self._instance is not None:
            removal = RemoveFromCache(message="the worker is restarted")
            jobs = [WorkflowActivationJob(remove_from_cache=removal)]
            _activated(self._instance, WorkflowActivation(run_id=self.run_id, jobs=jobs))
            self._instance = None


def _activated(instance: WorkflowInstance, activation: WorkflowActivation) -> WorkflowActivationCompletion:
    """The instance is an event loop itself: it makes itself the running one, and forgets which was before."""
    loop = asyncio.get_running_loop()
    try:
        return instance.activate(activation)
    finally:
        asyncio._set_running_loop(loop)


def _forget_rejected(step: Step, accepted: set[str]) -> None:
    """Take out of a step what a validator rejected: neither the message nor the answer is ever written down."""
    rejected = set()
    for response in (command.update_response for command in step.commands if command.HasField("update_response")):
        if response.HasField("accepted"):
            accepted.add(response.protocol_instance_id)
        elif response.HasField("rejected") and response.protocol_instance_id not in accepted:
            rejected.add(response.protocol_instance_id)
    if rejected:
        jobs = [job for job in step.activation.jobs if job.do_update.protocol_instance_id not in rejected]
        del step.activation.jobs[:]
        step.activation.jobs.extend(jobs)
        step.commands = [
            command for command in step.commands if command.update_response.protocol_instance_id not in rejected
        ]


def _make_a_replay_of(step: Step) -> None:
    """Turn a step into what a worker is given that reads it in the history."""
    step.activation.is_replaying = True
    for job in step.activation.jobs:
        if job.HasField("do_update"):
            job.do_update.run_validator = False
        if job.HasField("resolve_activity") and job.resolve_activity.is_local:
            _bare(job)
    for command in step.commands:
        if command.HasField("set_patch_marker"):
            patch = NotifyHasPatch(patch_id=command.set_patch_marker.patch_id)
            step.activation.jobs.append(WorkflowActivationJob(notify_has_patch=patch))


def _bare(job: WorkflowActivationJob) -> None:
    """A local activity's time-out is wrapped when it happens, and bare when it is read in the history."""
    result: Any = job.resolve_activity.result
    if result.HasField("failed") and result.failed.failure.HasField("activity_failure_info"):
        cause = result.failed.failure.cause.SerializeToString()
        result.failed.failure.ParseFromString(cause)


def _shown(commands: Commands) -> str:
    return "\n".join(str(command) for command in commands) or "nothing"
