"""Heartbeats: how Temporal learns within seconds that the worker which ran an activity was killed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from temporalio import activity

BEATS_IN_A_TIMEOUT = 4


@asynccontextmanager
async def heartbeats(details: Callable[[], Sequence[object]] = tuple) -> AsyncIterator[None]:
    """Beat while the body runs, often enough for the activity's heartbeat timeout; a short body sends none.

    Each beat tells what `details` are then: the next attempt finds it in `activity.info().heartbeat_details`.
    """
    timeout = activity.info().heartbeat_timeout
    assert timeout is not None, "an activity that beats is given a heartbeat timeout"
    beating = asyncio.create_task(_beat(timeout.total_seconds() / BEATS_IN_A_TIMEOUT, details))
    try:
        yield
    finally:
        beating.cancel()


async def _beat(every_seconds: float, details: Callable[[], Sequence[object]]) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        activity.heartbeat(*details())
