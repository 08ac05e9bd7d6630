"""The assistance desk: opens calls, sends what is said of them, shows and lists them (R2, R3)."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from config.search_attributes import CASE_REFERENCE
from config.temporal import EngineUnreachable
from database.calls import CallFilter, CallStore
from database.pool import UNREACHABLE
from domain.assistance import PREFIX, assistance_workflow_id
from domain.call_view import CallAnswer, CallView
from domain.inbox import digest
from domain.messages import MessageRefused
from domain.references import normalise_reference
from starter.answers import DatabaseUnreachable, NotAnswered, Refused, Source
from starter.call_answers import CallList, CallNotFound, OpenedCall, ShownCall, answer_of, answer_unseen
from starter.call_opening import WORKFLOW, CallOpening, call_content, parsed_call
from starter.engine import SUBMIT, answer_within, engine_answer, is_missing, refused_field

CALL_ANSWER = timedelta(seconds=4)
RECORDING = timedelta(seconds=0.9)
REFRESHING = timedelta(seconds=0.5)
"""Together within the five seconds in which whoever calls has an answer (SPEC §3)."""

UPDATE_ANSWER = timedelta(seconds=10)
QUERY_ANSWER = timedelta(seconds=3)


class AssistanceDesk:
    """A client of the engine and, when it can be had, the read model.

    Every method raises EngineUnreachable when Temporal does not answer.
    """

    def __init__(self, client: Client, calls: CallStore | None = None, *, task_queue: str = "curative") -> None:
        self._client = client
        self._calls = calls
        self._task_queue = task_queue

    async def open(self, call: Mapping[str, JsonValue], message_id: str | None = None) -> OpenedCall:
        """Take a call, or a breakdown reported by mail; answers within five seconds.

        Once this has returned, the call exists, whatever crashes next (SPEC §7.1). The same call under the same message
        id changes nothing, also when it has closed meanwhile. Raises Refused.
        """
        content = call_content(call, message_id)
        try:
            parsed = parsed_call(content)
        except MessageRefused as refusal:
            raise Refused(refusal.field, refusal.reason) from None
        opening = CallOpening(self._client, self._task_queue, parsed, content)
        try:
            view = (await answer_within(CALL_ANSWER, opening.submit(digest(parsed)))).call
        except TimeoutError:
            await _record(opening)
            return answer_unseen(opening.workflow_id, opening.call_id, opening.message_id)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        except (WorkflowAlreadyStartedError, RPCError) as error:
            view = await self._closed_already(opening, error)
        opened = await engine_answer(opening.has_opened(view.run_id))
        newest = await self._query(opening.workflow_id, REFRESHING)  # a repeat is answered as the first time
        return answer_of(newest or view, opening.call_id, opening.message_id, opened=opened)

    async def _closed_already(self, opening: CallOpening, error: Exception) -> CallView:
        """The call that the same message has opened, and that has closed meanwhile."""
        if isinstance(error, RPCError) and error.status is not RPCStatusCode.ALREADY_EXISTS and not is_missing(error):
            raise error
        return (await self.show(opening.workflow_id)).view

    async def send(
        self, name: str, kind: str, payload: Mapping[str, JsonValue], *, as_signal: bool = False
    ) -> CallAnswer | None:
        """Tell an open call something: as the update `submit`, or as a signal, which has no answer.

        Raises Refused with the field and the reason, CallNotFound, NotAnswered.
        """
        handle = self._client.get_workflow_handle(await self._workflow_id(name))
        try:
            if as_signal:
                await engine_answer(handle.signal(kind, dict(payload)))
                return None
            update = handle.execute_update(SUBMIT, {**payload, "kind": kind}, result_type=CallAnswer)
            return await answer_within(UPDATE_ANSWER, update)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        except RPCError as error:
            if not is_missing(error):
                raise
            view = (await self.show(handle.id)).view
            raise Refused("kind", f"{view.reference} is closed ({view.outcome}) and takes no messages") from None
        except TimeoutError:
            raise NotAnswered(
                f"No worker answered within {UPDATE_ANSWER.seconds} seconds; look at the call before you send it again."
            ) from None

    async def show(self, name: str) -> ShownCall:
        """The call as it stands, else as it was last recorded. Raises CallNotFound."""
        workflow_id = await self._workflow_id(name)
        view = await self._query(workflow_id, QUERY_ANSWER)
        if view is not None:
            return ShownCall(view=view, source=Source.WORKFLOW)
        recorded = await recorded_call(self._calls, workflow_id)
        if recorded is None:
            raise CallNotFound(name)
        return recorded

    async def _query(self, workflow_id: str, limit: timedelta) -> CallView | None:
        asking = self._client.get_workflow_handle(workflow_id).query("call", result_type=CallView)
        try:
            return await answer_within(limit, asking)
        except (TimeoutError, WorkflowQueryFailedError, RPCError):
            return None

    async def list(self, wanted: CallFilter, limit: int = 100) -> CallList:
        """Up to `limit` calls as they were last recorded. Raises DatabaseUnreachable."""
        if self._calls is None:
            raise DatabaseUnreachable("PostgreSQL does not answer, and calls are listed from it.")
        return CallList(calls=await self._calls.list(wanted, limit))

    async def _workflow_id(self, name: str) -> str:
        """The workflow that a reference, a workflow id or a call id leads to. Raises CallNotFound."""
        text = name.strip()
        reference = normalise_reference(text)
        if reference is None:
            return text if text.startswith(PREFIX) else assistance_workflow_id(text)
        recorded = await recorded_call(self._calls, reference)
        if recorded is not None:
            return recorded.view.workflow_id
        return await engine_answer(self._visible(reference, name))

    async def _visible(self, reference: str, name: str) -> str:
        query = f"WorkflowType = '{WORKFLOW}' AND {CASE_REFERENCE.name} = '{reference}'"
        async for execution in self._client.list_workflows(query, limit=1):
            return execution.id
        raise CallNotFound(name)


async def recorded_call(calls: CallStore | None, name: str) -> ShownCall | None:
    """The call of that reference or workflow id as the read model has it; None when it has none, or is away."""
    if calls is None:
        return None
    try:
        stored = await calls.find(name)
    except UNREACHABLE:
        return None
    return ShownCall(view=CallView.model_validate(stored), source=Source.READ_MODEL) if stored else None


async def _record(opening: CallOpening) -> None:
    """Nobody answered: see to it that the call is in the history before saying that it is recorded."""
    try:
        await answer_within(RECORDING, opening.record())
    except WorkflowAlreadyStartedError:
        return  # it is closed already
    except TimeoutError:
        raise EngineUnreachable("Temporal does not answer: the call is not recorded; give it again.") from None


def _refusal(failure: WorkflowUpdateFailedError) -> Refused:
    """The field and the sentence with which a call refused an update."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or cause.type != MessageRefused.__name__ or not cause.details:
        return Refused("call", f"the message was not taken: {cause}")
    field = refused_field(cause) or "message"
    return Refused(field, cause.message.removeprefix(f"{field}: "))
