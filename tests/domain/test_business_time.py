"""Business time by example: conventions, closed days, daylight saving, and the ends of the table."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from domain.business_time import BusinessCalendar, both, open_all_day
from domain.calendars import CalendarError
from tests.domain.sample_calendars import ALWAYS, OFFICE_WEEK, SATURDAY_WEEK, at, calendar

HOUR = timedelta(hours=1)


def test_30_minutes_from_friday_17_30_is_friday_18_00() -> None:
    assert calendar().add(at("2026-06-12 17:30"), HOUR / 2) == at("2026-06-12 18:00")


def test_adding_nothing_changes_nothing() -> None:
    assert calendar().add(at("2026-06-13 11:00"), timedelta()) == at("2026-06-13 11:00")


def test_counting_back_lands_on_the_latest_instant() -> None:
    assert calendar().add(at("2026-06-15 09:00"), -HOUR) == at("2026-06-15 08:00")
    assert calendar().add(at("2026-06-15 09:00"), -2 * HOUR) == at("2026-06-12 17:00")


def test_not_a_microsecond_is_lost() -> None:
    due = calendar().add(at("2026-06-12 17:59:59.999999"), timedelta(microseconds=2))
    assert due == at("2026-06-15 08:00:00.000001")


def test_results_are_in_the_time_zone_of_the_calendar() -> None:
    due = calendar("Indian/Reunion", "La Réunion").add(at("2026-06-12 13:30", "UTC"), HOUR)
    assert due.isoformat() == "2026-06-15T08:30:00+04:00"


def test_elapsed_time_is_signed() -> None:
    friday, monday = at("2026-06-12 17:30"), at("2026-06-15 09:30")
    assert calendar().elapsed(friday, monday) == 2 * HOUR
    assert calendar().elapsed(monday, friday) == -2 * HOUR


def test_the_repeated_hour_of_autumn_is_told_apart_by_fold() -> None:
    first = at("2026-10-25 02:30")
    assert calendar(week=ALWAYS).elapsed(first, first.replace(fold=1)) == HOUR


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 2), ("2026-10-25", 4), ("2026-06-14", 3)],
    ids=["spring: 02:00 to 03:00 does not exist", "autumn: it happens twice", "any other day"],
)
def test_wall_clock_hours_hold_across_daylight_saving_in_paris(day: str, hours: int) -> None:
    nights = calendar(week={"sun": [["01:00", "04:00"]]})
    assert nights.elapsed(at(f"{day} 00:00"), at(f"{day} 12:00")) == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 2), ("2026-11-01", 4), ("2026-03-29", 3)])
def test_saint_pierre_et_miquelon_keeps_the_american_dates_of_daylight_saving(day: str, hours: int) -> None:
    nights = calendar(
        "America/Miquelon",
        "Saint-Pierre-et-Miquelon",
        week={"sun": [["01:00", "04:00"]]},
        worked_holidays=["2026-11-01"],
    )
    midnight = at(f"{day} 00:00", "America/Miquelon")
    assert nights.elapsed(midnight, midnight.replace(hour=12)) == hours * HOUR


def test_a_window_that_the_clock_jumps_over_is_not_counted() -> None:
    skipped = calendar(week={"sun": [["02:00", "03:00"]]})
    assert not skipped.is_business_day(date(2026, 3, 29))
    assert skipped.elapsed(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 2 * HOUR


def test_a_business_day_is_one_with_an_open_interval() -> None:
    half_day = calendar(day_hours={"2026-12-24": [["08:00", "12:00"]]})
    assert half_day.is_business_day(date(2026, 12, 24))
    assert not half_day.is_business_day(date(2026, 12, 25))
    assert half_day.next_business_day(date(2026, 12, 24)) == date(2026, 12, 28)


def test_a_business_day_opens_with_its_first_window_and_closes_with_its_last() -> None:
    office = calendar(week=OFFICE_WEEK)
    assert office.opening(date(2026, 6, 8)) == at("2026-06-08 09:00")
    assert office.closing(date(2026, 6, 8)) == at("2026-06-08 17:30")
    assert calendar(week=ALWAYS).closing(date(2026, 6, 8)) == at("2026-06-09 00:00")


@pytest.mark.parametrize("ask", [BusinessCalendar.opening, BusinessCalendar.closing])
def test_a_closed_day_has_no_opening_and_no_closing(ask: Callable[[BusinessCalendar, date], datetime]) -> None:
    with pytest.raises(CalendarError, match="2026-06-13 is closed all day"):
        ask(calendar(), date(2026, 6, 13))


def test_the_local_day_is_the_one_of_the_calendar() -> None:
    assert calendar().local_day(at("2026-05-13 22:30", "UTC")) == date(2026, 5, 14)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 6, 11), None),
        (date(2026, 6, 13), "week-end"),
        (date(2026, 5, 14), "Ascension"),
        (date(2026, 4, 3), "extra holiday"),
        (date(2026, 12, 28), "closure"),
        (date(2026, 6, 10), "no service hours"),
        (date(2026, 5, 8), None),
    ],
)
def test_a_closed_day_says_why(day: date, why: str | None) -> None:
    site = calendar(
        closures=["2026-12-28"],
        extra_holidays=["2026-04-03"],
        worked_holidays=["2026-05-08"],
        day_hours={"2026-06-10": []},
    )
    assert site.why_closed(day) == why


def test_a_closure_wins_over_a_worked_holiday_and_over_special_hours() -> None:
    closed = calendar(
        closures=["2026-05-08"], worked_holidays=["2026-05-08"], day_hours={"2026-05-08": [["08:00", "12:00"]]}
    )
    assert closed.why_closed(date(2026, 5, 8)) == "closure"


def test_a_worked_holiday_has_the_special_hours_of_its_day() -> None:
    worked = calendar(worked_holidays=["2026-05-08"], day_hours={"2026-05-08": [["08:00", "12:00"]]})
    assert worked.closing(date(2026, 5, 8)) == at("2026-05-08 12:00")


def test_an_extra_day_is_open_on_a_saturday() -> None:
    inventory = calendar(day_hours={"2026-06-13": [["09:00", "11:00"]]})
    assert inventory.next_opening(at("2026-06-12 20:00")) == at("2026-06-13 09:00")


def test_a_worked_holiday_that_is_no_holiday_is_refused() -> None:
    with pytest.raises(CalendarError, match="worked_holidays lists 2026-04-03, which is no holiday in Métropole"):
        calendar(worked_holidays=["2026-04-03"])


def test_a_worked_holiday_of_a_year_before_the_table_is_still_a_holiday() -> None:
    assert calendar(worked_holidays=["2019-05-08"]).is_business_day(date(2020, 1, 2))


def test_a_calendar_whose_only_open_day_is_closed_is_refused() -> None:
    with pytest.raises(CalendarError, match="never opens from 2020 to 2045: give hours on days"):
        calendar(week={}, day_hours={"2026-06-13": [["08:00", "12:00"]]}, closures=["2026-06-13"])


def test_open_intervals_are_clipped_to_the_span() -> None:
    office = calendar(week=OFFICE_WEEK)
    assert office.intervals(at("2026-06-12 12:00"), at("2026-06-15 09:15")) == (
        (at("2026-06-12 12:00"), at("2026-06-12 12:30")),
        (at("2026-06-12 14:00"), at("2026-06-12 17:30")),
        (at("2026-06-15 09:00"), at("2026-06-15 09:15")),
    )
    assert office.intervals(at("2026-06-12 17:30"), at("2026-06-15 09:00")) == ()
    assert office.intervals(at("2026-06-12 15:00"), at("2026-06-12 15:00")) == ()
    assert office.intervals(at("2026-06-12 16:00"), at("2026-06-12 15:00")) == ()


def test_both_is_open_where_paris_and_la_reunion_are_open() -> None:
    shared = both(calendar(), calendar("Indian/Reunion", "La Réunion"))
    assert shared.intervals(at("2026-06-12 00:00"), at("2026-06-16 00:00")) == (
        (at("2026-06-12 08:00"), at("2026-06-12 16:00")),
        (at("2026-06-15 08:00"), at("2026-06-15 16:00")),
    )
    assert shared.add(at("2026-06-12 15:00"), 2 * HOUR) == at("2026-06-15 09:00")


def test_both_stops_for_the_lunch_of_either() -> None:
    shared = both(calendar(), calendar(week=OFFICE_WEEK))
    assert shared.intervals(at("2026-06-12 00:00"), at("2026-06-13 00:00")) == (
        (at("2026-06-12 09:00"), at("2026-06-12 12:30")),
        (at("2026-06-12 14:00"), at("2026-06-12 17:30")),
    )


def test_no_time_runs_on_calendars_that_are_never_open_together() -> None:
    never = both(calendar(), calendar(week={"sat": [["08:00", "12:00"]]}))
    assert never.elapsed(at("2026-06-01 00:00"), at("2026-07-01 00:00")) == timedelta()
    with pytest.raises(CalendarError, match="outside the calendar table"):
        never.add(at("2026-06-01 00:00"), HOUR)


def test_the_24_hour_clock_stops_on_closed_days() -> None:
    clock = open_all_day(calendar(week=SATURDAY_WEEK))
    assert clock.elapsed(at("2026-06-12 12:00"), at("2026-06-15 12:00")) == (12 + 24 + 12) * HOUR


NAIVE = datetime.fromisoformat("2026-06-12T17:30")


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: cal.add(NAIVE, HOUR),
        lambda cal: cal.add(NAIVE, timedelta()),
        lambda cal: cal.elapsed(NAIVE, at("2026-06-12 17:30")),
        lambda cal: cal.elapsed(at("2026-06-12 17:30"), NAIVE),
        lambda cal: cal.is_open(NAIVE),
        lambda cal: cal.next_opening(NAIVE),
        lambda cal: cal.local_day(NAIVE),
        lambda cal: cal.intervals(NAIVE, NAIVE),
    ],
)
def test_a_naive_instant_is_refused(ask: Callable[[BusinessCalendar], object]) -> None:
    with pytest.raises(CalendarError, match="give a date and time with its offset"):
        ask(calendar())


FIRST, LAST = at("2020-01-01 00:00"), at("2045-12-31 23:59:59.999999")
PAST = LAST + timedelta(microseconds=1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: cal.add(FIRST - HOUR, HOUR),
        lambda cal: cal.add(PAST, timedelta()),
        lambda cal: cal.add(LAST, timedelta(microseconds=1)),
        lambda cal: cal.add(FIRST, timedelta(microseconds=-1)),
        lambda cal: cal.add(FIRST, timedelta.max),
        lambda cal: cal.add(LAST, timedelta.min),
        lambda cal: cal.elapsed(FIRST, PAST),
        lambda cal: cal.elapsed(FIRST - HOUR, LAST),
        lambda cal: cal.is_open(PAST),
        lambda cal: cal.next_opening(LAST),
        lambda cal: cal.local_day(PAST),
        lambda cal: cal.intervals(FIRST, PAST),
        lambda cal: cal.is_business_day(date(2046, 1, 1)),
        lambda cal: cal.is_business_day(date(2019, 12, 31)),
        lambda cal: cal.is_business_day(date.max),
        lambda cal: cal.why_closed(date(2046, 1, 1)),
        lambda cal: cal.next_business_day(date(2045, 12, 29)),
        lambda cal: cal.closing(date(2046, 1, 2)),
    ],
)
def test_past_the_ends_of_the_table_is_a_clear_error(ask: Callable[[BusinessCalendar], object]) -> None:
    with pytest.raises(CalendarError, match="outside the calendar table: keep between 2020-01-01 and 2045-12-31"):
        ask(calendar())


def test_the_table_answers_up_to_its_last_instant() -> None:
    whole = calendar().elapsed(FIRST, LAST)
    assert calendar().add(FIRST, whole) == at("2045-12-29 18:00")
    assert not calendar().is_open(LAST)
    assert calendar(week=ALWAYS, worked_holidays=[]).is_open(LAST)
