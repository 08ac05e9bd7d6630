"""A software request on its way to its workflow: opens it, or joins the one that is open (R12)."""

from collections.abc import Mapping
from contextlib import suppress
from uuid import uuid4

from pydantic import JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from config.search_attributes import CASE_STAGE
from domain.software_messages import SoftwareRequest
from domain.software_opening import REQUEST, parse_software_request, software_workflow_id
from domain.software_update import SoftwareStage
from domain.software_view import SoftwareSubmitAnswer
from starter.engine import SUBMIT
from starter.opening import OPENED_BY, Opening, Start

WORKFLOW = "SoftwareUpdateWorkflow"


def request_content(request: Mapping[str, JsonValue], message_id: str | None) -> dict[str, JsonValue]:
    """The request as it was said, with a message id: the one given, its own, or a new one."""
    said = {field: value for field, value in request.items() if field != "kind"}
    said["message_id"] = message_id or said.get("message_id") or f"request-{uuid4()}"
    return said


class SoftwareOpening(Opening[SoftwareSubmitAnswer]):
    """One request with a message id. Raises MessageRefused when it is none.

    `joins` is the workflow id of another request that is open for the same equipment, and is to be joined.
    """

    WORKFLOW = WORKFLOW
    KIND = SoftwareRequest.kind

    def __init__(
        self, client: Client, task_queue: str, content: Mapping[str, JsonValue], *, joins: str | None = None
    ) -> None:
        self.request = parse_software_request(dict(content))
        self._joins = joins
        first = {REQUEST: dict(content)}
        super().__init__(client, _start(self.request, task_queue), first, content, SoftwareSubmitAnswer)

    async def submit(self, update_id: str | None = None) -> SoftwareSubmitAnswer:
        """Join the request that was named, while it takes this one; else open or join its own."""
        if self._joins is not None:
            with suppress(RPCError, WorkflowUpdateFailedError):
                return await self._join(self._joins, update_id)
        return await super().submit(update_id)

    async def _join(self, workflow_id: str, update_id: str | None) -> SoftwareSubmitAnswer:
        answer: SoftwareSubmitAnswer = await self._client.get_workflow_handle(workflow_id).execute_update(
            SUBMIT, self._submission, id=update_id, result_type=SoftwareSubmitAnswer
        )
        return answer


def _start(request: SoftwareRequest, task_queue: str) -> Start:
    """How a request is started. The same one after the closing opens a new one: the id may be used again on purpose."""
    assert request.message_id is not None
    count = len(request.distinct_items)
    return {
        "id": software_workflow_id(request),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        "memo": {OPENED_BY: request.message_id},
        "search_attributes": TypedSearchAttributes([SearchAttributePair(CASE_STAGE, SoftwareStage.REGISTERED.value)]),
        "static_summary": f"software: {'1 item' if count == 1 else f'{count} items'}, by {request.channel}",
    }
