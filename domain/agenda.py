"""What somebody's time is taken by, and when they are free."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open span of time: what ends at noon leaves noon free."""

    start: datetime
    end: datetime


def overlap(one: Span, other: Span) -> bool:
    """The two have some time in common."""
    return one.start < other.end and other.start < one.end


class Agenda:
    """Spans that are taken, in any order and overlapping as they may, laid out so that one look tells."""

    def __init__(self, taken: Iterable[Span]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted(taken):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def is_free(self, span: Span) -> bool:
        """Nothing that is taken overlaps it."""
        following = bisect_right(self._ends, span.start)
        return following == len(self._ends) or self._starts[following] >= span.end
