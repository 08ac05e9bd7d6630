"""Software requests at the desk: opened, told things, shown and listed. Whatever talks to one does it through here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, JsonValue
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from config.search_attributes import CASE_REFERENCE
from config.temporal import EngineUnreachable
from database.pool import UNREACHABLE
from database.software_requests import SoftwareFilter, SoftwareRequestStore, SoftwareRow
from domain.inbox import digest
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import MessageRefused
from domain.references import normalise_reference
from domain.software_messages import SoftwareRequest
from domain.software_opening import PREFIX
from domain.software_update import SoftwareOutcome
from domain.software_view import SoftwareSubmitAnswer, SoftwareView
from starter.answers import DatabaseUnreachable, NotAnswered, Refused, ReportStatus, Source
from starter.engine import SUBMIT, answer_within, engine_answer, is_missing, refused_field
from starter.software_opening import WORKFLOW, SoftwareOpening, request_content

REQUEST_ANSWER = timedelta(seconds=4)
RECORDING = timedelta(seconds=0.9)
"""Together within the five seconds in which whoever asks has an answer (SPEC §3)."""

QUERY_ANSWER = timedelta(seconds=3)
UPDATE_ANSWER = timedelta(seconds=10)


class SoftwareNotFound(LookupError):
    """No software request is known under that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no software request is known as {name[:80]!r}; give a reference (SW-XXXX-XXXX) or a workflow id"
        )


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class SoftwareAnswer(_Answer):
    """The answer to whoever asks, within five seconds whatever is away (SPEC §3).

    `reference` and `view` are None while no worker has run; the request is recorded all the same.
    """

    status: ReportStatus
    workflow_id: str
    message_id: str
    reference: str | None = None
    reason: str | None = None
    view: SoftwareView | None = None


class ShownSoftware(_Answer):
    """A request as it stands, or as it was last recorded."""

    view: SoftwareView
    source: Source


