"""R14: a recurrence inherits the terms and the calendars of the case before it, also when the contract has ended."""

from datetime import date, datetime

import pytest

from domain.coverage import Coverage
from domain.entitlement import PastCase
from domain.recurrence import assess_recurrence
from domain.registry import RegistryRecord
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import LA_REUNION, PARIS, TERMS, contract, record

CLOSED_ON_THURSDAY = at("2026-06-11 12:00")
COVERAGE = Coverage(terms=TERMS, provider=PARIS, site=PARIS, basis="contract")
PAST = PastCase(reference="CM-7K3Q-9XTB", customer="C-1", site="S-1", closed_at=CLOSED_ON_THURSDAY, coverage=COVERAGE)
ENDED = record(contract=contract(ends_on=date(2026, 6, 11)))


def inherited(
    reported_at: datetime = CLOSED_ON_THURSDAY, of: RegistryRecord = ENDED, past: PastCase = PAST
) -> Coverage | None:
    answer = assess_recurrence(of, past, reported_at)
    if answer is None:
        return None
    assert answer.recurrence_of == past.reference
    return answer.coverage


@pytest.mark.parametrize(
    ("reported_at", "recurs"),
    [
        ("2026-06-11 12:00", True),
        ("2026-06-18 12:00", True),
        ("2026-06-18 12:00:01", False),
        ("2026-06-21 10:00", False),
        ("2026-06-11 11:58", True),
    ],
    ids=["at once", "after five business days", "a second later", "after a week", "taken before, entered after"],
)
def test_a_report_within_fifty_business_hours_of_the_closing_is_a_recurrence(reported_at: str, recurs: bool) -> None:
    assert (inherited(at(reported_at)) is not None) is recurs


def test_the_time_that_counts_is_the_providers() -> None:
    """From Friday evening to Monday morning in Saint-Denis the provider in Paris is closed for most of it."""
    short = PAST.coverage.terms.model_copy(update={"recurrence": TERMS.level_1_answer})
    past = PAST.model_copy(
        update={
            "closed_at": at("2026-06-12 17:30"),
            "coverage": COVERAGE.model_copy(update={"terms": short, "site": LA_REUNION}),
        }
    )
    assert inherited(at("2026-06-15 08:30"), past=past) is not None
    assert inherited(at("2026-06-15 08:31"), past=past) is None


def test_it_runs_under_the_terms_and_the_calendars_of_the_case_before_though_the_contract_has_ended() -> None:
    assert inherited(at("2026-06-15 10:00")) == COVERAGE.model_copy(update={"basis": "recurrence of CM-7K3Q-9XTB"})


def test_equipment_that_stands_at_another_site_now_has_the_calendar_of_that_site() -> None:
    past = PAST.model_copy(update={"site": "S-2", "coverage": COVERAGE.model_copy(update={"site": LA_REUNION})})
    coverage = inherited(past=past)
    assert coverage is not None
    assert coverage.site == PARIS


def test_the_transit_days_are_those_of_the_inherited_terms() -> None:
    answer = assess_recurrence(record(zone="reunion", contract=None), PAST, CLOSED_ON_THURSDAY)
    assert answer is not None
    assert answer.equipment is not None
    assert answer.equipment.transit_days == 3


def test_equipment_that_has_become_another_customers_inherits_nothing() -> None:
    assert inherited(of=record(customer="C-2")) is None


def test_a_zone_without_transit_days_in_the_inherited_terms_inherits_nothing() -> None:
    assert inherited(of=record(zone="mayotte")) is None


def test_a_report_beyond_the_calendars_recurs_from_nothing() -> None:
    assert inherited(at("2050-01-01 10:00")) is None
