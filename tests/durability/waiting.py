"""Waiting for something that another process does."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

TRIES = 2_000
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1


async def until(condition: Callable[[], Awaitable[bool]], why: str) -> None:
    """Wait until `condition` holds. Raises AssertionError after TRIES looks."""
    pause = FIRST_PAUSE
    for _ in itertools.repeat(None, TRIES):
        if await condition():
            return
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, LONGEST_PAUSE)
    raise AssertionError(f"never came to pass: {why}")
