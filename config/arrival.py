"""When a message was sent: stamped by our clients, so that a case whose worker was away still knows (SPEC §5).

The engine keeps the instant at which a signal came in, and does not show it to a workflow: without a stamp, what comes
in while no worker runs would seem to come when one is back. What other clients send (the Web UI, the `temporal`
command) bears no stamp, and is dated by the case's own clock.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Interceptor as ClientInterceptor,
)
from temporalio.client import (
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateWithStartInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.converter import PayloadConverter
from temporalio.worker import HandleSignalInput, WorkflowInboundInterceptor, WorkflowInterceptorClassInput
from temporalio.worker import Interceptor as WorkerInterceptor

_HEADER = "curative-sent-at"
_SIGNAL_SENT_AT: ContextVar[datetime | None] = ContextVar("signal_sent_at", default=None)


class ArrivalInterceptor(ClientInterceptor, WorkerInterceptor):
    """Stamps what a client sends, and lets workflows read the stamp."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's own word
        """Stamp starts and signals."""
        return _Stamping(next)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002 - the SDK's own word
        """Read the stamps of signals."""
        return _Reading


class _Stamping(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 - the SDK's own word
        if input.start_delay is None:  # one that is to begin later is no message of now
            input.headers = _stamped(input.headers)
        return await super().start_workflow(input)

    async def start_update_with_start_workflow(
        self,
        input: StartWorkflowUpdateWithStartInput,  # noqa: A002 - the SDK's own word
    ) -> WorkflowUpdateHandle[Any]:
        start = input.start_workflow_input
        start.headers = _stamped(start.headers)
        return await super().start_update_with_start_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002 - the SDK's own word
        input.headers = _stamped(input.headers)
        await super().signal_workflow(input)


class _Reading(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - the SDK's own word
        token = _SIGNAL_SENT_AT.set(_stamp_in(input.headers))
        try:
            await super().handle_signal(input)
        finally:
            _SIGNAL_SENT_AT.reset(token)


def signal_sent_at() -> datetime | None:
    """When the signal that is being handled was sent, as far as it says so."""
    return _SIGNAL_SENT_AT.get()


def start_sent_at() -> datetime | None:
    """When this execution was asked for, as far as its start says so."""
    return _stamp_in(workflow.info().headers)


def _stamped(headers: Mapping[str, Payload]) -> Mapping[str, Payload]:
    return {**headers, _HEADER: PayloadConverter.default.to_payload(datetime.now(UTC).isoformat())}


def _stamp_in(headers: Mapping[str, Payload]) -> datetime | None:
    """The stamp, or None when there is none that can be read: anyone can send any header."""
    if _HEADER not in headers:
        return None
    try:
        sent_at = datetime.fromisoformat(str(PayloadConverter.default.from_payload(headers[_HEADER], str)))
    except (ValueError, RuntimeError, KeyError):
        return None
    return sent_at if sent_at.tzinfo else None
