"""The terms of contracts: reading and transit days from contracts.csv, other figures from contract_terms.csv."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from pydantic import ValidationError

from database.registry_csv.cells import count, duration
from database.registry_csv.errors import Findings, reason_of
from database.registry_csv.forms import CONTRACT_TERMS, CONTRACTS
from database.registry_csv.rows import ContractRow, ContractTermRow
from database.registry_csv.sheets import Sheet
from domain.calendars import Reading
from domain.terms import DEFAULT_WARNINGS, Terms

METROPOLITAN_ZONE = "metropole"
"""The delivery zone of metropolitan France: no transit days, unless a contract says otherwise (R6)."""

_WARNINGS = "warnings."
_REMINDERS = "reminders"
_FIGURES = {
    name: field.annotation
    for name, field in Terms.model_fields.items()
    if name not in ("software_reading", "transit_days", "warnings")
}

_Override = tuple[int, object]
"""The line that names the figure, and the figure."""


def build_terms(contracts: Sheet[ContractRow], figures: Sheet[ContractTermRow], findings: Findings) -> dict[str, Terms]:
    """The terms of each contract, by reference; the ones that are refused are left out (R13, R14)."""
    overrides = _overrides(figures, findings)
    terms = {}
    for number, contract in contracts.numbered:
        try:
            terms[contract.reference] = _terms(contract, overrides[contract.reference])
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                _place(error["loc"], reason_of(error), number, overrides[contract.reference], findings)
        else:
            _check_whole_days(number, contract, terms[contract.reference], findings)
    return terms


def _terms(contract: ContractRow, overrides: Mapping[str, _Override]) -> Terms:
    figures = {name: figure for name, (_, figure) in overrides.items()}
    warnings = {name: figures.pop(f"{_WARNINGS}{name}", points) for name, points in DEFAULT_WARNINGS.items()}
    return Terms.model_validate(
        {
            "software_reading": contract.software_reading,
            "transit_days": {METROPOLITAN_ZONE: 0, **contract.transit_days},
            "warnings": warnings,
            **figures,
        }
    )


def _overrides(figures: Sheet[ContractTermRow], findings: Findings) -> Mapping[str, Mapping[str, _Override]]:
    overrides: dict[str, dict[str, _Override]] = defaultdict(dict)
    for number, row in figures.numbered:
        try:
            overrides[row.contract][row.term] = (number, _figure(row.term, row.value))
        except ValueError as wrong:
            findings.add(CONTRACT_TERMS.file, number, f"{row.term} {row.value!r}: {wrong}")
    return overrides


def _figure(term: str, value: str) -> object:
    if term.startswith(_WARNINGS) and term.removeprefix(_WARNINGS) in DEFAULT_WARNINGS:
        return tuple(value.split())
    if term not in _FIGURES:
        warnings = ", ".join(f"{_WARNINGS}{name}" for name in DEFAULT_WARNINGS)
        raise ValueError(f"no such term: write one of {', '.join(_FIGURES)}, {warnings}")
    if term == _REMINDERS:
        return tuple(duration(part) for part in value.split())
    return duration(value) if _FIGURES[term] is timedelta else count(value)


def _place(
    location: tuple[int | str, ...],
    reason: str,
    contract_line: int,
    overrides: Mapping[str, _Override],
    findings: Findings,
) -> None:
    """Report an error on the line that named the figure, else on the contract's."""
    names = [".".join(map(str, location[:depth])) for depth in (2, 1)]
    for name in names:
        if name in overrides:
            findings.add(CONTRACT_TERMS.file, overrides[name][0], f"{name}: {reason}")
            return
    findings.add(CONTRACTS.file, contract_line, f"{names[-1]}: {reason}")


def _check_whole_days(number: int, contract: ContractRow, terms: Terms, findings: Findings) -> None:
    if terms.software_reading is Reading.BUSINESS_DAYS and terms.software_hours % 24:
        reason = f"software_hours {terms.software_hours} are no whole days: business_days needs a multiple of 24 (R13)"
        findings.add(CONTRACTS.file, number, f"contract {contract.reference}: {reason}")
