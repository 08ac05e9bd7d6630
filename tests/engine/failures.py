"""Why an engine gives up on a test: what a real server would show as a workflow that is stuck."""

import json

from temporalio.api.failure.v1 import Failure
from temporalio.service import RPCError, RPCStatusCode


class WorkflowTaskFailed(AssertionError):
    """The workflow's code raised where it must not: the real server would try the task for ever."""


class NondeterminismFound(AssertionError):
    """Replaying the history led to other commands."""


class ActivityKeepsFailing(AssertionError):
    """An activity failed time and again by itself, not because the conditions asked for it."""


class NothingHappens(AssertionError):
    """What is waited for never comes: no event lies ahead."""


def trace_of(failure: Failure) -> str:
    """The message, the traceback and the causes of a failure."""
    hidden = json.loads(failure.encoded_attributes.data or b"{}")
    trace = f"{hidden.get('message', failure.message)}\n{hidden.get('stack_trace', failure.stack_trace)}"
    return f"{trace}\ncaused by {trace_of(failure.cause)}" if failure.HasField("cause") else trace


def not_found(what: str) -> RPCError:
    """What a client hears about an execution that has ended, or never was."""
    return RPCError(what, RPCStatusCode.NOT_FOUND, b"")
