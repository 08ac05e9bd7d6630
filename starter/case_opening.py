"""A report on its way to the case of its equipment: opens it, or joins the one that is open (R4, SPEC §3)."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypedDict

from pydantic import JsonValue
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from config.search_attributes import CASE_STAGE, SERIAL_NUMBER
from domain.case import Stage
from domain.messages import Report
from domain.serial_numbers import curative_workflow_id
from domain.submission import SubmitAnswer
from starter.engine import is_missing, refused_field, submitted_with_start

WORKFLOW = "CurativeMaintenanceWorkflow"

ATTEMPTS = 3
"""A case that closes while a report arrives sends the report away; the next attempt opens a new case."""

_OPENED_BY = "opened_by"


class _Start(TypedDict):
    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    id_reuse_policy: WorkflowIDReusePolicy
    memo: Mapping[str, Any]
    search_attributes: TypedSearchAttributes
    static_summary: str
    static_details: str


class CaseOpening:
    """One report with a message id. `content` is the same report as it was said: what is sent, whichever way.

    `besides` is what a case that it opens is told with it: the case whose report it was first, what a call has found.
    """

    def __init__(
        self,
        client: Client,
        task_queue: str,
        report: Report,
        content: Mapping[str, JsonValue],
        *,
        besides: Mapping[str, JsonValue] | None = None,
    ) -> None:
        assert report.message_id is not None
        self._client = client
        self._content = dict(content)
        self._opening = {"report": self._content, **(besides or {})}
        self._start = _start(report, task_queue)
        self.workflow_id = self._start["id"]
        self.message_id = report.message_id
        self.waits_for_closing = False
        """The case before is closed and still writes its last record; it takes no report any more."""

    async def submit(self, update_id: str | None = None) -> SubmitAnswer:
        """Open or join the case, and wait for its answer; it takes a worker.

        A repeat with the same `update_id` is given the answer of the first also when the case has closed
        meanwhile. Raises WorkflowUpdateFailedError when the case refuses, RPCError when the engine does.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._update_with_start(update_id)
            except (RPCError, WorkflowUpdateFailedError) as error:
                if attempt == ATTEMPTS or not await self._has_closed(error):
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _has_closed(self, error: RPCError | WorkflowUpdateFailedError) -> bool:
        """Whether the report came to a case that has closed by now; one that is closing is waited for."""
        if isinstance(error, RPCError):
            return is_missing(error)
        if not says_closed(error):
            return False
        self.waits_for_closing = True
        with suppress(WorkflowFailureError):
            await self._client.get_workflow_handle(self.workflow_id).result()
        self.waits_for_closing = False
        return True

    async def _update_with_start(self, update_id: str | None) -> SubmitAnswer:
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW, self._opening, **self._start
        )
        return await submitted_with_start(
            self._client, operation, {**self._content, "kind": Report.kind}, update_id, SubmitAnswer
        )

    async def record(self) -> None:
        """Open or join the case for certain, without waiting for its answer; it takes no worker.

        An update that nobody accepted yet lives in the server's memory only; a signal is in the history at once.
        With its message id the same report changes nothing where it has arrived already.
        """
        await self._client.start_workflow(
            WORKFLOW,
            self._opening,
            start_signal=Report.kind,
            start_signal_args=[self._content],
            **self._start,
        )

    async def has_opened(self, run_id: str) -> bool:
        """Whether it was this very message that opened that run, and not one before it."""
        execution = await self._client.get_workflow_handle(self.workflow_id, run_id=run_id).describe()
        return (await execution.memo()).get(_OPENED_BY) == self.message_id


def says_closed(failure: WorkflowUpdateFailedError) -> bool:
    """A case refuses a report by its kind only once it is closed: every other stage takes it."""
    cause = failure.cause
    return isinstance(cause, ApplicationError) and refused_field(cause) == "kind"


def _start(report: Report, task_queue: str) -> _Start:
    """How a case is started. A report after the closing opens a new one: the id may be used again on purpose."""
    attributes = [
        SearchAttributePair(SERIAL_NUMBER, report.serial_number),
        SearchAttributePair(CASE_STAGE, Stage.REGISTERED.value),
    ]
    return {
        "id": curative_workflow_id(report.serial_number),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        "memo": {_OPENED_BY: report.message_id},
        "search_attributes": TypedSearchAttributes(attributes),
        "static_summary": f"{report.serial_number}: curative maintenance, {report.impact}",
        "static_details": f"Opened on a report about `{report.serial_number}`, received by {report.channel}.",
    }
