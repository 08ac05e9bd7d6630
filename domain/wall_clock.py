"""Wall clock to UTC: where the windows of local days lie, in microseconds since the epoch.

Wall-clock hours hold across daylight saving: an instant is open when the local clock then shows a time inside
a window of that day. What the clock jumps over is not counted, and an hour lived twice counts twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.calendars import Window

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 24 * 60 * _MINUTE
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class _OffsetPeriod(NamedTuple):
    """A span of time in which a zone keeps one UTC offset; all in microseconds."""

    start: int
    end: int
    offset: int


def open_intervals(
    zone: ZoneInfo, start: int, end: int, windows_on: Callable[[date], tuple[Window, ...]]
) -> Iterator[tuple[int, int]]:
    """The open intervals from `start` to `end`, in order, of a clock that opens on each local day as told."""
    for period in _offset_periods(zone, start, end):
        first_day = (period.start + period.offset) // _DAY
        last_day = (period.end + period.offset - 1) // _DAY
        for day in range(first_day, last_day + 1):
            midnight = day * _DAY - period.offset
            for opens_at, closes_at in _since_midnight(windows_on(date.fromordinal(_EPOCH_DAY + day))):
                opening = max(midnight + opens_at, period.start)
                close = min(midnight + closes_at, period.end)
                if opening < close:
                    yield opening, close


@lru_cache(maxsize=1024)
def _since_midnight(windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((_wall_time(opening), _wall_time(close)) for opening, close in windows)


def _wall_time(text: str) -> int:
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * _MINUTE


def _offset_periods(zone: ZoneInfo, start: int, end: int) -> Iterator[_OffsetPeriod]:
    """The periods of one UTC offset each; zones change it at most once a day, on a full second."""
    period_start, offset = start, _offset(zone, start)
    for today in range(start, end, _DAY):
        tomorrow = min(today + _DAY, end)
        new_offset = _offset(zone, tomorrow)
        if new_offset != offset:
            change = _first_instant(zone, new_offset, range(today, tomorrow + _SECOND, _SECOND))
            yield _OffsetPeriod(period_start, change, offset)
            period_start, offset = change, new_offset
    yield _OffsetPeriod(period_start, end, offset)


def _first_instant(zone: ZoneInfo, offset: int, instants: range) -> int:
    return instants[bisect_left(instants, True, key=lambda instant: _offset(zone, instant) == offset)]


def _offset(zone: ZoneInfo, instant: int) -> int:
    shift = datetime.fromtimestamp(instant // _SECOND, UTC).astimezone(zone).utcoffset()
    return (shift or timedelta()) // timedelta(microseconds=1)
