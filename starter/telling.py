"""Asking an execution, and telling it something: its answer, or why there is none, in words for people."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from pydantic import BaseModel, JsonValue
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from config.search_attributes import CASE_REFERENCE
from database.pool import UNREACHABLE
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import MessageRefused
from starter.answers import NotAnswered, Refused
from starter.engine import SUBMIT, answer_within, engine_answer, refused_field

UPDATE_ANSWER = timedelta(seconds=10)
QUERY_ANSWER = timedelta(seconds=3)

Answer = TypeVar("Answer")
View = TypeVar("View", bound=BaseModel)


class ReadModel(Protocol):
    """Where views are recorded, by their names."""

    async def find(self, name: str) -> dict[str, JsonValue] | None:
        """The newest view of that name."""


async def told(
    handle: WorkflowHandle[Any, Any], kind: str, payload: Mapping[str, JsonValue], answer_type: type[Answer]
) -> Answer:
    """What an execution answers to a message; it takes a worker.

    A message without an id is given one: the SDK sends again what the server took as a run ended, and the next run
    knows it by that.

    Raises Refused with the field and the reason, NotAnswered, and RPCError when there is no such execution.
    """
    message = {"message_id": f"desk-{uuid4()}", **payload, "kind": kind}
    update = handle.execute_update(SUBMIT, message, result_type=answer_type)
    try:
        answer: Answer = await answer_within(UPDATE_ANSWER, update)
    except WorkflowUpdateFailedError as failure:
        raise refusal_of(failure) from None
    except TimeoutError:
        raise NotAnswered(
            f"No worker answered within {UPDATE_ANSWER.seconds} seconds; look whether it was taken before you send it "
            "again, or send it as a signal, which is recorded without a worker."
        ) from None
    return answer


async def asked(
    handle: WorkflowHandle[Any, Any], query: str, answer_type: type[Answer], limit: timedelta = QUERY_ANSWER
) -> Answer | None:
    """What an execution answers to a query; None when nobody answers, or it does not know the query."""
    try:
        answer: Answer = await answer_within(limit, handle.query(query, result_type=answer_type))
    except (TimeoutError, WorkflowQueryFailedError, RPCError):
        return None
    return answer


async def recorded(read_model: ReadModel | None, name: str, view_type: type[View]) -> View | None:
    """The view of that name as it was last recorded; None when there is none, or the read model cannot be asked."""
    if read_model is None:
        return None
    try:
        stored = await read_model.find(name)
    except UNREACHABLE:
        return None
    return view_type.model_validate(stored) if stored else None


async def visible(client: Client, workflow: str, reference: str) -> WorkflowExecution | None:
    """The execution that has that reference, as the engine lists it."""

    async def first() -> WorkflowExecution | None:
        query = f"WorkflowType = '{workflow}' AND {CASE_REFERENCE.name} = '{reference}'"
        async for execution in client.list_workflows(query, limit=1):
            return execution
        return None

    return await engine_answer(first())


def refusal_of(failure: WorkflowUpdateFailedError) -> Refused:
    """The field and the sentence with which an execution refused an update."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError) or cause.type != MessageRefused.__name__:
        return Refused("message", f"the message was not taken: {cause}")
    return refused(refused_field(cause) or "message", cause.message)


def refused(field: str, sentence: str) -> Refused:
    """`sentence` as the domain has it, beginning with the field."""
    return Refused(field, sentence.removeprefix(f"{field}: "))


def check_it_is_not_ahead(field: str, at: datetime | None) -> None:
    """A slip of the keyboard leaves nothing rejected behind. Raises Refused."""
    now = datetime.now(UTC)
    if at is not None and at > now + CLOCK_TOLERANCE:
        raise Refused(field, f"{at.isoformat()} lies ahead of the clock ({now.isoformat(timespec='seconds')})")
