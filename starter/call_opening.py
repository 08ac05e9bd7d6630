"""A call on its way to its workflow: opens it, or joins the one that has it already (SPEC §3)."""

import hashlib
from collections.abc import Mapping
from uuid import uuid4

from pydantic import JsonValue
from temporalio.client import Client
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
from starter.opening import OPENED_BY, Opening, Start

WORKFLOW = "PhoneAssistanceWorkflow"
_ID_LENGTH = 16


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


class CallOpening(Opening[CallAnswer]):
    """One call with a message id and a call id. What has closed takes it no more, and opens no second time."""

    WORKFLOW = WORKFLOW
    KIND = Call.kind
    ATTEMPTS = 1

    def __init__(self, client: Client, task_queue: str, call: Call, content: Mapping[str, JsonValue]) -> None:
        if call.message_id is None or call.call_id is None:
            raise MessageRefused("message_id", "a call that is sent has a message id and a call id")
        self.call_id = call.call_id
        start = _start(call, call.call_id, call.message_id, task_queue)
        super().__init__(client, start, {Call.kind: dict(content)}, content, CallAnswer)


def _start(call: Call, call_id: str, message_id: str, task_queue: str) -> Start:
    """How a call is started: its id is used once, so that a repeat after its end starts nothing."""
    return {
        "id": assistance_workflow_id(call_id),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.REJECT_DUPLICATE,
        "memo": {OPENED_BY: message_id},
        "search_attributes": TypedSearchAttributes([SearchAttributePair(CASE_STAGE, CallStage.REGISTERED.value)]),
        "static_summary": f"phone assistance, {call.impact}, by {call.channel}",
    }
