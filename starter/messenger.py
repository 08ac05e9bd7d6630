"""The way from an activity to other workflows, over a client of the engine (DESIGN §2.12)."""

from collections.abc import Mapping
from contextlib import suppress

from pydantic import JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.effects import NoticeBatch, ReturnOrder, letters_workflow_id
from domain.inbox import digest
from domain.messages import MessageRefused
from domain.returns import return_workflow_id
from starter.case_opening import CaseOpening, says_closed
from starter.engine import is_missing
from starter.reports import parsed_report

RETURN_WORKFLOW = "EquipmentReturnWorkflow"
LETTERS_WORKFLOW = "LateLettersWorkflow"


class ClientMessenger:
    """Speaks to whatever works on one task queue."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def open_case(self, report: Mapping[str, JsonValue], moved_from: str) -> str:
        """Open or join the case; a repeat is answered as the first was. Raises MessageRefused."""
        parsed = parsed_report(report)
        opening = CaseOpening(self._client, self._task_queue, parsed, report, moved_from=moved_from)
        try:
            answer = await opening.submit(digest(parsed))
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return answer.case.reference

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
    field = str((cause.details[0] if cause.details else {}).get("field", "report"))
    return MessageRefused(field, cause.message.removeprefix(f"{field}: "))
