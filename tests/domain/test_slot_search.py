"""R10: a visit takes place when site and provider are open and the room is free."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Span
from domain.business_time import business_calendar
from domain.calendars import CalendarSpec
from domain.crew import Crew, Diary
from domain.effects import EffectKey, SlotProposal
from domain.slot_search import A_DAY, HORIZON, free_slots, why_not
from tests.domain.calendar_strategies import RANDOM, instants
from tests.domain.promise_strategies import PROVIDERS, SITES
from tests.domain.sample_calendars import ALWAYS, OFFICE_WEEK, at
from tests.domain.sample_cases import LA_REUNION, PARIS

SOMEBODY = Crew([Diary("T-ADAM")])
HOUR, TWO_HOURS = timedelta(hours=1), timedelta(hours=2)
THURSDAY = at("2026-06-11 10:05")
OFFICE = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", week=OFFICE_WEEK)


def objection(provider: CalendarSpec, site: CalendarSpec, now: datetime, start: datetime, end: datetime) -> str | None:
    """Why a visit of at least an hour cannot take place as proposed."""
    key = EffectKey(case="CM-7K3Q-9XTB", round=1, step="proposal-1")
    wish = SlotProposal(
        key=key,
        now=now,
        site="BRU-PAR",
        room=None,
        provider=provider,
        site_calendar=site,
        start=start,
        end=end,
        duration=HOUR,
    )
    return why_not(wish)


def slots(
    site: CalendarSpec = PARIS,
    not_before: datetime = THURSDAY,
    duration: timedelta = TWO_HOURS,
    busy: tuple[Span, ...] = (),
    count: int = 3,
    provider: CalendarSpec = PARIS,
    crew: Crew = SOMEBODY,
) -> list[str]:
    """The beginnings of the free slots, by the clocks of the site."""
    found = free_slots(provider, site, not_before, duration, busy, count, crew)
    assert all(end - start == duration for start, end in found)
    return [f"{start:%a %m-%d %H:%M}" for start, _ in found]


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def test_slots_are_offered_from_the_next_day_on_two_a_day() -> None:
    assert slots() == ["Fri 06-12 08:00", "Fri 06-12 10:00", "Mon 06-15 08:00"]


def test_the_next_day_is_the_sites() -> None:
    """22:30 on Thursday in Paris is half past midnight on Friday in Saint-Denis."""
    assert slots(not_before=at("2026-06-11 22:30"))[0] == "Fri 06-12 08:00"
    assert slots(LA_REUNION, not_before=at("2026-06-11 22:30"))[0] == "Mon 06-15 10:00"


def test_a_site_in_la_reunion_is_visited_in_the_hours_that_paris_shares() -> None:
    """In summer 10:00 in Saint-Denis is 08:00 in Paris; in winter it is 07:00."""
    assert slots(LA_REUNION) == ["Fri 06-12 10:00", "Fri 06-12 12:00", "Mon 06-15 10:00"]
    assert slots(LA_REUNION, not_before=at("2026-12-14 10:00"))[0] == "Tue 12-15 11:00"


def test_a_holiday_of_the_site_is_no_day_for_a_visit() -> None:
    abolition = at("2027-12-17 10:00")  # a Friday; Monday 20 December is a holiday in La Réunion alone
    assert slots(LA_REUNION, not_before=abolition)[0] == "Tue 12-21 11:00"
    assert slots(not_before=abolition)[0] == "Mon 12-20 08:00"


def test_a_visit_needs_our_own_hours_too() -> None:
    closed = PARIS.model_copy(update={"closures": (date(2026, 6, 12),)})
    assert slots(provider=closed)[0] == "Mon 06-15 08:00"


def test_a_visit_lies_within_one_of_the_two_windows_of_a_day() -> None:
    assert slots(OFFICE) == ["Fri 06-12 09:00", "Fri 06-12 14:00", "Mon 06-15 09:00"]
    assert slots(OFFICE, duration=timedelta(hours=3, minutes=30)) == [
        "Fri 06-12 09:00",
        "Fri 06-12 14:00",
        "Mon 06-15 09:00",
    ]
    assert slots(OFFICE, duration=timedelta(hours=4)) == []


def test_a_slot_begins_as_the_site_opens_or_on_a_full_hour() -> None:
    late = CalendarSpec(
        tz="Europe/Paris", holidays_zone="Métropole", week=dict.fromkeys(("thu", "fri"), (("08:20", "18:00"),))
    )
    busy = (span("2026-06-12 08:20", "2026-06-12 08:30"),)
    assert slots(late, count=1) == ["Fri 06-12 08:20"]
    assert slots(late, busy=busy, count=1) == ["Fri 06-12 09:00"]


def test_no_slot_touches_what_is_busy_and_what_only_borders_on_it_is_free() -> None:
    morning = span("2026-06-12 10:00", "2026-06-12 12:00")
    assert slots(busy=(morning,)) == ["Fri 06-12 08:00", "Fri 06-12 12:00", "Mon 06-15 08:00"]
    assert slots(busy=(span("2026-06-12 09:59", "2026-06-12 10:01"),))[0] == "Fri 06-12 11:00"


def test_what_is_busy_may_be_written_in_any_time_zone() -> None:
    busy = Span(datetime(2026, 6, 12, 6, tzinfo=UTC), datetime(2026, 6, 12, 16, tzinfo=UTC))
    assert slots(busy=(busy,))[0] == "Mon 06-15 08:00"


def test_a_room_that_is_busy_for_weeks_leaves_nothing_to_offer() -> None:
    assert slots(busy=(Span(THURSDAY, THURSDAY + 2 * HORIZON),)) == []


def test_a_site_that_is_never_open_when_we_are_leaves_nothing_to_offer() -> None:
    nights = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", week={"mon": (("20:00", "24:00"),)})
    assert slots(nights) == []


def test_without_a_technician_who_can_do_it_there_is_nothing_to_offer() -> None:
    assert slots(crew=Crew([])) == []


def test_a_slot_needs_one_technician_who_is_free_for_all_of_it() -> None:
    adam = Diary(
        "T-ADAM", [span("2026-06-12 08:00", "2026-06-12 09:00")], [span("2026-06-12 12:00", "2026-06-13 00:00")]
    )
    benali = Diary("T-BENALI", [span("2026-06-12 09:00", "2026-06-12 15:00")])
    assert slots(crew=Crew([adam, benali])) == ["Fri 06-12 09:00", "Fri 06-12 15:00", "Mon 06-15 08:00"]


def test_a_site_that_never_closes_is_visited_when_we_are_open() -> None:
    always = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", week=ALWAYS)
    assert slots(always)[0] == "Fri 06-12 08:00"


@RANDOM
@given(st.data(), st.sampled_from(PROVIDERS), st.sampled_from(SITES), instants(), st.integers(1, 10))
def test_every_slot_can_take_place(
    data: st.DataObject, provider: CalendarSpec, site: CalendarSpec, now: datetime, count: int
) -> None:
    duration = timedelta(minutes=data.draw(st.integers(15, 300)))
    starts = data.draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=14)), max_size=5))
    busy = [Span(now + start, now + start + timedelta(hours=5)) for start in starts]
    days = data.draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=14)), max_size=8))
    away = [Span(now + start, now + start + timedelta(hours=9)) for start in days]
    half = len(away) // 2

    crew = Crew([Diary("T-A", away[:half]), Diary("T-B", away[half:])])

    found = free_slots(provider, site, now, duration, busy, count, crew)

    there = business_calendar(site)
    assert len(found) <= count
    for start, end in found:
        assert end - start == duration
        assert there.local_day(start) > there.local_day(now)
        assert duration < HOUR or objection(provider, site, now, start, end) is None
        assert all(end <= taken.start or taken.end <= start for taken in busy)
        assert any(all(end <= one.start or one.end <= start for one in own) for own in (away[:half], away[half:]))
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(found))
    assert max(Counter(start.date() for start, _ in found).values(), default=0) <= A_DAY


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-06-12 09:00", "2026-06-12 11:00", None),
        ("2026-06-11 12:00", "2026-06-11 13:00", None),
        ("2026-06-12 08:00", "2026-06-12 18:00", None),
        ("2026-06-12 09:00", "2026-06-12 09:59:59", "a visit takes 60 minutes at the least"),
        ("2026-06-11 11:59:59", "2026-06-11 13:00", "it lies in the past"),
        ("2026-06-12 17:00", "2026-06-12 18:00:01", "the site is not open for all of it"),
        ("2026-06-13 10:00", "2026-06-13 11:00", "the site is not open for all of it"),
        ("2026-06-12 09:00", "2026-06-15 11:00", "the site is not open for all of it"),
    ],
)
def test_a_proposed_visit_is_told_why_it_cannot_take_place(start: str, end: str, why: str | None) -> None:
    assert objection(PARIS, PARIS, at("2026-06-11 12:00"), at(start), at(end)) == why


def test_a_visit_in_la_reunion_at_nine_is_too_early_for_us() -> None:
    start = at("2026-06-12 09:00", "Indian/Reunion")
    assert objection(PARIS, LA_REUNION, THURSDAY, start, start + TWO_HOURS) == "the provider is not open for all of it"
    later = start + timedelta(hours=1)
    assert objection(PARIS, LA_REUNION, THURSDAY, later, later + TWO_HOURS) is None


def test_a_visit_over_the_lunch_of_the_site_cannot_take_place() -> None:
    over_lunch = span("2026-06-12 12:00", "2026-06-12 14:30")
    assert objection(PARIS, OFFICE, THURSDAY, *over_lunch) == "the site is not open for all of it"


def test_a_visit_beyond_the_calendars_is_told_so() -> None:
    why = objection(PARIS, PARIS, THURSDAY, at("2050-06-13 10:00"), at("2050-06-13 11:00"))
    assert "outside the calendar table" in str(why)
