"""Random calendars and instants for the property tests of business time."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar
from domain.calendars import HOLIDAY_ZONES, WEEKDAYS, CalendarSpec, Window
from tests.domain.oracle import OFFICIAL_HOLIDAYS
from tests.domain.sample_calendars import ALWAYS, OFFICE_WEEK, SATURDAY_WEEK, calendar

RANDOM = settings(deadline=None, print_blob=True)
"""A failure prints what reproduces it."""

TIME_ZONES = ("Europe/Paris", "America/Miquelon", "America/Guadeloupe", "Indian/Reunion", "Pacific/Auckland", "UTC")
CLOCK_CHANGES = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 9, 27),
)
HOLIDAYS = [date.fromisoformat(day) for days in OFFICIAL_HOLIDAYS.values() for day in days]

SAMPLES: list[BusinessCalendar] = [
    calendar(),
    calendar("Europe/Paris", "Alsace-Moselle", week=OFFICE_WEEK),
    calendar("America/Miquelon", "Saint-Pierre-et-Miquelon", week=SATURDAY_WEEK),
    calendar("Indian/Reunion", "La Réunion", closures=["2026-12-28", "2026-12-29"]),
    calendar("America/Guadeloupe", "Guadeloupe", day_hours={"2026-12-24": [["08:00", "12:00"]]}),
    calendar("Europe/Paris", "Métropole", week=ALWAYS),
    calendar("Europe/Paris", "Métropole", week={"sun": [["00:30", "02:15"], ["02:30", "24:00"]]}),
]

sample_calendars = st.sampled_from(SAMPLES)
weekday_calendars = sample_calendars.filter(lambda sample: sample.is_business_day(date(2026, 6, 8)))
amounts = st.timedeltas(timedelta(hours=-400), timedelta(hours=400))
NOTABLE_TIMES = ("00:00", "02:00", "02:30", "03:00", "24:00")
wall_times = st.times().map(lambda time: f"{time:%H:%M}")
anchors = st.one_of(
    st.sampled_from(CLOCK_CHANGES), st.sampled_from(HOLIDAYS), st.dates(date(2024, 2, 1), date(2031, 11, 30))
)


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """An instant near a change of clock, a holiday or any day, to the microsecond or at a full hour."""
    midnight = datetime.combine(draw(anchors), time(), UTC)
    hours = timedelta(hours=draw(st.integers(-24, 72)))
    return midnight + hours + draw(st.one_of(st.just(timedelta()), st.timedeltas(timedelta(), timedelta(hours=1))))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """Up to three windows of a day, often touching midnight or each other."""
    times = sorted(draw(st.sets(st.one_of(st.sampled_from(NOTABLE_TIMES), wall_times), max_size=6)))
    touching = draw(st.booleans())
    return tuple(pairwise(times[:4]) if touching else zip(times[::2], times[1::2], strict=False))


@st.composite
def specs_around(draw: st.DrawFn, anchor: date) -> CalendarSpec:
    """A calendar with several windows a day, and closures, extra, worked and special days around a date."""
    zone = draw(st.sampled_from(HOLIDAY_ZONES))
    nearby = [anchor + timedelta(days=n) for n in range(-3, 8)]
    some_days = st.lists(st.sampled_from(nearby), unique=True, max_size=3)
    extra = draw(some_days)
    holidays = [day for day in nearby if str(day) in OFFICIAL_HOLIDAYS[zone] or day in extra]
    return CalendarSpec.model_validate(
        {
            "tz": draw(st.sampled_from(TIME_ZONES)),
            "holidays_zone": zone,
            "week": {day: draw(windows()) for day in WEEKDAYS} | {"wed": (("10:00", "12:00"),)},
            "closures": draw(some_days),
            "extra_holidays": extra,
            "worked_holidays": draw(st.lists(st.sampled_from(holidays), unique=True)) if holidays else (),
            "day_hours": {day: draw(windows()) for day in draw(some_days)},
        }
    )
