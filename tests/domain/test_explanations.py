"""Every due instant can be explained: what was counted, what was skipped, and why (SPEC §4)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar
from domain.calendars import Reading
from domain.delivery import delivery_due, effective_day, loan_due
from domain.explanations import (
    CountedSpan,
    Explanation,
    SkippedDays,
    explain_add,
    explain_delivery,
    explain_due,
    explain_loan,
)
from domain.readings import due
from tests.domain.calendar_strategies import RANDOM, amounts, instants, sample_calendars, weekday_calendars
from tests.domain.sample_calendars import OFFICE_WEEK, at, calendar


def days_from(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def skipped_days(explanation: Explanation) -> set[date]:
    return {day for run in explanation.skipped for day in days_from(run.day, run.last)}


def counted_days(explanation: Explanation) -> set[date]:
    return {part.day for part in explanation.counted}


def test_an_addition_is_explained_line_by_line() -> None:
    assert explain_add(calendar(), at("2026-05-13 17:30"), timedelta(hours=11)).lines() == (
        "Counted from Wed 2026-05-13 17:30+02:00.",
        "Wed 2026-05-13: 17:30 to 18:00, 30 min",
        "Thu 2026-05-14: not counted, Ascension (provider)",
        "Fri 2026-05-15: 08:00 to 18:00, 10 h",
        "Sat 2026-05-16 to Sun 2026-05-17: not counted, week-end (provider)",
        "Mon 2026-05-18: 08:00 to 08:30, 30 min",
        "Due Mon 2026-05-18 08:30+02:00.",
    )


def test_counting_back_is_explained_in_the_order_of_time() -> None:
    back = explain_add(calendar(), at("2026-06-15 08:00:01.5"), timedelta(minutes=-90), whose="site")
    assert back.lines() == (
        "Counted back from Mon 2026-06-15 08:00:01.500000+02:00.",
        "Fri 2026-06-12: 16:30:01.500000 to 18:00, 1 h 29 min 58.5 s",
        "Sat 2026-06-13 to Sun 2026-06-14: not counted, week-end (site)",
        "Mon 2026-06-15: 08:00 to 08:00:01.500000, 1.5 s",
        "Due Fri 2026-06-12 16:30:01.500000+02:00.",
    )


def test_an_addition_of_nothing_counts_nothing() -> None:
    nothing = explain_add(calendar(), at("2026-06-12 10:00"), timedelta())
    assert (nothing.counted, nothing.skipped, nothing.due_at) == ((), (), at("2026-06-12 10:00"))


def test_the_24_hour_clock_is_explained_in_whole_days() -> None:
    assert explain_due(Reading.BUSINESS_DAY_CLOCK, calendar(), at("2026-06-11 19:00"), 48).lines() == (
        "Received Thu 2026-06-11 19:00+02:00, out of service hours: counted from Fri 2026-06-12 08:00+02:00.",
        "Fri 2026-06-12: 08:00 to 24:00, 16 h",
        "Sat 2026-06-13 to Sun 2026-06-14: not counted, week-end (provider)",
        "Mon 2026-06-15: 00:00 to 24:00, 24 h",
        "Tue 2026-06-16: 00:00 to 08:00, 8 h",
        "Due Tue 2026-06-16 08:00+02:00.",
    )


def test_business_days_are_explained_one_by_one() -> None:
    site = calendar(closures=["2026-06-15", "2026-06-16"])
    assert explain_due(Reading.BUSINESS_DAYS, site, at("2026-06-11 10:00"), 48, whose="site").lines() == (
        "Received Thu 2026-06-11 10:00+02:00.",
        "Fri 2026-06-12: business day 1",
        "Sat 2026-06-13 to Sun 2026-06-14: not counted, week-end (site)",
        "Mon 2026-06-15 to Tue 2026-06-16: not counted, closure (site)",
        "Wed 2026-06-17: business day 2",
        "Due Wed 2026-06-17 18:00+02:00.",
    )


def test_a_delivery_says_whose_closed_days_were_skipped() -> None:
    site = calendar("America/Guadeloupe", "Guadeloupe")
    assert explain_delivery(calendar(), site, at("2026-05-23 11:00"), 1).lines() == (
        "Approved Sat 2026-05-23 11:00+02:00, on a closed day: effective Tue 2026-05-26.",
        "Sat 2026-05-23 to Sun 2026-05-24: not counted, week-end (provider)",
        "Mon 2026-05-25: not counted, Lundi de Pentecôte (provider)",
        "Wed 2026-05-27: not counted, Abolition de l'esclavage (site)",
        "Thu 2026-05-28: business day 1",
        "Fri 2026-05-29: business day 2",
        "Due Fri 2026-05-29 18:00-04:00.",
    )


@pytest.mark.parametrize(
    ("approved", "beginning"),
    [
        ("2026-06-11 15:59:59", "Approved Thu 2026-06-11 15:59:59+02:00, before 16:00: effective Thu 2026-06-11."),
        ("2026-06-11 16:00", "Approved Thu 2026-06-11 16:00+02:00, not before 16:00: effective Fri 2026-06-12."),
    ],
)
def test_a_delivery_says_on_which_side_of_16_00_the_approval_came(approved: str, beginning: str) -> None:
    explanation = explain_delivery(calendar(), calendar(), at(approved))
    assert explanation.beginning == beginning
    assert explanation.effective_day == effective_day(calendar(), at(approved))


def test_a_day_that_each_party_closes_for_its_own_reason_names_both() -> None:
    provider = calendar(closures=["2026-05-27"])
    site = calendar("America/Guadeloupe", "Guadeloupe")
    skipped = explain_loan(provider, site, at("2026-05-26 10:00")).skipped
    day = date(2026, 5, 27)
    assert skipped == (SkippedDays(day=day, last=day, why="closure / Abolition de l'esclavage", whose="both"),)


def test_an_explanation_travels_as_json() -> None:
    for explanation in (
        explain_due(Reading.SERVICE_HOURS, calendar(week=OFFICE_WEEK), at("2026-06-11 12:00"), 24),
        explain_due(Reading.BUSINESS_DAYS, calendar(), at("2026-06-11 12:00"), 24),
        explain_delivery(calendar(), calendar("Indian/Reunion", "La Réunion"), at("2024-12-19 16:00"), 1),
    ):
        travelled = Explanation.model_validate_json(explanation.model_dump_json())
        assert travelled == explanation
        assert travelled.lines() == explanation.lines()


@RANDOM
@given(sample_calendars, instants(), amounts)
def test_what_was_counted_sums_up_to_what_was_added(cal: BusinessCalendar, start: datetime, amount: timedelta) -> None:
    explanation = explain_add(cal, start, amount)
    seconds = sum(span.seconds for span in explanation.counted if isinstance(span, CountedSpan))
    assert timedelta(seconds=seconds) == abs(amount)
    assert explanation.due_at == cal.add(start, amount)


@RANDOM
@given(sample_calendars, instants(), amounts)
def test_the_days_skipped_by_an_addition_are_exactly_the_closed_ones(
    cal: BusinessCalendar, start: datetime, amount: timedelta
) -> None:
    explanation = explain_add(cal, start, amount)
    days = counted_days(explanation) | {cal.local_day(start)}
    closed = {day for day in days_from(min(days), max(days)) if not cal.is_business_day(day)}
    assert skipped_days(explanation) == closed


@RANDOM
@given(st.sampled_from(Reading), sample_calendars, instants(), st.integers(1, 5))
def test_every_reading_is_explained_up_to_its_due_instant(
    reading: Reading, cal: BusinessCalendar, received: datetime, days: int
) -> None:
    explanation = explain_due(reading, cal, received, 24 * days)
    assert explanation.due_at == due(reading, cal, received, 24 * days)
    if reading is Reading.BUSINESS_DAYS:
        assert len(explanation.counted) == days
    else:
        seconds = sum(span.seconds for span in explanation.counted if isinstance(span, CountedSpan))
        assert timedelta(seconds=seconds) == timedelta(days=days)


@RANDOM
@given(weekday_calendars, weekday_calendars, instants(), st.integers(0, 4))
def test_every_day_of_a_delivery_is_the_effective_one_counted_or_skipped(
    provider: BusinessCalendar, site: BusinessCalendar, approved: datetime, transit_days: int
) -> None:
    explanation = explain_delivery(provider, site, approved, transit_days)
    effective = effective_day(provider, approved)
    assert explanation.due_at == delivery_due(provider, site, approved, transit_days)
    assert len(explanation.counted) == 1 + transit_days
    assert all(provider.is_business_day(day) and site.is_business_day(day) for day in counted_days(explanation))

    days = set(days_from(provider.local_day(approved), max(counted_days(explanation))))
    told = counted_days(explanation) | skipped_days(explanation) | {effective}
    assert days - told <= {provider.local_day(approved)}
    assert told <= days
    assert not skipped_days(explanation) & (counted_days(explanation) | {effective})


@RANDOM
@given(weekday_calendars, weekday_calendars, instants(), st.integers(0, 4))
def test_a_loan_is_explained_up_to_its_due_instant(
    provider: BusinessCalendar, site: BusinessCalendar, decided: datetime, transit_days: int
) -> None:
    explanation = explain_loan(provider, site, decided, transit_days)
    decided_on = provider.local_day(decided)
    following = set(days_from(decided_on, max(counted_days(explanation)))) - {decided_on}
    assert explanation.due_at == loan_due(provider, site, decided, transit_days)
    assert counted_days(explanation) | skipped_days(explanation) == following
