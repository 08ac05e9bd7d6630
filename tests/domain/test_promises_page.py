"""The page of promises says what the code computes: every worked example, recomputed."""

from datetime import date

import pytest

from domain.deadlines import NextDayDelivery
from domain.projection import next_day_missed_through, project
from domain.promises import PromiseName
from tests.domain.promises_page import KINDS, Example, examples, instant, table, warnings
from tests.domain.sample_cases import PARIS


def test_every_promise_is_on_the_page_and_has_an_example() -> None:
    assert set(KINDS) == set(PromiseName)
    assert {example.promise.name for example in examples()} == set(PromiseName)


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.promise.name}-{example.says:%m-%d_%H%M}")
def test_every_example_of_the_page_is_due_when_the_page_says(example: Example) -> None:
    promise, provider, site, due_at = example
    assert project(promise, provider, site, promise.started_at).due_at == due_at


@pytest.mark.parametrize(
    ("point", "example"), warnings(), ids=[f"{example.promise.name}{point}" for point, example in warnings()]
)
def test_every_warning_of_the_page_comes_when_the_page_says(point: str, example: Example) -> None:
    promise, provider, site, warned_at = example
    warned = promise.model_copy(update={"warning_points": (point,)})
    assert project(warned, provider, site, promise.started_at).warnings == ((point, warned_at),)


@pytest.mark.parametrize(
    ("reported", "requested", "approved", "closed", "through"),
    table("reported", "requested", "approved", "site closed", "missed through"),
)
def test_the_next_day_is_missed_through_whom_the_page_says(
    reported: str, requested: str, approved: str, closed: str, through: str
) -> None:
    site = PARIS.model_copy(update={"closures": (date.fromisoformat(closed),) if closed else ()})
    instants = NextDayDelivery(
        reported_at=instant(reported), requested_at=instant(requested), approved_at=instant(approved)
    )
    assert next_day_missed_through(instants, PARIS, site) == (through or None)
