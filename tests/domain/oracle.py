"""Business time counted another way: minute by minute, by looking at the clock on the wall.

Slow and plain on purpose. It knows the official list of holidays, of the years 2024 to 2031, and shares nothing with
the code under test but the calendar's specification. Windows and changes of offset fall on full minutes.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.calendars import CalendarSpec

OFFICIAL_HOLIDAYS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "public-holidays-2024-2031.json").read_text(encoding="utf-8")
)
_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_off(spec: CalendarSpec, day: date) -> bool:
    """Whether the day is a closure, or a holiday that is not worked."""
    if day in spec.closures:
        return True
    holiday = str(day) in OFFICIAL_HOLIDAYS[spec.holidays_zone] or day in spec.extra_holidays
    return holiday and day not in spec.worked_holidays


def is_open(spec: CalendarSpec, at: datetime) -> bool:
    """Whether the clock on the wall shows a time inside a window of its day."""
    on_the_wall = at.astimezone(ZoneInfo(spec.tz))
    day, clock = on_the_wall.date(), on_the_wall.strftime("%H:%M")
    if is_off(spec, day):
        return False
    usual = next(windows for name, windows in spec.week.items() if name == _WEEKDAYS[day.weekday()])
    return any(opening <= clock < close for opening, close in spec.day_hours.get(day, usual))


def elapsed(spec: CalendarSpec, start: datetime, end: datetime) -> timedelta:
    """Open time between two instants, the later one last."""
    return sum((until - since for since, until in _open_steps(spec, start, end)), timedelta())


def add(spec: CalendarSpec, start: datetime, amount: timedelta, horizon: timedelta) -> datetime | None:
    """The instant by which a positive amount has run, None when it does not within the horizon."""
    for since, until in _open_steps(spec, start, start + horizon):
        amount -= until - since
        if amount <= timedelta():
            return until + amount
    return None


def _open_steps(spec: CalendarSpec, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The steps of a minute at most from start to end that are open, in UTC."""
    since, last = start.astimezone(UTC), end.astimezone(UTC)
    while since < last:
        next_minute = since.replace(second=0, microsecond=0) + _MINUTE
        until = min(next_minute, last)
        if is_open(spec, since):
            yield since, until
        since = until
