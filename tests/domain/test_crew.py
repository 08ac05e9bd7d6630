"""R10: of the technicians who can do a visit and are free, the one with the least to do comes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.absence import rest_of_day
from domain.agenda import Agenda, Span, overlap
from domain.crew import Crew, Diary

MONDAY = datetime(2026, 6, 8, tzinfo=UTC)


def hours(start: float, end: float) -> Span:
    return Span(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


SPANS = st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda span: hours(span[0], span[0] + span[1]))


@given(st.lists(SPANS), SPANS)
def test_an_agenda_is_free_when_nothing_that_is_taken_overlaps(taken: list[Span], wish: Span) -> None:
    assert Agenda(taken).is_free(wish) is not any(overlap(one, wish) for one in taken)


def test_the_least_loaded_comes_and_then_the_first_by_code() -> None:
    crew = Crew([Diary("T-C"), Diary("T-A", [hours(12, 14)]), Diary("T-B")])
    assert crew.share_out([hours(8, 10), hours(10, 12), hours(14, 16)]) == ["T-B", "T-C", "T-A"]


def test_only_the_visits_within_the_offers_span_count() -> None:
    busy_before = Diary("T-A", [hours(0, 2), hours(2, 4), hours(4, 8)])
    assert Crew([busy_before, Diary("T-B")]).share_out([hours(8, 10)]) == ["T-A"]


def test_who_is_away_or_on_a_visit_does_not_come() -> None:
    crew = Crew([Diary("T-A", absences=[hours(9, 24)]), Diary("T-B", [hours(7, 9)])])
    assert not crew.can_come(hours(8, 10))
    assert crew.share_out([hours(7, 9), hours(9, 11)]) == ["T-A", "T-B"]


def test_an_absence_is_no_load() -> None:
    crew = Crew([Diary("T-A", absences=[hours(10, 12)]), Diary("T-B", [hours(12, 14)])])
    assert crew.share_out([hours(8, 10), hours(14, 16)]) == ["T-A", "T-A"]


def test_nobody_is_shared_out_for_nothing() -> None:
    assert Crew([]).share_out([]) == []
    assert not Crew([]).can_come(hours(8, 10))


@pytest.mark.parametrize(
    ("now", "away"),
    [
        (MONDAY + timedelta(hours=7, minutes=30), (7.5, 22)),
        (MONDAY - timedelta(days=2), (-2, 22)),
        (MONDAY + timedelta(hours=21, minutes=59), (21 + 59 / 60, 22)),
        (MONDAY + timedelta(hours=22), None),
    ],
    ids=["that morning", "days before", "at the last minute", "afterwards"],
)
def test_the_day_of_a_visit_ends_at_midnight_by_the_clocks_of_its_site(
    now: datetime, away: tuple[float, float] | None
) -> None:
    """Midnight in Paris is 22:00 in summer."""
    visit = MONDAY + timedelta(hours=12)
    assert rest_of_day(visit, "Europe/Paris", now) == (hours(*away) if away else None)


def test_a_late_visit_in_martinique_belongs_to_the_day_before_ours() -> None:
    assert rest_of_day(MONDAY + timedelta(hours=1), "America/Martinique", MONDAY) == hours(0, 4)
