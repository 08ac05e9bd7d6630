"""R14: a contract decides what a piece of equipment is entitled to, between its dates."""

from datetime import date

import pytest

from domain.entitlement import assess_curative
from domain.messages import CoverageException
from domain.registry import RegistryRecord, Service
from tests.domain.sample_cases import PARIS, SERIAL, TERMS, contract, record

IN_JUNE = date(2026, 6, 11)
GOODWILL = CoverageException(kind="goodwill", granted_by="R. Martin", reason="the renewal is signed")
ON_QUOTATION = CoverageException(kind="out_of_contract", granted_by="R. Martin", reason="quotation 42")


def rejected(of: RegistryRecord | None, on: date = IN_JUNE, exception: CoverageException | None = None) -> str | None:
    """Why it is rejected, or None when it is covered."""
    answer = assess_curative(of, SERIAL, on, exception)
    assert (answer.coverage is None) is bool(answer.rejected_because)
    return answer.rejected_because


def basis(of: RegistryRecord, on: date, exception: CoverageException | None) -> str | None:
    """On what ground it is covered."""
    answer = assess_curative(of, SERIAL, on, exception)
    return answer.coverage.basis if answer.coverage else None


def test_a_contract_covers_from_its_first_day_to_its_last_both_included() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert rejected(record(), on=first) is None
    assert rejected(record(), on=last) is None
    assert rejected(record(), on=date(2025, 12, 31)) == (
        "contract K-1 is not in force on 2025-12-31 (2026-01-01 to 2026-12-31)"
    )
    assert rejected(record(), on=date(2027, 1, 1)) == (
        "contract K-1 is not in force on 2027-01-01 (2026-01-01 to 2026-12-31)"
    )


def test_a_contract_of_one_day_covers_that_day() -> None:
    one_day = record(contract=contract(starts_on=IN_JUNE, ends_on=IN_JUNE))
    assert rejected(one_day) is None


def test_a_coverage_carries_the_terms_and_the_calendars_and_the_transit_days_of_the_zone() -> None:
    answer = assess_curative(record(zone="reunion"), SERIAL, IN_JUNE, None)
    assert answer.coverage is not None
    assert answer.equipment is not None
    assert (answer.coverage.terms, answer.coverage.provider, answer.coverage.site) == (TERMS, PARIS, PARIS)
    assert answer.coverage.basis == "contract"
    assert answer.equipment.transit_days == 3


def test_an_unknown_serial_number_is_rejected_whatever_a_supervisor_grants() -> None:
    assert rejected(None) == f"serial number {SERIAL} is not in the registry"
    assert rejected(None, exception=GOODWILL) == f"serial number {SERIAL} is not in the registry"


def test_without_any_contract_no_exception_has_figures_to_promise() -> None:
    assert rejected(record(contract=None)) == f"no contract covers {SERIAL}"
    assert rejected(record(contract=None), exception=ON_QUOTATION) == f"no contract covers {SERIAL}"


def test_a_service_that_the_contract_does_not_name_is_not_covered() -> None:
    other = record(contract=contract(services=frozenset({Service.ASSISTANCE, Service.SOFTWARE_EVOLUTION})))
    assert rejected(other) == "contract K-1 does not cover curative maintenance"


@pytest.mark.parametrize("exception", [GOODWILL, ON_QUOTATION], ids=lambda exception: exception.kind)
@pytest.mark.parametrize(
    ("of", "on"),
    [
        (record(), date(2027, 1, 1)),
        (record(), date(2025, 12, 31)),
        (record(contract=contract(services=frozenset())), IN_JUNE),
    ],
    ids=str.split("expired not_begun not_covered"),
)
def test_a_supervisors_exception_covers_what_the_contract_does_not_and_says_so(
    of: RegistryRecord, on: date, exception: CoverageException
) -> None:
    assert rejected(of, on) is not None
    assert basis(of, on, exception) == f"exception ({exception.kind}) by R. Martin: {exception.reason}"


def test_what_the_contract_covers_is_no_exception_even_when_one_was_granted() -> None:
    assert basis(record(), IN_JUNE, ON_QUOTATION) == "contract"


def test_a_zone_without_transit_days_cannot_be_promised_to() -> None:
    reason = "contract K-1 names no transit days for delivery zone mayotte"
    assert rejected(record(zone="mayotte")) == reason
    assert rejected(record(zone="mayotte"), on=date(2027, 1, 1), exception=GOODWILL) == reason


def test_that_the_contract_has_ended_is_said_before_anything_else_of_it() -> None:
    assert "is not in force" in str(rejected(record(zone="mayotte"), on=date(2027, 1, 1)))


def test_who_is_rejected_is_known_when_the_registry_knows_the_equipment() -> None:
    answer = assess_curative(record(contract=None), SERIAL, IN_JUNE, None)
    assert answer.equipment is not None
    assert (answer.equipment.customer_name, answer.equipment.contract) == ("Banque du Jura", "")
    assert assess_curative(None, SERIAL, IN_JUNE, None).equipment is None
