"""A message that opens the workflow of what it is about, or joins the one that is open (SPEC §3, §5)."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar, Generic, NotRequired, TypedDict, TypeVar

from pydantic import JsonValue
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from config.temporal import EngineUnreachable
from starter.engine import answer_within, is_missing, refused_field, submitted_with_start

OPENED_BY = "opened_by"
"""The memo that names the message with which an execution began."""

RECORDING = timedelta(seconds=0.9)
"""How long the engine may take to record what nobody has answered; part of the five seconds of SPEC §3."""

Answer = TypeVar("Answer")


class Start(TypedDict):
    """How an execution is started; the memo has `OPENED_BY`."""

    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    id_reuse_policy: WorkflowIDReusePolicy
    memo: Mapping[str, str]
    search_attributes: TypedSearchAttributes
    static_summary: str
    static_details: NotRequired[str]


class Opening(Generic[Answer]):
    """One message with a message id. `content` is the message as it was said: what is sent, whichever way.

    `first` is the one argument that an execution is started with, should the message open one.
    """

    WORKFLOW: ClassVar[str]
    KIND: ClassVar[str]
    ATTEMPTS: ClassVar[int] = 3
    """What closes while the message arrives sends it away; the next attempt opens anew."""

    def __init__(
        self,
        client: Client,
        start: Start,
        first: Mapping[str, JsonValue],
        content: Mapping[str, JsonValue],
        answer_type: type[Answer],
    ) -> None:
        self._client = client
        self._start = start
        self._first = dict(first)
        self._content = dict(content)
        self._answer_type = answer_type
        self.workflow_id = start["id"]
        self.message_id = start["memo"][OPENED_BY]
        self.waits_for_closing = False
        """The execution before is closed and still writes its last record; it takes nothing any more."""

    async def submit(self, update_id: str | None = None) -> Answer:
        """Open or join it, and wait for its answer; it takes a worker.

        A repeat with the same `update_id` is given the answer of the first also when it has closed meanwhile.
        Raises WorkflowUpdateFailedError when it refuses, RPCError or WorkflowAlreadyStartedError when the engine does.
        """
        for attempt in range(1, self.ATTEMPTS + 1):
            try:
                return await self._update_with_start(update_id)
            except (RPCError, WorkflowUpdateFailedError) as error:
                if attempt == self.ATTEMPTS or not await self._has_closed(error):
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _has_closed(self, error: RPCError | WorkflowUpdateFailedError) -> bool:
        """Whether the message came to one that has closed by now; one that is closing is waited for."""
        if isinstance(error, RPCError):
            return is_missing(error)
        if not says_closed(error):
            return False
        self.waits_for_closing = True
        with suppress(WorkflowFailureError):
            await self._client.get_workflow_handle(self.workflow_id).result()
        self.waits_for_closing = False
        return True

    async def _update_with_start(self, update_id: str | None) -> Answer:
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            self.WORKFLOW, self._first, **self._start
        )
        return await submitted_with_start(self._client, operation, self._submission, update_id, self._answer_type)

    @property
    def _submission(self) -> dict[str, JsonValue]:
        return {**self._content, "kind": self.KIND}

    async def record(self) -> None:
        """Open or join it for certain, without waiting for its answer; it takes no worker.

        An update that nobody accepted yet lives in the server's memory only; a signal is in the history at once.
        With its message id the same message changes nothing where it has arrived already.
        """
        await self._client.start_workflow(
            self.WORKFLOW, self._first, start_signal=self.KIND, start_signal_args=[self._content], **self._start
        )

    async def has_opened(self, run_id: str) -> bool:
        """Whether it was this very message that opened that run, and not one before it."""
        execution = await self._client.get_workflow_handle(self.workflow_id, run_id=run_id).describe()
        return (await execution.memo()).get(OPENED_BY) == self.message_id


def says_closed(failure: WorkflowUpdateFailedError) -> bool:
    """What it is opened with is refused by its kind only once it is closed: every other stage takes it."""
    cause = failure.cause
    return isinstance(cause, ApplicationError) and refused_field(cause) == "kind"


async def record_for_certain(opening: Opening[Any], what: str) -> None:
    """Nobody answered: see to it that it is in the history before saying that it is recorded.

    Raises EngineUnreachable, WorkflowAlreadyStartedError when it is closed and opens no second time.
    """
    try:
        await answer_within(RECORDING, opening.record())
    except TimeoutError:
        raise EngineUnreachable(f"Temporal does not answer: {what} is not recorded; give it again.") from None
