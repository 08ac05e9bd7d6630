"""Software requests at the desk: opened, told things, shown and listed. Whatever talks to one does it through here."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from database.known_keys import KnownKeys, keys_masked
from database.pool import UNREACHABLE
from database.software_requests import SoftwareFilter, SoftwareRequestStore, SoftwareRow
from domain.inbox import digest
from domain.messages import MessageRefused
from domain.references import normalise_reference
from domain.software_opening import PREFIX
from domain.software_update import SoftwareOutcome
from domain.software_view import SoftwareSubmitAnswer, SoftwareView
from starter.answers import DatabaseUnreachable, Refused, ReportStatus, Source
from starter.engine import answer_within, engine_answer, is_missing
from starter.opening import record_for_certain
from starter.software_opening import WORKFLOW, SoftwareOpening, request_content
from starter.telling import asked, check_it_is_not_ahead, recorded, refusal_of, told, visible

REQUEST_ANSWER = timedelta(seconds=4)
"""With `RECORDING` within the five seconds in which whoever asks has an answer (SPEC §3)."""

STILL_CLOSING = "the request before this one closes just now; nothing was taken: ask again in a moment"


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
        self,
        client: Client,
        task_queue: str = "curative",
        requests: SoftwareRequestStore | None = None,
        *,
        keys: KnownKeys | None = None,
    ) -> None:
        self._client = client
        self._keys = keys
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
        check_it_is_not_ahead("received_at", opening.request.happened_at)
        try:
            answer = await answer_within(REQUEST_ANSWER, opening.submit(digest(opening.request)))
        except TimeoutError:
            if opening.waits_for_closing:
                raise Refused("request", STILL_CLOSING) from None
            await record_for_certain(opening, "the request")
            return SoftwareAnswer(
                status=ReportStatus.PENDING,
                workflow_id=opening.workflow_id,
                message_id=opening.message_id,
                reason="recorded; nobody works on requests now, the check is pending",
            )
        except WorkflowUpdateFailedError as failure:
            raise refusal_of(failure) from None
        opened = await engine_answer(opening.has_opened(answer.case.run_id))
        return _answer_of(answer.case, opening.message_id, opened=opened)

    async def send(self, name: str, kind: str, payload: Mapping[str, JsonValue]) -> SoftwareSubmitAnswer:
        """Tell an open request something. Raises Refused with the field and the reason, SoftwareNotFound, NotAnswered.

        A request that is named by its reference is named in the message too, so that no successor hears it.
        """
        workflow_id = await self._workflow_id(name)
        reference = normalise_reference(name)
        said = {**({"case": reference} if reference else {}), **payload}
        try:
            answer = await told(self._client.get_workflow_handle(workflow_id), kind, said, SoftwareSubmitAnswer)
            return await keys_masked(self._keys, answer)
        except RPCError as error:
            if not is_missing(error):
                raise
        shown = await self.show(name)
        raise Refused("kind", f"{shown.view.reference} is closed and takes no messages")

    async def show(self, name: str) -> ShownSoftware:
        """The request as it stands, else as it was last recorded. Raises SoftwareNotFound."""
        workflow_id = await self._workflow_id(name)
        view = await asked(self._client.get_workflow_handle(workflow_id), "case", SoftwareView)
        if view is not None and normalise_reference(name) in (None, view.reference):
            return ShownSoftware(view=await keys_masked(self._keys, view), source=Source.WORKFLOW)
        return await recorded_software(self._requests, name)

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
        view = await recorded(self._requests, reference, SoftwareView)
        if view is not None:
            return view.workflow_id
        execution = await visible(self._client, WORKFLOW, reference)
        if execution is None:
            raise SoftwareNotFound(name)
        return execution.id


async def recorded_software(requests: SoftwareRequestStore | None, name: str) -> ShownSoftware:
    """The request as the read model has it. Raises SoftwareNotFound when it has none, or cannot be asked."""
    view = await recorded(requests, name, SoftwareView)
    if view is None:
        raise SoftwareNotFound(name)
    return ShownSoftware(view=view, source=Source.READ_MODEL)


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
