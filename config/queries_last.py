"""Questions wait until the local activities of the workflow task have answered.

The SDK puts a question to a workflow that waits for nothing but a local activity, and then closes the workflow task
with the answer: the local activity's result reaches the workflow in the next task, beside what has come in since. A
replay knows nothing of questions, and goes on from the result in the first task already. What runs side by side then
issues its commands in another order than it did, and the case is stuck on a replay that does not fit its history. (The
SDK's core 0.x of `temporalio` 1.35: `has_query_responses && have_pending_la_resolutions` forces a new task.)

So a question that comes while a local activity is under way is held back here, and answered together with what follows
from the result. It is a moment later; when the task is closed meanwhile, the engine asks it again with the next.
"""

from collections.abc import Iterable
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

ASKED_ALONE = "legacy_query"
"""A question that is a task of its own: its answer closes no workflow task."""


class QueriesLastRunner(SandboxedWorkflowRunner):
    """Runs workflows in the sandbox, and puts questions to them last."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """An instance in the sandbox, behind one that holds questions back."""
        return QueriesLast(super().create_instance(det))


class QueriesLast(WorkflowInstance):
    """Hands activations on to an instance, and holds questions back while a local activity has not answered."""

    def __init__(self, instance: WorkflowInstance) -> None:
        self._instance = instance
        self._local: set[int] = set()
        self._held: dict[str, WorkflowActivationJob] = {}

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """What the instance answers; and what it answers to questions, once nothing local is under way."""
        questions = [job for job in act.jobs if _can_wait(job)]
        if len(questions) == len(act.jobs):
            completion = WorkflowActivationCompletion(run_id=act.run_id)
            completion.successful.SetInParent()
        else:
            completion = self._instance.activate(_with_jobs(act, (job for job in act.jobs if not _can_wait(job))))
        self._held.update({job.query_workflow.query_id: job for job in questions})
        self._follow(act, completion)
        if self._held and not self._local and completion.HasField("successful"):
            answer = self._instance.activate(_with_jobs(act, self._held.values()))
            self._held = {}
            if answer.HasField("failed"):
                return answer
            completion.successful.commands.extend(answer.successful.commands)
        return completion

    def _follow(self, act: WorkflowActivation, completion: WorkflowActivationCompletion) -> None:
        """Which local activities were asked for, and have not answered."""
        self._local -= {job.resolve_activity.seq for job in act.jobs if job.resolve_activity.is_local}
        for command in completion.successful.commands:
            if command.HasField("schedule_local_activity"):
                self._local.add(command.schedule_local_activity.seq)

    def get_serialization_context(self, command_info: Any) -> Any:
        """As the instance has it."""
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        """As the instance has it."""
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Any:
        """As the instance has it."""
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        """As the instance has it."""
        return self._instance.get_thread_id()


def _can_wait(job: WorkflowActivationJob) -> bool:
    return job.HasField("query_workflow") and job.query_workflow.query_id != ASKED_ALONE


def _with_jobs(act: WorkflowActivation, jobs: Iterable[WorkflowActivationJob]) -> WorkflowActivation:
    """The same activation with those jobs only."""
    copy = WorkflowActivation()
    copy.CopyFrom(act)
    del copy.jobs[:]
    copy.jobs.extend(jobs)
    return copy
