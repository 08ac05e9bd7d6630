"""A question to business time and its answer travel as JSON, and say the same on the other side."""

from datetime import timedelta

from domain.calendars import Reading
from domain.case import Party, Wait
from domain.coverage import Coverage
from domain.deadlines import DeadlineQuestion, Deadlines, NextDayDelivery
from domain.projection import answer
from domain.promises import ApprovalCutoff, Budget, BusinessHours, NextBusinessDay, SoftwareReading
from tests.domain.promise_strategies import WARNING_POINTS, pause
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import LA_REUNION, NOON, PARIS, TERMS, promise

BUDGETS: tuple[Budget, ...] = (
    BusinessHours(amount=timedelta(hours=4)),
    ApprovalCutoff(),
    NextBusinessDay(transit_days=3),
    *(SoftwareReading(reading=reading) for reading in Reading),
)

QUESTION = DeadlineQuestion(
    now=NOON,
    coverage=Coverage(terms=TERMS, provider=PARIS, site=LA_REUNION, basis="contract"),
    promises=tuple(
        promise(
            id=f"promise.{number}",
            budget=budget,
            warning_points=WARNING_POINTS,
            pauses=[pause(at("2026-06-11 10:00"), timedelta(hours=1))],
        )
        for number, budget in enumerate(BUDGETS)
    ),
    later={"silence": (NOON, timedelta(hours=20))},
    waits=(Wait(party=Party.VENDOR, since=at("2026-06-11 09:00")),),
    next_day=NextDayDelivery(reported_at=NOON, requested_at=NOON, approved_at=at("2026-06-11 16:00")),
    hours_from=NOON,
)


def test_a_question_comes_through_as_it_was_asked() -> None:
    assert DeadlineQuestion.model_validate_json(QUESTION.model_dump_json()) == QUESTION


def test_an_answer_comes_through_as_it_was_given() -> None:
    given = answer(QUESTION)
    assert Deadlines.model_validate_json(given.model_dump_json()) == given
    assert len(given.projections) == len(BUDGETS)


def test_a_question_that_came_through_has_the_same_answer() -> None:
    assert answer(DeadlineQuestion.model_validate_json(QUESTION.model_dump_json())) == answer(QUESTION)
