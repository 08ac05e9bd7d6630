"""Ctrl-C and friends: the first one asks for an orderly end, further ones do not disturb it."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_interrupted(main: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    """Run `main` in an event loop of its own; False when a signal ended it.

    `main` is cancelled by the first SIGINT, SIGTERM or SIGHUP and has all the time it needs to clean up.
    """
    return asyncio.run(_interruptible(main))


async def _interruptible(main: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    loop = asyncio.get_running_loop()
    task = loop.create_task(main())
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, interrupt)
    try:
        await task
    except asyncio.CancelledError:
        if not interrupted:
            raise
    return not interrupted
