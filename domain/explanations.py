"""Why a due instant is what it is: what was counted, and which days were skipped and why (SPEC §4)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from domain.business_time import BusinessCalendar, open_all_day
from domain.calendars import WEEKDAYS, Reading
from domain.delivery import delivery_days, effective_day
from domain.open_time import OpenTime
from domain.readings import counted_days, due

Party: TypeAlias = Literal["provider", "site"]

_ONE_DAY = timedelta(days=1)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CountedSpan(_Part):
    """Open time that was counted, inside one local day: `[start, end)`, so many `seconds`."""

    day: date
    start: datetime
    end: datetime
    seconds: float

    def __str__(self) -> str:
        end = _time(self.end) if self.end.date() == self.day else "24:00"
        return f"{_day(self.day)}: {_time(self.start)} to {end}, {_duration(self.seconds)}"


class CountedDay(_Part):
    """A business day that was counted, the `number`-th."""

    day: date
    number: int

    def __str__(self) -> str:
        return f"{_day(self.day)}: business day {self.number}"


class SkippedDays(_Part):
    """Closed days in a row, from `day` to `last`, that are closed for one reason on the same calendars."""

    day: date
    last: date
    why: str
    whose: Literal[Party, "both"]

    def __str__(self) -> str:
        days = _day(self.day) if self.day == self.last else f"{_day(self.day)} to {_day(self.last)}"
        return f"{days}: not counted, {self.why} ({self.whose})"


class Explanation(_Part):
    """How a due instant came about; every instant is in the time zone of the calendar it was counted on."""

    beginning: str
    """From when it was counted, as a sentence for people."""
    asked_at: datetime
    effective_day: date | None = None
    """The day for which an approval counts (R6)."""
    counted: tuple[CountedSpan, ...] | tuple[CountedDay, ...]
    skipped: tuple[SkippedDays, ...]
    due_at: datetime

    def lines(self) -> tuple[str, ...]:
        """The explanation as lines of plain text, in the order of time."""
        days = sorted((*self.counted, *self.skipped), key=lambda part: part.day)
        return (self.beginning, *map(str, days), f"Due {_instant(self.due_at)}.")


def explain_add(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, whose: Party = "provider"
) -> Explanation:
    """Explain `calendar.add(start, amount)`; `whose` says whose calendar it is. Raises as `add` does."""
    start, due_at = start.astimezone(calendar.zone), calendar.add(start, amount)
    counted = _spans(calendar, min(start, due_at), max(start, due_at))
    days = [calendar.local_day(start), *(span.day for span in counted)]
    return Explanation(
        beginning=f"Counted {'back ' if due_at < start else ''}from {_instant(start)}.",
        asked_at=start,
        counted=counted,
        skipped=tuple(_skipped(min(days), max(days), {whose: calendar})),
        due_at=due_at,
    )


def explain_due(
    reading: Reading, calendar: BusinessCalendar, start: datetime, hours: int, whose: Party = "provider"
) -> Explanation:
    """Explain `readings.due` (R13); `whose` says whose calendar it is. Raises as it does."""
    due_at = due(reading, calendar, start, hours)
    begin = calendar.next_opening(start)
    received = start.astimezone(calendar.zone)
    counted: tuple[CountedSpan, ...] | tuple[CountedDay, ...]
    if reading is Reading.BUSINESS_DAYS:
        counted = _numbered(counted_days(calendar, begin, hours))
    else:
        clock = calendar if reading is Reading.SERVICE_HOURS else open_all_day(calendar)
        counted = _spans(clock, begin, due_at)
    late = "" if begin == received else f", out of service hours: counted from {_instant(begin)}"
    return Explanation(
        beginning=f"Received {_instant(received)}{late}.",
        asked_at=received,
        counted=counted,
        skipped=tuple(_skipped(received.date(), counted[-1].day, {whose: calendar})),
        due_at=due_at,
    )


def explain_delivery(
    provider: BusinessCalendar, site: BusinessCalendar, approved_at: datetime, transit_days: int = 0
) -> Explanation:
    """Explain `delivery.delivery_due` (R6). Raises as it does."""
    approved = approved_at.astimezone(provider.zone)
    effective = effective_day(provider, approved_at)
    counted = _numbered(delivery_days(provider, site, effective, transit_days))
    return Explanation(
        beginning=_effect(provider, approved, effective),
        asked_at=approved,
        effective_day=effective,
        counted=counted,
        skipped=(
            *_skipped(approved.date(), effective, {"provider": provider}),
            *_skipped(effective + _ONE_DAY, counted[-1].day, {"provider": provider, "site": site}),
        ),
        due_at=site.closing(counted[-1].day),
    )


def explain_loan(
    provider: BusinessCalendar, site: BusinessCalendar, decided_at: datetime, transit_days: int = 0
) -> Explanation:
    """Explain `delivery.loan_due` (R8). Raises as it does."""
    decided = decided_at.astimezone(provider.zone)
    counted = _numbered(delivery_days(provider, site, decided.date(), transit_days))
    return Explanation(
        beginning=f"Decided {_instant(decided)}: counted from the day after.",
        asked_at=decided,
        counted=counted,
        skipped=tuple(_skipped(decided.date() + _ONE_DAY, counted[-1].day, {"provider": provider, "site": site})),
        due_at=site.closing(counted[-1].day),
    )


def _spans(clock: OpenTime, start: datetime, end: datetime) -> tuple[CountedSpan, ...]:
    return tuple(
        CountedSpan(
            day=opening.date(),
            start=opening,
            end=close,
            seconds=clock.elapsed(opening, close).total_seconds(),
        )
        for opening, close in clock.intervals(start, end)
    )


def _numbered(days: tuple[date, ...]) -> tuple[CountedDay, ...]:
    return tuple(CountedDay(day=day, number=number) for number, day in enumerate(days, start=1))


def _skipped(first: date, last: date, calendars: Mapping[Party, BusinessCalendar]) -> Iterator[SkippedDays]:
    """The closed days from `first` to `last`, in runs of one reason."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    for closed, run in groupby(days, key=lambda day: _why_closed(day, calendars)):
        if closed:
            why, whose = closed
            in_a_row = list(run)
            yield SkippedDays(day=in_a_row[0], last=in_a_row[-1], why=why, whose=whose)


def _why_closed(day: date, calendars: Mapping[Party, BusinessCalendar]) -> tuple[str, Literal[Party, "both"]] | None:
    reasons = {party: why for party, calendar in calendars.items() if (why := calendar.why_closed(day))}
    if not reasons:
        return None
    whose: Literal[Party, "both"] = "both" if len(reasons) > 1 else next(iter(reasons))
    return " / ".join(dict.fromkeys(reasons.values())), whose


def _effect(provider: BusinessCalendar, approved: datetime, effective: date) -> str:
    cutoff = provider.spec.delivery_cutoff.isoformat("minutes")
    if effective == approved.date():
        why = f"before {cutoff}"
    elif provider.is_business_day(approved.date()):
        why = f"not before {cutoff}"
    else:
        why = "on a closed day"
    return f"Approved {_instant(approved)}, {why}: effective {_day(effective)}."


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].title()} {day}"


def _time(at: datetime) -> str:
    return at.time().isoformat("auto" if at.second or at.microsecond else "minutes")


def _instant(at: datetime) -> str:
    offset = at.isoformat()[-len("+00:00") :]
    return f"{_day(at.date())} {_time(at)}{offset}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [(f"{hours}", "h"), (f"{minutes}", "min"), (f"{rest:.6f}".rstrip("0").rstrip("."), "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number != "0")
