"""Asking Temporal, with an answer in bounded time and errors that people understand."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import JsonValue
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from config.payload_converter import KeyMissing
from config.temporal import EngineUnreachable
from domain.payloads import Undecodable

Answer = TypeVar("Answer")

SUBMIT = "submit"
"""The update that takes every message."""

ENGINE_ANSWER = timedelta(seconds=3)
"""How long the server itself may take for what needs no worker."""


async def answer_within(limit: timedelta, asking: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer, or TimeoutError once the limit has passed. Raises EngineUnreachable when no server is there.

    Unlike asyncio's own, this tells a limit from a caller who was cancelled: the SDK turns both into its own errors.
    """
    task = asyncio.create_task(asking)
    try:
        done, _ = await asyncio.wait({task}, timeout=limit.total_seconds())
        if not done:
            raise TimeoutError
        return task.result()
    except RPCError as error:
        if error.status is not RPCStatusCode.UNAVAILABLE:
            raise
        raise EngineUnreachable(f"Temporal does not answer any more: {error.message}.") from error
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def engine_answer(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer to what the server knows without a worker. Raises EngineUnreachable when it does not come."""
    try:
        return await answer_within(ENGINE_ANSWER, asking)
    except TimeoutError:
        raise EngineUnreachable(
            f"Temporal does not answer within {ENGINE_ANSWER.seconds} seconds: see whether `curative up` still runs."
        ) from None


async def submitted_with_start(
    client: Client,
    operation: WithStartWorkflowOperation[Any, Any],
    submission: Mapping[str, JsonValue],
    update_id: str | None,
    answer_type: type[Answer],
) -> Answer:
    """The answer of update `submit` to what opens or joins a workflow; it takes a worker.

    Raises WorkflowUpdateFailedError when the workflow refuses, RPCError when the engine does.
    """
    try:
        answer: Answer = await client.execute_update_with_start_workflow(
            SUBMIT, dict(submission), start_workflow_operation=operation, id=update_id, result_type=answer_type
        )
    except BaseException:
        # The SDK leaves a failure in the operation too, and asyncio prints what nobody has looked at.
        with suppress(BaseException):
            await operation.workflow_handle()
        raise
    return answer


def refused_field(refusal: ApplicationError) -> str | None:
    """The field that a workflow complained of; None when it named none. Raises KeyMissing when that cannot be read."""
    details = refusal.details[0] if refusal.details else None
    if isinstance(details, Undecodable):
        raise KeyMissing()
    field = details.get("field") if isinstance(details, dict) else None
    return None if field is None else str(field)


def is_missing(error: RPCError) -> bool:
    """Whether the server answered that there is no such execution, or that it has closed."""
    return error.status is RPCStatusCode.NOT_FOUND