class SoftwareDesk:
    """A client of the engine and, when it can be had, the read model. Raises EngineUnreachable without an engine."""

    def __init__(
        self, client: Client, task_queue: str = "curative", requests: SoftwareRequestStore | None = None
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._requests = requests

    async def request(self, request: Mapping[str, JsonValue], message_id: str | None = None) -> SoftwareAnswer:
        """Open a software request, or join the one that is open for the same items of the same requester (R12).

        Once this has returned, the request exists, whatever crashes next (SPEC §7.1). The same request under the same
        message id changes nothing, also when it has closed meanwhile. Raises Refused.
        """
        try:
            opening = SoftwareOpening(self._client, self._task_queue, request_content(request, message_id))
        except MessageRefused as refusal:
            raise Refused(refusal.field, refusal.reason) from None
        _check_it_is_not_ahead(opening.request)
        try:
            answer = await answer_within(REQUEST_ANSWER, opening.submit(digest(opening.request)))
        except TimeoutError:
            await _record(opening)
            return SoftwareAnswer(
                status=ReportStatus.PENDING,
                workflow_id=opening.workflow_id,
                message_id=opening.message_id,
                reason="recorded; nobody works on requests now, the check is pending",
            )
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        opened = await engine_answer(opening.has_opened(answer.case.run_id))
        return _answer_of(answer.case, opening.message_id, opened=opened)

    async def send(self, name: str, kind: str, payload: Mapping[str, JsonValue]) -> SoftwareSubmitAnswer:
        """Tell an open request something. Raises Refused with the field and the reason, SoftwareNotFound, NotAnswered.

        A request that is named by its reference is named in the message too, so that no successor hears it.
        """
        workflow_id = await self._workflow_id(name)
        reference = normalise_reference(name)
        told = {**({"case": reference} if reference else {}), **payload, "kind": kind}
        update = self._client.get_workflow_handle(workflow_id).execute_update(
            SUBMIT, told, result_type=SoftwareSubmitAnswer
        )
        try:
            return await answer_within(UPDATE_ANSWER, update)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        except RPCError as error:
            if not is_missing(error):
                raise
            shown = await self.show(name)
            raise Refused("kind", f"{shown.view.reference} is closed and takes no messages") from None
        except TimeoutError:
            raise NotAnswered(
                f"No worker answered within {UPDATE_ANSWER.seconds} seconds; look at it before you send it again."
            ) from None

    async def show(self, name: str) -> ShownSoftware:
        """The request as it stands, else as it was last recorded. Raises SoftwareNotFound."""
        workflow_id = await self._workflow_id(name)
        view = await self._asked(workflow_id)
        if view is not None and normalise_reference(name) in (None, view.reference):
            return ShownSoftware(view=view, source=Source.WORKFLOW)
        recorded = await recorded_software(self._requests, name)
        if recorded is None:
            raise SoftwareNotFound(name)
        return recorded

    async def list(self, wanted: SoftwareFilter, limit: int = 100) -> Sequence[SoftwareRow]:
        """Up to `limit` requests, from the read model. Raises DatabaseUnreachable."""
        if self._requests is None:
            raise DatabaseUnreachable("PostgreSQL does not answer: software requests are listed from it.")
        try:
            return await self._requests.list(wanted, limit)
        except UNREACHABLE as error:
            raise DatabaseUnreachable("PostgreSQL does not answer: software requests are listed from it.") from error

    async def _workflow_id(self, name: str) -> str:
        """The workflow id of what people call it: a reference, or the id itself, with its prefix or without."""
        reference = normalise_reference(name)
        if reference is None:
            return PREFIX + name.strip().removeprefix(PREFIX)
        recorded = await recorded_software(self._requests, reference)
        found = recorded.view.workflow_id if recorded else await engine_answer(self._visible(reference))
        if found is None:
            raise SoftwareNotFound(name)
        return found

    async def _visible(self, reference: str) -> str | None:
        query = f"WorkflowType = '{WORKFLOW}' AND {CASE_REFERENCE.name} = '{reference}'"
        async for execution in self._client.list_workflows(query, limit=1):
            return execution.id
        return None

    async def _asked(self, workflow_id: str) -> SoftwareView | None:
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            return await answer_within(QUERY_ANSWER, handle.query("case", result_type=SoftwareView))
        except (TimeoutError, WorkflowQueryFailedError, RPCError):
            return None


async def recorded_software(requests: SoftwareRequestStore | None, name: str) -> ShownSoftware | None:
    """The request as the read model has it; None when it has none, or cannot be asked."""
    if requests is None:
        return None
    try:
        stored = await requests.find(name)
    except UNREACHABLE:
        return None
    return ShownSoftware(view=SoftwareView.model_validate(stored), source=Source.READ_MODEL) if stored else None


def _answer_of(view: SoftwareView, message_id: str, *, opened: bool) -> SoftwareAnswer:
    reason = None
    if view.outcome is SoftwareOutcome.REJECTED:
        status, reason = ReportStatus.REJECTED, view.outcome_reason
    elif view.check_pending:
        status, reason = ReportStatus.PENDING, "recorded; the registry cannot be asked now, the check is pending"
    elif opened:
        status = ReportStatus.ACCEPTED
    else:
        status, reason = ReportStatus.JOINED, f"{view.reference} is about the same already"
    return SoftwareAnswer(
        status=status,
        workflow_id=view.workflow_id,
        message_id=message_id,
        reference=view.reference,
        reason=reason,
        view=view,
    )


def _check_it_is_not_ahead(request: SoftwareRequest) -> None:
    at, now = request.happened_at, datetime.now(UTC)
    if at is not None and at > now + CLOCK_TOLERANCE:
        raise Refused("received_at", f"{at.isoformat()} lies ahead of the clock ({now.isoformat(timespec='seconds')})")


async def _record(opening: SoftwareOpening) -> None:
    """Nobody answered: see to it that the request is in the history before saying that it is recorded."""
    try:
        await answer_within(RECORDING, opening.record())
    except TimeoutError:
        raise EngineUnreachable("Temporal does not answer: the request is not recorded; give it again.") from None


def _refusal(failure: WorkflowUpdateFailedError) -> Refused:
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or not cause.details:
        return Refused("kind", f"the message was not taken: {cause}")
    field = refused_field(cause) or "message"
    return Refused(field, cause.message.removeprefix(f"{field}: "))
