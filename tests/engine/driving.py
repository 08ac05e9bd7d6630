"""Who lets things happen: one driver at a time; an activity that sends messages may drive on from within."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta

from tests.engine.clock import VirtualClock
from tests.engine.failures import NothingHappens

LONGEST_WAIT = timedelta(days=800)
"""Virtual time after which what is waited for is given up."""


_DRIVING: ContextVar["Driver | None"] = ContextVar("driving", default=None)


class Driver:
    """Lets the events of a clock happen, one after the other."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._turn = asyncio.Lock()

    async def pass_time(self, duration: timedelta) -> None:
        """Let `duration` pass, and everything happen that falls into it."""
        async with self._driving():
            end = self._clock.now + duration
            while event := self._clock.next_event(end):
                await event.happen()
            self._clock.now = max(self._clock.now, end)

    async def until(self, condition: Callable[[], bool], why: str) -> None:
        """Let things happen until the condition holds; the clock moves no further than it must.

        Raises NothingHappens when no event lies ahead any more, or none in LONGEST_WAIT.
        """
        while not condition():
            async with self._driving():
                end = self._clock.now + LONGEST_WAIT
                while not condition():
                    event = self._clock.next_event(end)
                    if event is None:
                        raise NothingHappens(f"never comes to pass: {why}")
                    await event.happen()

    async def until_idle(self) -> None:
        """Let all that is under way come to its end; what is only waited for is left."""
        async with self._driving():
            while self._clock.has_work and (event := self._clock.next_event()):
                await event.happen()

    @asynccontextmanager
    async def _driving(self) -> AsyncIterator[None]:
        if _DRIVING.get() is self:  # we are inside of an event that is happening: its driver waits for us
            yield
            return
        async with self._turn:
            token = _DRIVING.set(self)
            try:
                yield
            finally:
                _DRIVING.reset(token)
