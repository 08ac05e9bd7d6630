"""A stretch of the provider's open hours as instants: what lets a case judge a message at once, without a calendar."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import mode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

UNKNOWN_ALLOWANCE = timedelta(days=4)
"""How far back a message may reach while the open hours are not known yet: a long weekend."""


RENEWED_BEFORE = timedelta(days=15)
"""How long before its end a stretch is asked for anew."""


class ServiceHours(BaseModel):
    """Open intervals `[open, close)` of the provider between two instants, made by an activity.

    Empty until the registry has answered.
    """

    model_config = ConfigDict(frozen=True)

    intervals: tuple[tuple[datetime, datetime], ...] = ()

    def runs_out(self, now: datetime) -> bool:
        """Whether more of them should be asked for."""
        return not self.intervals or self.intervals[-1][1] - now < RENEWED_BEFORE

    def opens_after(self, at: datetime) -> datetime | None:
        """When the line opens next, of an instant at which it is closed; None when it is open, or nobody knows."""
        following = next((interval for interval in self.intervals if at < interval[1]), None)
        return following[0] if following and at < following[0] else None

    def is_backdated(self, at: datetime, now: datetime) -> bool:
        """Whether `at` lies more than one business day before `now` (SPEC §4): more open time than most days hold."""
        if not self.intervals or now > self.intervals[-1][1] or at < self.intervals[0][0]:
            return now - at > UNKNOWN_ALLOWANCE
        return self.between(at, now) > self._business_day

    def open_from(self, at: datetime) -> datetime | None:
        """That instant when we are open, else the next opening; None when it is not known."""
        later = [opening for opening, close in self.intervals if at < close]
        return max(at, later[0]) if later and self.intervals[0][0] <= at else None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time between two instants, as far as it is known."""
        spans = ((max(opening, start), min(close, end)) for opening, close in self.intervals)
        return sum((close - opening for opening, close in spans if opening < close), timedelta(0))

    def business_days(self, instants: Iterable[datetime], tz: str) -> set[date]:
        """The local days of these instants that are open for some time; what is not known to be closed counts."""
        zone = ZoneInfo(tz)
        opened = {opening.astimezone(zone).date() for opening, _ in self.intervals}
        days = {instant.astimezone(zone).date() for instant in instants}
        return {day for day in days if day in opened or not opened or not min(opened) < day < max(opened)}

    @property
    def _business_day(self) -> timedelta:
        """The open time of most of the known days: not of a half day, nor of one that the stretch cuts through."""
        days: dict[date, timedelta] = {}
        for opening, close in self.intervals:
            days[opening.date()] = days.get(opening.date(), timedelta(0)) + (close - opening)
        return mode(days.values())
