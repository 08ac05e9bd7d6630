"""Promises with random budgets, starts and pauses, and the calendars that they are counted on."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from domain.calendars import CalendarSpec, Reading
from domain.promises import (
    ApprovalCutoff,
    BusinessHours,
    NextBusinessDay,
    Pause,
    Promise,
    PromiseKind,
    PromiseName,
    SoftwareReading,
)
from tests.domain.calendar_strategies import instants
from tests.domain.sample_calendars import OFFICE_WEEK
from tests.domain.sample_cases import LA_REUNION, PARIS

PROVIDERS = [
    PARIS,
    PARIS.model_copy(update={"closures": (date(2026, 3, 30), date(2026, 12, 24))}),
    CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", week=OFFICE_WEEK),
]
SITES = [
    PARIS,
    LA_REUNION,
    CalendarSpec(tz="Europe/Paris", holidays_zone="Alsace-Moselle", week=OFFICE_WEEK),
    CalendarSpec(tz="America/Guadeloupe", holidays_zone="Guadeloupe"),
]
WARNING_POINTS = ("1%", "50%", "99%", "-1m", "-60m", "-6000m")

budgets = st.one_of(
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=60)).map(lambda amount: BusinessHours(amount=amount)),
    st.just(ApprovalCutoff()),
    st.integers(0, 4).map(lambda days: NextBusinessDay(transit_days=days)),
    st.sampled_from(Reading).map(lambda reading: SoftwareReading(reading=reading)),
)


class Counted(NamedTuple):
    """A promise and what it is counted on."""

    promise: Promise
    provider: CalendarSpec
    site: CalendarSpec
    now: datetime


def pause(since: datetime, held: timedelta) -> Pause:
    """A pause that has ended."""
    return Pause(started_at=since, ended_at=since + held, actor="customer", reason="log files")


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> Pause:
    """A pause within the ten days after a start."""
    since = start + draw(st.timedeltas(timedelta(0), timedelta(days=10)))
    return pause(since, draw(st.timedeltas(timedelta(0), timedelta(days=5))))


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    """Any promise, with up to three pauses that may overlap."""
    start = draw(instants()).astimezone(UTC)
    promised = Promise(
        id="any.1",
        name=draw(st.sampled_from(PromiseName)),
        kind=draw(st.sampled_from(PromiseKind)),
        round=1,
        budget=draw(budgets),
        warning_points=WARNING_POINTS,
        started_at=start,
        pauses=draw(st.lists(pauses_after(start), max_size=3)),
    )
    now = start + timedelta(days=20)
    return Counted(promised, draw(st.sampled_from(PROVIDERS)), draw(st.sampled_from(SITES)), now)
