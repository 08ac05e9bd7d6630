"""The way from an activity to other workflows of the same engine, as `starter.messenger` goes it over a client."""

from collections.abc import Mapping
from contextlib import suppress

from pydantic import JsonValue
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.effects import (
    NoticeBatch,
    ReturnOrder,
    SoftwareOrder,
    SoftwareOrdered,
    SoftwareWithdrawal,
    letters_workflow_id,
)
from domain.inbox import digest
from domain.messages import MessageRefused
from domain.returns import return_workflow_id
from domain.serial_numbers import curative_workflow_id
from domain.software_messages import Withdrawal
from domain.software_opening import parse_software_request, software_workflow_id
from domain.software_orders import request_of, withdrawal_of
from domain.view import CaseView
from starter.case_opening import WORKFLOW
from starter.engine import SUBMIT
from starter.messenger import LETTERS_WORKFLOW, RETURN_WORKFLOW
from starter.opening import says_closed
from starter.reports import parsed_report
from starter.software_opening import WORKFLOW as SOFTWARE_WORKFLOW
from tests.engine.engine import Engine


class EngineMessenger:
    """A `WorkflowMessenger` on an engine in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def open_case(self, report: Mapping[str, JsonValue], besides: Mapping[str, JsonValue]) -> CaseView:
        """Open or join the case; a repeat is answered as the first was. Raises MessageRefused."""
        parsed = parsed_report(report)
        workflow_id, update_id = curative_workflow_id(parsed.serial_number), digest(parsed)
        opening = {"report": dict(report), **besides}
        executions = {execution.id: execution for execution in self._engine.executions}
        execution = executions.get(workflow_id)
        if execution is None or (execution.is_closed and not execution.has_heard(update_id)):
            execution = self._engine.start(WORKFLOW, opening, id=workflow_id)
        try:
            answer = await execution.update(SUBMIT, {**report, "kind": "report"}, id=update_id)
        except WorkflowUpdateFailedError as failure:
            if says_closed(failure):
                raise  # it was only closing, and may be asked again
            raise _refusal(failure) from None
        return CaseView.model_validate(answer["case"])

    async def request_software(self, order: SoftwareOrder, joins: str | None) -> SoftwareOrdered:
        """Open or join the request of that equipment. Raises MessageRefused."""
        content = request_of(order)
        request = parse_software_request(content)
        executions = {each.id: each for each in self._engine.executions if not each.is_closed}
        own, update_id = software_workflow_id(request), digest(request)
        execution = executions.get(joins or "") or executions.get(own)
        if execution is None:
            execution = self._engine.start(SOFTWARE_WORKFLOW, {"request": content}, id=own)
        try:
            answer = await execution.update(SUBMIT, {**content, "kind": "request"}, id=update_id)
        except WorkflowUpdateFailedError as failure:
            if says_closed(failure):
                raise  # it was only closing, and may be asked again
            raise _refusal(failure) from None
        return SoftwareOrdered(reference=answer["case"]["reference"], workflow_id=execution.id)

    async def withdraw_software(self, withdrawal: SoftwareWithdrawal) -> None:
        """Wait no more for it."""
        await self.signal(withdrawal.request, Withdrawal.kind, withdrawal_of(withdrawal))

    async def start_return(self, order: ReturnOrder) -> None:
        """Start the return under an id that is used once."""
        workflow_id = return_workflow_id(order.key)
        if workflow_id not in {execution.id for execution in self._engine.executions}:
            with suppress(WorkflowAlreadyStartedError):
                self._engine.start(RETURN_WORKFLOW, {"return": order.model_dump(mode="json")}, id=workflow_id)

    async def start_letters(self, batch: NoticeBatch) -> None:
        """Start the workflow of these letters under an id that is used once."""
        workflow_id = letters_workflow_id(batch)
        if workflow_id not in {execution.id for execution in self._engine.executions}:
            with suppress(WorkflowAlreadyStartedError):
                self._engine.start(LETTERS_WORKFLOW, {"letters": batch.model_dump(mode="json")}, id=workflow_id)

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """Signal the open execution of that id; False when there is none."""
        try:
            await self._engine.execution(workflow_id).signal(name, dict(payload))
        except RPCError:
            return False
        return True


def _refusal(failure: WorkflowUpdateFailedError) -> Exception:
    """Why the case refused the report."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError):
        return failure
    return MessageRefused("report", cause.message)
