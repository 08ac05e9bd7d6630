"""What holds of business time on every calendar, and an independent count to compare with."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar, both, open_all_day
from tests.domain import oracle
from tests.domain.calendar_strategies import (
    RANDOM,
    SAMPLES,
    TIME_ZONES,
    amounts,
    anchors,
    instants,
    sample_calendars,
    specs_around,
)
from tests.domain.sample_calendars import at

MICROSECOND = timedelta(microseconds=1)


@RANDOM
@given(sample_calendars, instants(), amounts)
@example(SAMPLES[0], at("2026-06-12 17:30"), timedelta(minutes=30))
def test_what_was_added_has_elapsed(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> None:
    assert calendar.elapsed(start, calendar.add(start, amount)) == amount


@RANDOM
@given(sample_calendars, instants(), amounts)
def test_adding_lands_on_the_earliest_instant_and_counting_back_on_the_latest(
    calendar: BusinessCalendar, start: datetime, amount: timedelta
) -> None:
    assume(amount)
    nearer = -MICROSECOND if amount > timedelta() else MICROSECOND
    # Through UTC: arithmetic on a zone's own datetimes goes by the wall clock.
    just_short = calendar.add(start, amount).astimezone(UTC) + nearer
    assert abs(calendar.elapsed(start, just_short)) < abs(amount)


@RANDOM
@given(sample_calendars, instants(), instants(), amounts, amounts)
def test_more_time_or_a_later_start_is_never_due_earlier(
    calendar: BusinessCalendar, one: datetime, other: datetime, some: timedelta, more: timedelta
) -> None:
    earlier, later = sorted((one, other))
    less, most = sorted((some, more))
    assert calendar.add(earlier, some) <= calendar.add(later, some)
    assert calendar.add(earlier, less) <= calendar.add(earlier, most)


@RANDOM
@given(sample_calendars, instants(), instants(), instants())
def test_elapsed_time_adds_up(calendar: BusinessCalendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert calendar.elapsed(a, b) == -calendar.elapsed(b, a)


@RANDOM
@given(sample_calendars, instants())
def test_nothing_elapses_before_the_next_opening(calendar: BusinessCalendar, now: datetime) -> None:
    opening = calendar.next_opening(now)
    assert opening >= now
    assert calendar.is_open(opening)
    assert calendar.elapsed(now, opening) == timedelta()


@RANDOM
@given(sample_calendars, instants(), amounts, st.sampled_from(TIME_ZONES))
def test_the_time_zone_in_which_an_instant_is_written_changes_nothing(
    calendar: BusinessCalendar, start: datetime, amount: timedelta, tz: str
) -> None:
    elsewhere = start.astimezone(ZoneInfo(tz))
    assert calendar.add(elsewhere, amount) == calendar.add(start, amount)
    assert calendar.is_open(elsewhere) == calendar.is_open(start)


@RANDOM
@given(sample_calendars, instants(), st.timedeltas(timedelta(), timedelta(days=9)))
def test_the_open_intervals_of_a_span_are_its_elapsed_time(
    calendar: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    intervals = calendar.intervals(start, start + length)
    in_utc = [(opening.astimezone(UTC), close.astimezone(UTC)) for opening, close in intervals]
    assert sum((close - opening for opening, close in in_utc), timedelta()) == calendar.elapsed(start, start + length)
    assert all(start <= opening < close <= start + length for opening, close in in_utc)
    assert all(before[1] <= after[0] for before, after in pairwise(in_utc))


@RANDOM
@given(sample_calendars, sample_calendars, instants(), st.timedeltas(timedelta(), timedelta(days=9)))
def test_a_shared_clock_runs_for_what_one_is_open_within_the_hours_of_the_other(
    one: BusinessCalendar, other: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    shared, end = both(one, other), start + length
    open_for_both = (other.elapsed(opening, close) for opening, close in one.intervals(start, end))
    assert shared.elapsed(start, end) == sum(open_for_both, timedelta())
    assert shared.is_open(start) == (one.is_open(start) and other.is_open(start))


@RANDOM
@given(sample_calendars, instants())
def test_the_24_hour_clock_runs_on_business_days(calendar: BusinessCalendar, now: datetime) -> None:
    assert open_all_day(calendar).is_open(now) == calendar.is_business_day(calendar.local_day(now))


@RANDOM
@given(sample_calendars, anchors)
def test_the_next_business_day_is_the_first_one_after(calendar: BusinessCalendar, day: date) -> None:
    following = calendar.next_business_day(day)
    between = (day + timedelta(days=n) for n in range(1, (following - day).days))
    assert following > day
    assert calendar.is_business_day(following)
    assert not any(map(calendar.is_business_day, between))


@settings(RANDOM, max_examples=80)
@given(st.data())
def test_a_count_by_the_clock_on_the_wall_says_the_same(data: st.DataObject) -> None:
    anchor = data.draw(anchors)
    spec = data.draw(specs_around(anchor))
    noon = datetime.combine(anchor, time(12), UTC)
    start = noon + data.draw(st.timedeltas(timedelta(days=-2), timedelta(days=1)))
    end = start + data.draw(st.timedeltas(timedelta(), timedelta(days=4)))
    amount = data.draw(st.timedeltas(MICROSECOND, timedelta(hours=40)))

    calendar = BusinessCalendar(spec)

    assert calendar.is_open(start) == oracle.is_open(spec, start)
    assert calendar.elapsed(start, end) == oracle.elapsed(spec, start, end)
    expected = oracle.add(spec, start, amount, horizon=timedelta(days=4))
    assert expected in (None, calendar.add(start, amount))
