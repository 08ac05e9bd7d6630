"""A registry as a whole, checked: calendars and terms built, and what must hold between files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from database.registry_csv.calendars import build_calendars
from database.registry_csv.checks import check_contracts, check_provider, check_references, check_rooms
from database.registry_csv.delivery_zones import check_delivery_zones
from database.registry_csv.directory import RegistrySheets, read_directory
from database.registry_csv.errors import Findings
from database.registry_csv.terms import build_terms
from domain.calendars import CalendarSpec
from domain.terms import Terms


@dataclass(frozen=True)
class CheckedRegistry:
    """A registry without mistakes, ready to be loaded."""

    sheets: RegistrySheets
    calendars: Mapping[str, CalendarSpec]
    terms: Mapping[str, Terms]


def check_directory(directory: Path) -> CheckedRegistry:
    """Read a registry and check all that can be checked without a database.

    Raises RegistryErrors with every mistake found, each with its file, its line and what to do. Among them: a
    contract that names no reading of the 72 h (R13), or no transit days for an overseas site that it covers (R6).
    """
    findings = Findings()
    if not directory.is_dir():
        findings.add(str(directory), 0, "there is no such directory: name the one that holds the registry's files")
        findings.raise_if_any()
    sheets = read_directory(directory, findings)
    calendars = build_calendars(sheets.calendars, sheets.calendar_days, findings)
    terms = build_terms(sheets.contracts, sheets.contract_terms, findings)
    check_provider(sheets, findings)
    check_references(sheets, findings)
    check_rooms(sheets, findings)
    check_contracts(sheets, findings)
    check_delivery_zones(sheets, calendars, terms, findings)
    findings.raise_if_any()
    return CheckedRegistry(sheets, calendars, terms)
