"""Wall clock to UTC: where the windows of local days lie, as timedeltas since the epoch.

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

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""From when instants are counted."""

_ONE_DAY = timedelta(days=1)
_SECONDS_OF_A_DAY = range(24 * 60 * 60 + 1)


class _OffsetPeriod(NamedTuple):
    """A span of time in which a zone keeps one UTC offset."""

    start: timedelta
    end: timedelta
    offset: timedelta


def open_intervals(
    zone: ZoneInfo, start: timedelta, end: timedelta, windows_on: Callable[[date], tuple[Window, ...]]
) -> Iterator[tuple[timedelta, timedelta]]:
    """The open intervals from `start` to `end`, in order, of a clock that opens on each local day as told."""
    for period in _offset_periods(zone, start, end):
        first_day = (period.start + period.offset) // _ONE_DAY
        last_day = (period.end + period.offset) // _ONE_DAY
        for day in range(first_day, last_day + 1):
            midnight = day * _ONE_DAY - period.offset
            for opens_at, closes_at in _since_midnight(windows_on(EPOCH.date() + day * _ONE_DAY)):
                opening = max(midnight + opens_at, period.start)
                close = min(midnight + closes_at, period.end)
                if opening < close:
                    yield opening, close


@lru_cache(maxsize=1024)
def _since_midnight(windows: tuple[Window, ...]) -> tuple[tuple[timedelta, timedelta], ...]:
    return tuple((_wall_time(opening), _wall_time(close)) for opening, close in windows)


def _wall_time(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _offset_periods(zone: ZoneInfo, start: timedelta, end: timedelta) -> Iterator[_OffsetPeriod]:
    """The periods of one UTC offset each; zones change it at most once a day, on a full second."""
    period_start, offset = start, _offset(zone, start)
    today = start
    while today < end:
        tomorrow = min(today + _ONE_DAY, end)
        new_offset = _offset(zone, tomorrow)
        if new_offset != offset:
            change = _change(zone, today, new_offset)
            yield _OffsetPeriod(period_start, change, offset)
            period_start, offset = change, new_offset
        today = tomorrow
    yield _OffsetPeriod(period_start, end, offset)


def _change(zone: ZoneInfo, today: timedelta, new_offset: timedelta) -> timedelta:
    """The first instant of the day with its new offset."""
    return (
        timedelta(
            seconds=bisect_left(
                _SECONDS_OF_A_DAY,
                True,
                key=lambda second: _offset(zone, today + timedelta(seconds=second)) == new_offset,
            )
        )
        + today
    )


def _offset(zone: ZoneInfo, instant: timedelta) -> timedelta:
    return (EPOCH + instant).astimezone(zone).utcoffset() or timedelta()
