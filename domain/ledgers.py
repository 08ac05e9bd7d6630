"""A promise's ledger on the clock in which it is counted: its due instant, its warnings, its pauses (SPEC §4)."""

from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from domain.promises import Projection, Promise

Span: TypeAlias = tuple[datetime, datetime]


class Clock(Protocol):
    """Open time: what a calendar knows, or a stretch of it. Raises CalendarError for what lies beyond."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant by which `amount` of open time has run since `start`; counts back when it is negative."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The open time between two instants, negative when the second comes first."""

    def next_opening(self, at: datetime) -> datetime:
        """The instant itself when it is open, else the next one that is."""


def projected(promise: Promise, clock: Clock, started_at: datetime, due_at: datetime, now: datetime) -> Projection:
    """The due instant and the warning points, pauses counted; one that is open is counted up to `now`.

    `due_at` is when the promise would be due had its clock never stopped. A pause adds the open time that it held.
    """
    budget = clock.elapsed(started_at, due_at)
    paused = timedelta(0)
    spans = promise.paused_spans(now)
    for start, end in spans:
        if start < due_at:
            held = clock.elapsed(max(start, started_at), end)
            paused += held
            due_at = clock.add(due_at, held) if held else due_at
    warnings = [
        (point, _warning_at(point, clock, started_at, due_at, budget, spans)) for point in promise.warning_points
    ]
    return Projection(
        id=promise.id,
        started_at=started_at,
        due_at=due_at,
        paused=paused,
        warnings=tuple(sorted(warnings, key=lambda warning: warning[1])),
    )


def _warning_at(
    point: str, clock: Clock, started_at: datetime, due_at: datetime, budget: timedelta, spans: list[Span]
) -> datetime:
    """A fraction of the budget counts from the start, past the pauses that came before it; an offset from the due."""
    if point.startswith("-"):
        return max(clock.add(due_at, -timedelta(minutes=int(point[1:-1]))), started_at)
    at = clock.add(started_at, budget * int(point[:-1]) / 100)
    for start, end in spans:
        if start < at:
            at = clock.add(at, clock.elapsed(max(start, started_at), end))
    return min(at, due_at)
