"""More than one business day back, only a supervisor may date a message (SPEC §4)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import SERVICE_WEEK, CalendarSpec
from domain.coverage import Coverage
from domain.deadlines import DeadlineQuestion
from domain.projection import answer
from domain.service_hours import ServiceHours
from tests.domain.calendar_strategies import RANDOM
from tests.domain.sample_calendars import OFFICE_WEEK, at
from tests.domain.sample_cases import PARIS, TERMS, hours_around

EARLY_FRIDAYS = CalendarSpec(
    tz="Europe/Paris", holidays_zone="Métropole", week={**SERVICE_WEEK, "fri": (("08:00", "12:00"),)}
)
TWO_WINDOWS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", week=OFFICE_WEEK)


def as_a_case_has_them(now: datetime, spec: CalendarSpec = PARIS) -> ServiceHours:
    """The open hours that a case is given when it asks at that instant."""
    coverage = Coverage(terms=TERMS, provider=spec, site=spec, basis="contract")
    hours = answer(DeadlineQuestion(now=now, coverage=coverage, hours_from=now)).service_hours
    assert hours is not None
    return hours


@pytest.mark.parametrize(
    ("happened", "now", "backdated"),
    [
        ("2026-06-11 10:00", "2026-06-12 10:00", False),
        ("2026-06-11 09:59", "2026-06-12 10:00", True),
        ("2026-06-12 10:00", "2026-06-15 10:00", False),
        ("2026-06-12 09:59", "2026-06-15 10:00", True),
        ("2026-06-12 17:00", "2026-06-14 23:00", False),
        ("2026-06-13 11:00", "2026-06-15 18:00", False),
        ("2026-06-12 17:59", "2026-06-15 18:00", True),
        ("2026-05-13 10:00", "2026-05-15 10:00", False),
        ("2026-06-11 10:00", "2026-06-11 10:00", False),
        ("2026-06-11 10:04", "2026-06-11 10:00", False),
    ],
    ids=str.split(
        "one_day one_minute_more over_the_weekend over_it_and_a_minute within_the_weekend on_saturday "
        "friday_evening_to_monday_evening over_ascension now ahead"
    ),
)
def test_one_business_day_is_ten_hours_of_service_time(happened: str, now: str, backdated: bool) -> None:
    assert as_a_case_has_them(at(now)).is_backdated(at(happened), at(now)) is backdated


@pytest.mark.parametrize("day", range(8, 15))
def test_the_day_on_which_a_case_asks_for_its_hours_changes_nothing(day: int) -> None:
    """The stretch that it is given may end within a day, which is then short."""
    hours = as_a_case_has_them(at(f"2026-06-{day:02d} 10:00"))
    assert not hours.is_backdated(at("2026-06-16 09:00"), at("2026-06-16 18:00"))
    assert hours.is_backdated(at("2026-06-16 09:59"), at("2026-06-17 10:00"))


def test_a_half_day_is_no_measure_of_a_business_day() -> None:
    hours = as_a_case_has_them(at("2026-06-11 10:00"), EARLY_FRIDAYS)
    assert not hours.is_backdated(at("2026-06-12 08:00"), at("2026-06-15 14:00"))
    assert hours.is_backdated(at("2026-06-12 08:00"), at("2026-06-15 14:01"))


def test_a_business_day_of_two_windows_is_both_of_them() -> None:
    hours = as_a_case_has_them(at("2026-06-10 10:00"), TWO_WINDOWS)
    assert not hours.is_backdated(at("2026-06-10 10:00"), at("2026-06-11 10:00"))
    assert hours.is_backdated(at("2026-06-10 09:59"), at("2026-06-11 10:00"))


def test_while_the_hours_are_not_known_four_days_are_allowed() -> None:
    now = at("2026-06-11 10:00")
    assert not ServiceHours().is_backdated(now - timedelta(days=4), now)
    assert ServiceHours().is_backdated(now - timedelta(days=4, seconds=1), now)


def test_beyond_the_hours_that_are_known_four_days_are_allowed() -> None:
    hours, later = hours_around(at("2026-06-11 10:00")), at("2026-09-01 10:00")
    assert not hours.is_backdated(later - timedelta(days=4), later)
    assert hours.is_backdated(at("2026-05-01 10:00"), at("2026-06-11 10:00"))


def test_more_hours_are_asked_for_two_weeks_before_they_run_out() -> None:
    hours = hours_around(at("2026-06-11 10:00"))
    assert ServiceHours().runs_out(at("2026-06-11 10:00"))
    assert not hours.runs_out(at("2026-07-01 10:00"))
    assert hours.runs_out(at("2026-07-15 10:00"))


def test_the_time_between_two_instants_is_the_open_time() -> None:
    hours = hours_around(at("2026-06-11 10:00"))
    assert hours.between(at("2026-06-12 17:00"), at("2026-06-15 09:30")) == timedelta(hours=2, minutes=30)
    assert hours.between(at("2026-06-15 09:30"), at("2026-06-12 17:00")) == timedelta(0)


def test_the_hours_come_back_from_storage_as_they_were() -> None:
    hours = hours_around(at("2026-06-11 10:00"), TWO_WINDOWS)
    again = ServiceHours.model_validate_json(hours.model_dump_json())
    assert again == hours
    assert again.is_backdated(at("2026-06-10 09:59"), at("2026-06-11 10:00"))


@RANDOM
@given(
    st.sampled_from([PARIS, EARLY_FRIDAYS, TWO_WINDOWS]),
    st.timedeltas(timedelta(0), timedelta(days=10)),
    st.timedeltas(timedelta(0), timedelta(days=10)),
)
def test_what_is_older_is_backdated_when_the_newer_is(spec: CalendarSpec, one: timedelta, other: timedelta) -> None:
    now = at("2026-06-11 10:00")
    hours, newer, older = hours_around(now, spec), now - min(one, other), now - max(one, other)
    assert hours.is_backdated(older, now) or not hours.is_backdated(newer, now)
