"""Asking Temporal, with an answer in bounded time and errors that people understand."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.service import RPCError, RPCStatusCode

from config.temporal import EngineUnreachable

Answer = TypeVar("Answer")

AWAY = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
"""How a call ends that reached no server, or one that was going down."""


async def answer_within(limit: timedelta, asking: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer, or TimeoutError once the limit has passed.

    Unlike asyncio's own, this tells a limit from a caller who was cancelled: the SDK turns both into its own errors.
    """
    task = asyncio.create_task(asking)
    try:
        done, _ = await asyncio.wait({task}, timeout=limit.total_seconds())
        if not done:
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def engine_errors() -> Iterator[None]:
    """Raise EngineUnreachable for a call that reached no server; leave every other error alone."""
    try:
        yield
    except RPCError as error:
        if error.status not in AWAY:
            raise
        raise EngineUnreachable(
            f"Temporal does not answer any more ({error.message}): see whether `curative up` still runs."
        ) from error


def is_missing(error: RPCError) -> bool:
    """Whether the server answered that there is no such execution, or that it has closed."""
    return error.status is RPCStatusCode.NOT_FOUND
