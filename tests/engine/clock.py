"""A virtual clock: what is to happen happens in the order of its instants, and time itself costs nothing."""

import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Happening = Callable[[], Awaitable[None]]


@dataclass(order=True)
class Event:
    """Something that happens at an instant; those of one instant happen in the order in which they were set."""

    instant: datetime
    number: int
    happen: Happening = field(compare=False)
    is_work: bool = field(compare=False)
    """Under way already, as an activity or a message is; a timer is only waited for."""
    is_off: bool = field(default=False, compare=False)


class VirtualClock:
    """The instant that all executions of one engine share, and what lies ahead of it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._ahead: list[Event] = []
        self._numbers = itertools.count()
        self._work = 0

    @property
    def has_work(self) -> bool:
        """Whether anything is under way."""
        return self._work > 0

    def after(self, duration: timedelta, happen: Happening, *, is_work: bool = False) -> Event:
        """Let something happen when `duration` has passed."""
        event = Event(self.now + duration, next(self._numbers), happen, is_work)
        heapq.heappush(self._ahead, event)
        self._work += is_work
        return event

    def call_off(self, event: Event) -> None:
        """Let an event not happen, unless it already has."""
        if not event.is_off:
            event.is_off = True
            self._work -= event.is_work

    def next_event(self, until: datetime | None = None) -> Event | None:
        """Move on to the next event, or to nothing when none lies ahead up to `until`."""
        while self._ahead and self._ahead[0].is_off:
            heapq.heappop(self._ahead)
        if not self._ahead or (until is not None and self._ahead[0].instant > until):
            return None
        event = heapq.heappop(self._ahead)
        self.call_off(event)
        self.now = max(self.now, event.instant)
        return event
