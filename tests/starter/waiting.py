"""Waiting for what follows from work elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable

TRIES = 400
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.25


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds. Raises AssertionError after TRIES looks."""
    pause = FIRST_PAUSE
    for _ in range(TRIES):
        if await condition():
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    raise AssertionError("it never came to pass")
