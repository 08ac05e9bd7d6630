"""Business time: calendars that count (R1; SPEC §4, conventions of business time)."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.calendars import WEEKDAYS, CalendarError, CalendarSpec, Window
from domain.open_time import OpenTime
from domain.public_holidays import public_holidays
from domain.wall_clock import EPOCH, open_intervals

FIRST_YEAR, LAST_YEAR = 2020, 2045
"""The years that a calendar's table covers; business time outside them is refused."""

# A table takes about a megabyte and some tens of milliseconds to lay out.
_CALENDARS_KEPT = 64


class BusinessCalendar(OpenTime):
    """The service hours of a provider or a site, ready to count (R1). Get one from `business_calendar`."""

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self._off_days = {**_days_not_worked(spec), **dict.fromkeys(spec.closures, "closure")}
        zone = ZoneInfo(spec.tz)
        start = datetime(FIRST_YEAR, 1, 1, tzinfo=zone) - EPOCH
        end = datetime(LAST_YEAR + 1, 1, 1, tzinfo=zone) - EPOCH
        super().__init__(zone, start, end, open_intervals(zone, start, end, self._windows_on))
        if not self._opens:
            raise CalendarError(
                f"The calendar never opens from {FIRST_YEAR} to {LAST_YEAR}: give hours on days that are not closed."
            )

    def __repr__(self) -> str:
        return f"BusinessCalendar({self.spec!r})"

    def why_closed(self, day: date) -> str | None:
        """Why the local day has no service hours, for people; None for a business day."""
        if self.is_business_day(day):
            return None
        return self._off_days.get(day) or ("week-end" if day.weekday() >= 5 else "no service hours")

    def _windows_on(self, day: date) -> tuple[Window, ...]:
        if day in self._off_days:
            return ()
        return self.spec.day_hours.get(day, self.spec.week[WEEKDAYS[day.weekday()]])


@lru_cache(maxsize=_CALENDARS_KEPT)
def business_calendar(spec: CalendarSpec) -> BusinessCalendar:
    """The calendar of a specification. Raises `CalendarError` when the specification contradicts itself."""
    return BusinessCalendar(spec)


@lru_cache(maxsize=_CALENDARS_KEPT)
def both(one: OpenTime, other: OpenTime) -> OpenTime:
    """Open where both are open, in the time zone of the first: for promises on both calendars (R1)."""
    return one.overlap(other)


@lru_cache(maxsize=_CALENDARS_KEPT)
def open_all_day(calendar: OpenTime) -> OpenTime:
    """The 24-hour clock that stops on closed days: open from midnight to midnight on every business day."""
    return calendar.whole_days()


def _days_not_worked(spec: CalendarSpec) -> Mapping[date, str]:
    """The holidays on which no service is given, with their names."""
    holidays = dict.fromkeys(spec.extra_holidays, "extra holiday")
    for year in {*range(FIRST_YEAR, LAST_YEAR + 1), *(day.year for day in spec.worked_holidays)}:
        holidays.update(public_holidays(spec.holidays_zone, year))
    for day in spec.worked_holidays:
        if holidays.pop(day, None) is None:
            raise CalendarError(
                f"worked_holidays lists {day}, which is no holiday in {spec.holidays_zone}: "
                "take it out, or give the day its hours in day_hours."
            )
    return holidays
