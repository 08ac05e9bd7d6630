"""Heartbeats: how Temporal learns within seconds that the worker which ran an activity was killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

BEATS_IN_A_TIMEOUT = 4


@asynccontextmanager
async def heartbeats() -> AsyncIterator[None]:
    """Beat while the body runs, often enough for the activity's heartbeat timeout; a short body sends none."""
    timeout = activity.info().heartbeat_timeout
    assert timeout is not None, "an activity that beats is given a heartbeat timeout"
    beating = asyncio.create_task(_beat(timeout.total_seconds() / BEATS_IN_A_TIMEOUT))
    try:
        yield
    finally:
        beating.cancel()


async def _beat(every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        activity.heartbeat()
