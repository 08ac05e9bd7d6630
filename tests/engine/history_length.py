"""About how many events a history has: counted from what comes in and goes out, not written by a server."""

from collections.abc import Iterable

from temporalio.bridge.proto.workflow_activation import WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import WorkflowCommand

EVENTS_OF_A_TASK = 3
"""Scheduled, started, completed."""

_NO_EVENT = ("schedule_local_activity", "request_cancel_local_activity", "respond_to_query")


def events_of_jobs(jobs: Iterable[WorkflowActivationJob]) -> int:
    """What came in: one event each, two for an activity that was started and has answered."""
    return sum(_events_of_job(job) for job in jobs)


def _events_of_job(job: WorkflowActivationJob) -> int:
    if job.HasField("do_update"):
        return 0  # its acceptance is the event
    if job.HasField("resolve_activity") and not job.resolve_activity.is_local:
        return 2
    return 1


def events_of_commands(commands: Iterable[WorkflowCommand]) -> int:
    """What went out: one event each, two for a patch, which is also a search attribute."""
    return sum(
        2 if command.HasField("set_patch_marker") else 1
        for command in commands
        if command.WhichOneof("variant") not in _NO_EVENT
    )
