"""Business time beside numpy and pandas: one promise at a time, as a service desk asks for it.

`python -m benchmarks.business_time` measures adding 72 business hours and the business time elapsed over three months,
on aware datetimes, in one run, and checks first that all three give the same answers. `--json` for machines.
"""

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it ships no types
from rich.console import Console
from rich.table import Table

from domain.business_time import FIRST_YEAR, LAST_YEAR, business_calendar
from domain.calendars import CalendarSpec
from domain.public_holidays import public_holidays

PARIS = ZoneInfo("Europe/Paris")
OPENING, DAY_LENGTH = timedelta(hours=8), timedelta(hours=10)
BUDGET = timedelta(hours=72)
QUARTER = timedelta(days=91)
HOLIDAYS = [day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in public_holidays("Métropole", year)]

OURS = business_calendar(CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole"))
NUMPY_DAYS = np.busdaycalendar(holidays=HOLIDAYS)
PANDAS_HOUR = pd.offsets.CustomBusinessHour(start="08:00", end="18:00", holidays=HOLIDAYS)
PANDAS_BUDGET = PANDAS_HOUR * 72

Span = tuple[datetime, datetime]


def numpy_add(start: datetime) -> datetime:
    """72 business hours by `busday_offset`, with the hours of the day added by hand."""
    day, worked = numpy_position(start)
    days, rest = divmod(worked + BUDGET, DAY_LENGTH)
    if not rest:
        days, rest = days - 1, DAY_LENGTH
    due_day = np.busday_offset(day, days, roll="forward", busdaycal=NUMPY_DAYS).astype(date)
    return datetime.combine(due_day, time(), PARIS) + OPENING + rest


def numpy_elapsed(span: Span) -> timedelta:
    """Business time by `busday_count`, with the hours of the first and last day added by hand."""
    (first, before), (last, after) = numpy_position(span[0]), numpy_position(span[1])
    return int(np.busday_count(first, last, busdaycal=NUMPY_DAYS)) * DAY_LENGTH + after - before


def numpy_position(at: datetime) -> tuple[date, timedelta]:
    """The local day, and the service hours of it that are over."""
    local = at.astimezone(PARIS)
    day = local.date()
    if not np.is_busday(day, busdaycal=NUMPY_DAYS):
        return day, timedelta()
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return day, min(max(since_midnight - OPENING, timedelta()), DAY_LENGTH)


def pandas_add(start: datetime) -> datetime:
    """72 business hours by `CustomBusinessHour`."""
    due: datetime = (pd.Timestamp(start).tz_convert(PARIS) + PANDAS_BUDGET).to_pydatetime()
    return due


def pandas_elapsed(span: Span) -> timedelta:
    """Business time as the number of steps of a `CustomBusinessHour`: whole hours only."""
    start, end = (pd.Timestamp(at).tz_convert(PARIS) for at in span)
    return timedelta(hours=len(pd.date_range(start, end, freq=PANDAS_HOUR, inclusive="left")))


def our_add(start: datetime) -> datetime:
    """72 business hours by `BusinessCalendar.add`."""
    return OURS.add(start, BUDGET)


def our_elapsed(span: Span) -> timedelta:
    """Business time by `BusinessCalendar.elapsed`."""
    return OURS.elapsed(*span)


@dataclass(frozen=True)
class Contender:
    """One way to answer, and on how many of the instants it is measured in a round."""

    operation: str
    way: str
    answer: Callable[[Any], datetime | timedelta]
    questions: Sequence[Any]


@dataclass(frozen=True)
class Measure:
    """The median time of one answer, and how many times ours that is."""

    operation: str
    way: str
    microseconds: float
    times_ours: float


def spans(count: int, seed: int) -> list[Span]:
    """Spans of 91 days, from open instant to open instant, that hold a whole number of business hours.

    Each keeps off full hours: pandas moves what lands on a closing to the next opening.
    """
    source = random.Random(seed)
    found: list[Span] = []
    while len(found) < count:
        day = date(2024, 1, 1) + timedelta(days=source.randrange(5 * 365))
        start = datetime.combine(day, time(source.randrange(8, 18), 17), PARIS)
        if OURS.is_open(start) and OURS.is_open(start + QUARTER):
            found.append((start, start + QUARTER))
    return found


def contenders(questions: list[Span]) -> list[Contender]:
    """Every operation, in every way; pandas is asked less often, as it takes its time."""
    starts, few = [start for start, _ in questions], questions[:5]
    in_utc = [start.astimezone(UTC) for start in starts]
    return [
        Contender("add 72 hours", "ours", our_add, starts),
        Contender("add 72 hours", "ours, instants in UTC", our_add, in_utc),
        Contender("add 72 hours", "numpy busday_*, hours by hand", numpy_add, starts),
        Contender("add 72 hours", "pandas CustomBusinessHour", pandas_add, starts[:50]),
        Contender("elapsed over 3 months", "ours", our_elapsed, questions),
        Contender("elapsed over 3 months", "numpy busday_*, hours by hand", numpy_elapsed, questions),
        Contender("elapsed over 3 months", "pandas CustomBusinessHour", pandas_elapsed, few),
    ]


def check_agreement(questions: list[Span]) -> None:
    """All ways give the same answers. Raises AssertionError with the first question on which they differ."""
    for start, end in questions:
        assert our_add(start) == numpy_add(start) == pandas_add(start), f"72 h from {start}"
        assert our_elapsed((start, end)) == numpy_elapsed((start, end)), f"{start} to {end}"
    for span in questions[:20]:
        assert our_elapsed(span) == pandas_elapsed(span), span


def microseconds_each(contender: Contender) -> float:
    """The time of one answer in one round."""
    started = perf_counter()
    for question in contender.questions:
        contender.answer(question)
    return (perf_counter() - started) / len(contender.questions) * 1e6


def measure(all_ways: list[Contender], rounds: int) -> list[Measure]:
    """The median of several rounds; the ways take turns, so that a busy machine slows all alike."""
    turns = [[microseconds_each(way) for way in all_ways] for _ in range(rounds)]
    medians = [median(times) for times in zip(*turns, strict=True)]
    ours = {way.operation: time for way, time in zip(all_ways, medians, strict=True) if way.way == "ours"}
    return [
        Measure(way.operation, way.way, round(time, 2), round(time / ours[way.operation], 1))
        for way, time in zip(all_ways, medians, strict=True)
    ]


def table(measures: list[Measure]) -> Table:
    """The measures for people."""
    drawn = Table("operation", "way", title="Business time, one answer (median)")
    drawn.add_column("µs", justify="right")
    drawn.add_column("× ours", justify="right")
    for row in measures:
        drawn.add_row(row.operation, row.way, f"{row.microseconds:.2f}", f"{row.times_ours:.1f}")
    return drawn


def main() -> None:
    """Check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of which the median is taken")
    parser.add_argument("--seed", type=int, default=72, help="of the random instants")
    options = parser.parse_args()
    questions = spans(2000, options.seed)
    check_agreement(questions)
    measures = measure(contenders(questions), options.rounds)
    if options.json:
        print(json.dumps([asdict(row) for row in measures], indent=2))
    else:
        Console().print(table(measures))


if __name__ == "__main__":
    main()
