"""The assistance desk: opens calls, sends what is said of them, shows and lists them (R2, R3)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from pydantic import JsonValue
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from database.calls import CallFilter, CallStore
from database.known_keys import KnownKeys, keys_masked
from domain.assistance import PREFIX, assistance_workflow_id
from domain.call_view import CallAnswer, CallView
from domain.inbox import digest
from domain.messages import MessageRefused
from domain.references import normalise_reference
from starter.answers import DatabaseUnreachable, Refused, Source
from starter.call_answers import CallList, CallNotFound, OpenedCall, ShownCall, answer_of, answer_unseen
from starter.call_opening import WORKFLOW, CallOpening, call_content, parsed_call
from starter.engine import answer_within, engine_answer, is_missing
from starter.opening import record_for_certain
from starter.telling import asked, recorded, refusal_of, told, visible

CALL_ANSWER = timedelta(seconds=4)
REFRESHING = timedelta(seconds=0.5)
"""Together, and with `RECORDING`, within the five seconds in which whoever calls has an answer (SPEC §3)."""


class AssistanceDesk:
    """A client of the engine and, when it can be had, the read model.

    Every method raises EngineUnreachable when Temporal does not answer.
    """

    def __init__(
        self,
        client: Client,
        calls: CallStore | None = None,
        *,
        task_queue: str = "curative",
        keys: KnownKeys | None = None,
    ) -> None:
        self._client = client
        self._calls = calls
        self._keys = keys
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
            with suppress(WorkflowAlreadyStartedError):  # it is closed already
                await record_for_certain(opening, "the call")
            return answer_unseen(opening.workflow_id, opening.call_id, opening.message_id)
        except WorkflowUpdateFailedError as failure:
            raise refusal_of(failure) from None
        except (WorkflowAlreadyStartedError, RPCError) as error:
            view = await self._closed_already(opening, error)
        handle = self._client.get_workflow_handle(opening.workflow_id)
        newest, opened = await asyncio.gather(  # the newest: a repeat is answered as the first time
            asked(handle, "call", CallView, REFRESHING), engine_answer(opening.has_opened(view.run_id))
        )
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
            return await keys_masked(self._keys, await told(handle, kind, payload, CallAnswer))
        except RPCError as error:
            if not is_missing(error):
                raise
        view = (await self.show(handle.id)).view
        raise Refused("kind", f"{view.reference} is closed ({view.outcome}) and takes no messages")

    async def show(self, name: str) -> ShownCall:
        """The call as it stands, else as it was last recorded. Raises CallNotFound."""
        workflow_id = await self._workflow_id(name)
        view = await asked(self._client.get_workflow_handle(workflow_id), "call", CallView)
        if view is None:
            return await recorded_call(self._calls, name)
        return ShownCall(view=await keys_masked(self._keys, view), source=Source.WORKFLOW)

    async def list(self, wanted: CallFilter, limit: int = 100) -> CallList:
        """Up to `limit` calls as they were last recorded. Raises DatabaseUnreachable."""
        if self._calls is None:
            raise DatabaseUnreachable("PostgreSQL does not answer, and calls are listed from it.")
        return CallList(calls=await self._calls.list(wanted, limit))

    async def _workflow_id(self, name: str) -> str:
        """The workflow that a reference, a workflow id or a call id leads to. Raises CallNotFound."""
        reference = normalise_reference(name)
        if reference is None:
            return _workflow_id_of(name)
        view = await recorded(self._calls, reference, CallView)
        if view is not None:
            return view.workflow_id
        execution = await visible(self._client, WORKFLOW, reference)
        if execution is None:
            raise CallNotFound(name)
        return execution.id


async def recorded_call(calls: CallStore | None, name: str) -> ShownCall:
    """The call as the read model has it. Raises CallNotFound when it has none, or cannot be asked."""
    view = await recorded(calls, normalise_reference(name) or _workflow_id_of(name), CallView)
    if view is None:
        raise CallNotFound(name)
    return ShownCall(view=view, source=Source.READ_MODEL)


def _workflow_id_of(name: str) -> str:
    """The workflow id that is meant: the id itself, or a call id."""
    text = name.strip()
    return text if text.startswith(PREFIX) else assistance_workflow_id(text)
