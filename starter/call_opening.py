"""A call on its way to its workflow: opens it, or joins the one that has it already (SPEC §3)."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypedDict
from uuid import uuid4

from pydantic import JsonValue
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from config.search_attributes import CASE_STAGE
from domain.assistance import CallStage, assistance_workflow_id
from domain.call_messages import CALL_MESSAGES, Call
from domain.call_opening import A_CALL
from domain.call_view import CallAnswer
from domain.messages import MessageRefused, parse_message_of
from starter.engine import submitted_with_start

WORKFLOW = "PhoneAssistanceWorkflow"
_OPENED_BY = "opened_by"
_ID_LENGTH = 16


class _Start(TypedDict):
    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    id_reuse_policy: WorkflowIDReusePolicy
    memo: Mapping[str, Any]
    search_attributes: TypedSearchAttributes
    static_summary: str


def call_content(call: Mapping[str, JsonValue], message_id: str | None) -> dict[str, JsonValue]:
    """The call as it was said, with a message id and a call id; the same message always has the same call id."""
    said = {field: value for field, value in call.items() if field != "kind"}
    said["message_id"] = message_id or said.get("message_id") or f"call-{uuid4()}"
    digest = hashlib.sha256(str(said["message_id"]).encode("utf-8", "backslashreplace")).hexdigest()
    said["call_id"] = said.get("call_id") or digest[:_ID_LENGTH]
    return said


def parsed_call(content: Mapping[str, JsonValue]) -> Call:
    """The call that such content is. Raises MessageRefused."""
    call = parse_message_of(CALL_MESSAGES, A_CALL, Call.kind, dict(content))
    assert isinstance(call, Call)
    return call


class CallOpening:
    """One call with a message id and a call id. `content` is the same call as it was said."""

    def __init__(self, client: Client, task_queue: str, call: Call, content: Mapping[str, JsonValue]) -> None:
        if call.message_id is None or call.call_id is None:
            raise MessageRefused("message_id", "a call that is sent has a message id and a call id")
        self._client = client
        self._content = dict(content)
        self._start = _start(call, call.call_id, call.message_id, task_queue)
        self.workflow_id = self._start["id"]
        self.call_id = call.call_id
        self.message_id = call.message_id

    async def submit(self, update_id: str) -> CallAnswer:
        """Open or join the call, and wait for its answer; it takes a worker.

        Raises WorkflowUpdateFailedError when the call refuses, WorkflowAlreadyStartedError or RPCError when it is
        closed already.
        """
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW, {Call.kind: self._content}, **self._start
        )
        return await submitted_with_start(
            self._client, operation, {**self._content, "kind": Call.kind}, update_id, CallAnswer
        )

    async def record(self) -> None:
        """Open or join the call for certain, without waiting for its answer; it takes no worker."""
        await self._client.start_workflow(
            WORKFLOW,
            {Call.kind: self._content},
            start_signal=Call.kind,
            start_signal_args=[self._content],
            **self._start,
        )

    async def has_opened(self, run_id: str) -> bool:
        """Whether it was this very message that opened the call, and not one before it."""
        execution = await self._client.get_workflow_handle(self.workflow_id, run_id=run_id).describe()
        return (await execution.memo()).get(_OPENED_BY) == self.message_id


def _start(call: Call, call_id: str, message_id: str, task_queue: str) -> _Start:
    """How a call is started: its id is used once, so that a repeat after its end starts nothing."""
    return {
        "id": assistance_workflow_id(call_id),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.REJECT_DUPLICATE,
        "memo": {_OPENED_BY: message_id},
        "search_attributes": TypedSearchAttributes([SearchAttributePair(CASE_STAGE, CallStage.REGISTERED.value)]),
        "static_summary": f"phone assistance, {call.impact}, by {call.channel}",
    }
