"""Open time: the intervals in which a clock runs, and the arithmetic on them (R1).

Everything that counts business time is an `OpenTime`: a calendar's service hours, the hours that two
calendars share, whole business days. Inside, instants are timedeltas since the epoch: exact to the microsecond,
and cheap to compare and add.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendars import CalendarError
from domain.wall_clock import EPOCH

_NOTHING = timedelta()
_ONE_DAY = timedelta(days=1)


class OpenTime:
    """Open intervals `[open, close)` of a table that covers `[start, end)`, in a time zone.

    `intervals` are in order, not empty and without overlap; they may touch. Every result is in `zone`. What
    lies outside the table, asked or answered, raises `CalendarError`, and so does a naive instant.
    """

    def __init__(
        self, zone: ZoneInfo, start: timedelta, end: timedelta, intervals: Iterable[tuple[timedelta, timedelta]]
    ) -> None:
        self.zone = zone
        self._epoch_to_convert = datetime(1970, 1, 1, tzinfo=zone)  # as `fromutc` takes it: the zone, UTC figures
        self._start, self._end = start, end
        self._opens: list[timedelta] = []
        self._closes: list[timedelta] = []
        self._before = [_NOTHING]  # open time in the table before each interval, and in all of it
        for opening, close in intervals:
            self._opens.append(opening)
            self._closes.append(close)
            self._before.append(self._before[-1] + (close - opening))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which `amount` of open time has run since `start`; `start` itself for none.

        A negative amount counts back: the latest instant from which that much runs until `start`.
        """
        run = self._run_by(start)
        if not amount:
            return start.astimezone(self.zone)
        if not -run <= amount <= self._before[-1] - run:
            raise self._outside(f"{amount} of open time from {start}")
        target = run + amount
        i = (bisect_left if amount > _NOTHING else bisect_right)(self._before, target) - 1
        return self._aware(self._opens[i] + (target - self._before[i]))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Open time from `start` to `end`; negative when `end` is the earlier."""
        return self._run_by(end) - self._run_by(start)

    def is_open(self, at: datetime) -> bool:
        """Whether the clock runs at this instant: an opening is open, a closing is not."""
        instant = self._tabled(at)
        i = bisect_right(self._opens, instant) - 1
        return i >= 0 and instant < self._closes[i]

    def next_opening(self, at: datetime) -> datetime:
        """The instant itself when it is open, else the next one that is."""
        if self.is_open(at):
            return at.astimezone(self.zone)
        i = bisect_right(self._opens, self._tabled(at))
        if i == len(self._opens):
            raise self._outside(f"the next opening after {at}")
        return self._aware(self._opens[i])

    def intervals(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The open intervals from `start` to `end`, clipped to that span; none if it is empty."""
        first, last = self._tabled(start), self._tabled(end)
        clipped = (
            (max(self._opens[i], first), min(self._closes[i], last))
            for i in range(bisect_right(self._closes, first), bisect_left(self._opens, last))
        )
        return tuple((self._aware(opening), self._aware(close)) for opening, close in clipped if opening < close)

    def local_day(self, at: datetime) -> date:
        """The date of the instant in the calendar's time zone."""
        self._tabled(at)
        return at.astimezone(self.zone).date()

    def is_business_day(self, day: date) -> bool:
        """Whether the local day has an open interval."""
        return bool(self._on(day))

    def opening(self, day: date) -> datetime:
        """When the business day first opens."""
        return self._aware(self._opens[self._on_business_day(day)[0]])

    def closing(self, day: date) -> datetime:
        """When the business day closes for good; midnight of the next day for hours that end at 24:00."""
        return self._aware(self._closes[self._on_business_day(day)[-1]])

    def next_business_day(self, day: date) -> date:
        """The first business day strictly after this one."""
        i = self._on(day).stop
        if i == len(self._opens):
            raise self._outside(f"the next business day after {day}")
        return self._aware(self._opens[i]).date()

    def overlap(self, other: "OpenTime") -> "OpenTime":
        """Open where both are open, in the time zone of this one."""
        start, end = max(self._start, other._start), min(self._end, other._end)
        return OpenTime(self.zone, start, end, self._shared_intervals(other))

    def whole_days(self) -> "OpenTime":
        """Open from midnight to midnight on every business day: a 24-hour clock that stops on closed days."""
        days = dict.fromkeys(self._aware(opening).date() for opening in self._opens)
        midnights = ((self._midnight(day), self._midnight(day + _ONE_DAY)) for day in days)
        return OpenTime(self.zone, self._start, self._end, midnights)

    def _shared_intervals(self, other: "OpenTime") -> Iterator[tuple[timedelta, timedelta]]:
        i = j = 0
        while i < len(self._opens) and j < len(other._opens):
            opening = max(self._opens[i], other._opens[j])
            close = min(self._closes[i], other._closes[j])
            if opening < close:
                yield opening, close
            if self._closes[i] < other._closes[j]:
                i += 1
            else:
                j += 1

    def _on(self, day: date) -> range:
        """The positions of the intervals of a local day."""
        return range(
            bisect_left(self._opens, self._midnight(day)),
            bisect_left(self._opens, self._midnight(day + _ONE_DAY)),
        )

    def _on_business_day(self, day: date) -> range:
        positions = self._on(day)
        if not positions:
            raise CalendarError(f"{day} is closed all day: ask for a business day.")
        return positions

    def _midnight(self, day: date) -> timedelta:
        instant = datetime.combine(day, time.min, self.zone) - EPOCH
        if not self._start <= instant <= self._end:
            raise self._outside(str(day))
        return instant

    def _tabled(self, at: datetime) -> timedelta:
        try:
            instant = at - EPOCH
        except TypeError:
            raise CalendarError(f"{at} is no aware instant: give a date and time with its offset.") from None
        if not self._start <= instant < self._end:
            raise self._outside(str(at))
        return instant

    def _run_by(self, at: datetime) -> timedelta:
        """Open time in the table before an instant."""
        instant = self._tabled(at)
        i = bisect_right(self._opens, instant) - 1
        if i < 0:
            return _NOTHING
        if instant >= self._closes[i]:
            return self._before[i + 1]
        return self._before[i] + (instant - self._opens[i])

    def _aware(self, instant: timedelta) -> datetime:
        return self.zone.fromutc(self._epoch_to_convert + instant)

    def _outside(self, asked: str) -> CalendarError:
        first, last = self._aware(self._start).date(), self._aware(self._end - _ONE_DAY).date()
        return CalendarError(f"{asked} is outside the calendar table: keep between {first} and {last}.")
