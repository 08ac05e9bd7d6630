"""R13: "72h ouvrées", read in three ways."""

from datetime import datetime

import pytest

from domain.calendars import CalendarError, Reading
from domain.readings import due, strictest
from tests.domain.sample_calendars import OFFICE_WEEK, at, calendar

SERVICE_HOURS, BUSINESS_DAY_CLOCK, BUSINESS_DAYS = Reading

MONDAY_10_00 = "2026-06-08 10:00"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SERVICE_HOURS, "2026-06-17 12:00"),
        (BUSINESS_DAY_CLOCK, "2026-06-11 10:00"),
        (BUSINESS_DAYS, "2026-06-11 18:00"),
    ],
)
def test_72_hours_from_monday_10_00(reading: Reading, expected: str) -> None:
    assert due(reading, calendar(), at(MONDAY_10_00), 72) == at(expected)


@pytest.mark.parametrize(
    "received",
    ["2026-06-12 18:00", "2026-06-13 11:00", "2026-06-15 07:59:59", "2026-06-15 08:00"],
    ids=["at closing", "on Saturday", "before opening", "at opening"],
)
@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SERVICE_HOURS, "2026-06-24 10:00"),
        (BUSINESS_DAY_CLOCK, "2026-06-18 08:00"),
        (BUSINESS_DAYS, "2026-06-18 18:00"),
    ],
)
def test_what_comes_out_of_hours_starts_at_the_next_opening(reading: Reading, received: str, expected: str) -> None:
    assert due(reading, calendar(), at(received), 72) == at(expected)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SERVICE_HOURS, "2026-06-09 10:30"),
        (BUSINESS_DAY_CLOCK, "2026-06-09 14:00"),
        (BUSINESS_DAYS, "2026-06-09 17:30"),
    ],
)
def test_what_comes_during_lunch_starts_after_it(reading: Reading, expected: str) -> None:
    hours = 5 if reading is SERVICE_HOURS else 24
    assert due(reading, calendar(week=OFFICE_WEEK), at("2026-06-08 13:00"), hours) == at(expected)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SERVICE_HOURS, "2026-12-28 12:00"),
        (BUSINESS_DAY_CLOCK, "2026-12-24 14:00"),
        (BUSINESS_DAYS, "2026-12-24 12:00"),
    ],
)
def test_a_half_day_is_a_whole_business_day(reading: Reading, expected: str) -> None:
    eve = calendar(day_hours={"2026-12-24": [["08:00", "12:00"]]})
    hours = 12 if reading is SERVICE_HOURS else 24
    assert due(reading, eve, at("2026-12-23 14:00"), hours) == at(expected)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SERVICE_HOURS, "2026-05-18 16:00"),
        (BUSINESS_DAY_CLOCK, "2026-05-15 14:00"),
        (BUSINESS_DAYS, "2026-05-15 18:00"),
    ],
)
def test_holidays_stop_every_reading(reading: Reading, expected: str) -> None:
    hours = 32 if reading is SERVICE_HOURS else 48
    assert due(reading, calendar(), at("2026-05-12 14:00"), hours) == at(expected)


def test_the_24_hour_clock_counts_real_hours_across_daylight_saving() -> None:
    always = calendar(week={"sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]})
    assert due(BUSINESS_DAY_CLOCK, always, at("2026-03-28 12:00"), 24) == at("2026-03-29 13:00")


def test_business_days_refuse_what_is_no_whole_number_of_days() -> None:
    with pytest.raises(CalendarError, match="36 business hours are no whole number of days: give a multiple of 24"):
        due(BUSINESS_DAYS, calendar(), at(MONDAY_10_00), 36)


@pytest.mark.parametrize("hours", [0, -24])
@pytest.mark.parametrize("reading", Reading)
def test_a_promise_of_no_hours_is_refused(reading: Reading, hours: int) -> None:
    with pytest.raises(CalendarError, match="give a positive number"):
        due(reading, calendar(), at(MONDAY_10_00), hours)


def test_a_naive_reception_is_refused() -> None:
    with pytest.raises(CalendarError, match="give a date and time with its offset"):
        due(SERVICE_HOURS, calendar(), datetime.fromisoformat("2026-06-08T10:00"), 72)


def test_the_strictest_reading_is_the_24_hour_clock_on_ordinary_days() -> None:
    assert strictest(calendar(), at(MONDAY_10_00), 72) == at("2026-06-11 10:00")


def test_the_strictest_reading_is_business_days_before_an_early_closing() -> None:
    early = calendar(day_hours={"2026-06-11": [["08:00", "09:00"]]})
    assert strictest(early, at(MONDAY_10_00), 72) == at("2026-06-11 09:00")


def test_the_strictest_reading_is_service_hours_where_service_never_stops_within_the_day() -> None:
    long_days = calendar(week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("00:00", "24:00"),)))
    assert strictest(long_days, at(MONDAY_10_00), 72) == due(SERVICE_HOURS, long_days, at(MONDAY_10_00), 72)


def test_the_strictest_reading_leaves_days_out_where_they_cannot_count() -> None:
    assert strictest(calendar(), at(MONDAY_10_00), 36) == at("2026-06-09 22:00")
