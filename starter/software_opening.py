"""A software request on its way to its workflow: opens it, or joins the one that is open (R12)."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypedDict
from uuid import uuid4

from pydantic import JsonValue
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowFailureError, WorkflowUpdateFailedError
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
from starter.case_opening import ATTEMPTS, says_closed
from starter.engine import SUBMIT, is_missing, submitted_with_start

WORKFLOW = "SoftwareUpdateWorkflow"
_OPENED_BY = "opened_by"


class _Start(TypedDict):
    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    id_reuse_policy: WorkflowIDReusePolicy
    memo: Mapping[str, Any]
    search_attributes: TypedSearchAttributes
    static_summary: str


def request_content(request: Mapping[str, JsonValue], message_id: str | None) -> dict[str, JsonValue]:
    """The request as it was said, with a message id: the one given, its own, or a new one."""
    said = {field: value for field, value in request.items() if field != "kind"}
    said["message_id"] = message_id or said.get("message_id") or f"request-{uuid4()}"
    return said


class SoftwareOpening:
    """One request with a message id. Raises MessageRefused when it is none.

    `joins` is the workflow id of another request that is open for the same equipment, and is to be joined.
    """

    def __init__(
        self, client: Client, task_queue: str, content: Mapping[str, JsonValue], *, joins: str | None = None
    ) -> None:
        request = parse_software_request(dict(content))
        assert request.message_id is not None
        self.request = request
        self.message_id = request.message_id
        self._client = client
        self._content = dict(content)
        self._joins = joins
        self._start = _start(request, task_queue)
        self.workflow_id = self._start["id"]

    async def submit(self, update_id: str | None = None) -> SoftwareSubmitAnswer:
        """Open or join the request, and wait for its answer; it takes a worker.

        A repeat with the same `update_id` is given the answer of the first also when the request has closed meanwhile.
        Raises WorkflowUpdateFailedError when it is refused, RPCError when the engine does.
        """
        if self._joins is not None:
            with suppress(RPCError, WorkflowUpdateFailedError):
                return await self._join(self._joins, update_id)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._update_with_start(update_id)
            except (RPCError, WorkflowUpdateFailedError) as error:
                if attempt == ATTEMPTS or not await self._has_closed(error):
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _join(self, workflow_id: str, update_id: str | None) -> SoftwareSubmitAnswer:
        answer: SoftwareSubmitAnswer = await self._client.get_workflow_handle(workflow_id).execute_update(
            SUBMIT, self._submission, id=update_id, result_type=SoftwareSubmitAnswer
        )
        return answer

    async def _has_closed(self, error: RPCError | WorkflowUpdateFailedError) -> bool:
        """Whether it came to one that has closed by now; one that is closing is waited for."""
        if isinstance(error, RPCError):
            return is_missing(error)
        if not says_closed(error):
            return False
        with suppress(WorkflowFailureError):
            await self._client.get_workflow_handle(self.workflow_id).result()
        return True

    async def _update_with_start(self, update_id: str | None) -> SoftwareSubmitAnswer:
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW, {REQUEST: self._content}, **self._start
        )
        return await submitted_with_start(self._client, operation, self._submission, update_id, SoftwareSubmitAnswer)

    @property
    def _submission(self) -> dict[str, JsonValue]:
        return {**self._content, "kind": SoftwareRequest.kind}

    async def record(self) -> None:
        """Open or join it for certain, without waiting for its answer; it takes no worker (`CaseOpening.record`)."""
        await self._client.start_workflow(
            WORKFLOW,
            {REQUEST: self._content},
            start_signal=SoftwareRequest.kind,
            start_signal_args=[self._content],
            **self._start,
        )

    async def has_opened(self, run_id: str) -> bool:
        """Whether it was this very message that opened that run, and not one before it."""
        execution = await self._client.get_workflow_handle(self.workflow_id, run_id=run_id).describe()
        return (await execution.memo()).get(_OPENED_BY) == self.message_id


def _start(request: SoftwareRequest, task_queue: str) -> _Start:
    """How a request is started. The same one after the closing opens a new one: the id may be used again on purpose."""
    count = len(request.distinct_items)
    return {
        "id": software_workflow_id(request),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        "memo": {_OPENED_BY: request.message_id},
        "search_attributes": TypedSearchAttributes([SearchAttributePair(CASE_STAGE, SoftwareStage.REGISTERED.value)]),
        "static_summary": f"software: {'1 item' if count == 1 else f'{count} items'}, by {request.channel}",
    }
