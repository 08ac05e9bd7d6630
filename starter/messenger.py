"""The way from an activity to other workflows, over a client of the engine (DESIGN §2.12)."""

from collections.abc import Mapping
from contextlib import suppress

from pydantic import JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
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
from domain.software_messages import Withdrawal
from domain.software_orders import request_of, withdrawal_of
from domain.view import CaseView
from starter.case_opening import CaseOpening
from starter.engine import is_missing, refused_field
from starter.opening import says_closed
from starter.reports import parsed_report
from starter.software_opening import SoftwareOpening

RETURN_WORKFLOW = "EquipmentReturnWorkflow"
LETTERS_WORKFLOW = "LateLettersWorkflow"


class ClientMessenger:
    """Speaks to whatever works on one task queue."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def open_case(self, report: Mapping[str, JsonValue], besides: Mapping[str, JsonValue]) -> CaseView:
        """Open or join the case; a repeat is answered as the first was. Raises MessageRefused."""
        parsed = parsed_report(report)
        opening = CaseOpening(self._client, self._task_queue, parsed, report, besides=besides)
        try:
            answer = await opening.submit(digest(parsed))
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return answer.case

    async def request_software(self, order: SoftwareOrder, joins: str | None) -> SoftwareOrdered:
        """Open or join the request of that equipment. Raises MessageRefused."""
        opening = SoftwareOpening(self._client, self._task_queue, request_of(order), joins=joins)
        try:
            answer = await opening.submit(digest(opening.request))
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return SoftwareOrdered(reference=answer.case.reference, workflow_id=answer.case.workflow_id)

    async def withdraw_software(self, withdrawal: SoftwareWithdrawal) -> None:
        """Wait no more for it; what has ended needs to know no more."""
        await self.signal(withdrawal.request, Withdrawal.kind, withdrawal_of(withdrawal))

    async def start_return(self, order: ReturnOrder) -> None:
        """Start the return under an id that is used once."""
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                RETURN_WORKFLOW,
                {"return": order.model_dump(mode="json")},
                id=return_workflow_id(order.key),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"{order.key.case}: return of {order.kind.replace('_', ' ')}",
            )

    async def start_letters(self, batch: NoticeBatch) -> None:
        """Start the workflow of these letters under an id that is used once."""
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                LETTERS_WORKFLOW,
                {"letters": batch.model_dump(mode="json")},
                id=letters_workflow_id(batch),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"{batch.notices[0].key.case}: its last letters",
            )

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """Signal the open execution of that id; False when there is none."""
        try:
            await self._client.get_workflow_handle(workflow_id).signal(name, dict(payload))
        except RPCError as error:
            if is_missing(error):
                return False
            raise
        return True


def _refusal(failure: WorkflowUpdateFailedError) -> Exception:
    """Why the case refused the report; the failure itself when it was only closing, and may be asked again."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or cause.type != MessageRefused.__name__ or says_closed(failure):
        return failure
    field = refused_field(cause) or "report"
    return MessageRefused(field, cause.message.removeprefix(f"{field}: "))
