"""Transit days (R6): none in metropolitan France; overseas there is no default, and the contract must say."""

from collections.abc import Mapping

from database.registry_csv.directory import RegistrySheets
from database.registry_csv.errors import Findings
from database.registry_csv.rows import SiteRow
from database.registry_csv.terms import METROPOLITAN_ZONE
from domain.calendars import CalendarSpec
from domain.terms import Terms

_METROPOLITAN_HOLIDAYS = ("Métropole", "Alsace-Moselle")


def check_delivery_zones(
    sheets: RegistrySheets, calendars: Mapping[str, CalendarSpec], terms: Mapping[str, Terms], findings: Findings
) -> None:
    """Every contract names the transit days of the zones that it covers equipment in."""
    _check_overseas_sites(sheets, calendars, findings)
    _check_covered_zones(sheets, terms, findings)
    _check_served_zones(sheets, terms, findings)


def _check_overseas_sites(sheets: RegistrySheets, calendars: Mapping[str, CalendarSpec], findings: Findings) -> None:
    for number, site in sheets.sites.numbered:
        spec = calendars.get(site.calendar)
        overseas = spec is not None and spec.holidays_zone not in _METROPOLITAN_HOLIDAYS
        if overseas and site.delivery_zone == METROPOLITAN_ZONE:
            reason = f"site {site.code} has an overseas calendar: its delivery zone cannot be {METROPOLITAN_ZONE}"
            findings.add(sheets.sites.form.file, number, reason)


def _check_covered_zones(sheets: RegistrySheets, terms: Mapping[str, Terms], findings: Findings) -> None:
    lines = {contract.reference: number for number, contract in sheets.contracts.numbered}
    for reference, sites in _covered_sites(sheets).items():
        if reference in terms:
            for zone, site in _unnamed_zones(sites, terms[reference]).items():
                findings.add(sheets.contracts.form.file, lines[reference], _no_transit_days(reference, zone, site))


def _check_served_zones(sheets: RegistrySheets, terms: Mapping[str, Terms], findings: Findings) -> None:
    """A site without covered equipment needs one contract of its customer that could cover some there."""
    covered = {site.code for sites in _covered_sites(sheets).values() for site in sites}
    for number, site in sheets.sites.numbered:
        contracts = [contract.reference for contract in sheets.contracts.rows if contract.customer == site.customer]
        known = [terms[reference] for reference in contracts if reference in terms]
        named = any(site.delivery_zone in of_contract.transit_days for of_contract in known)
        if site.code not in covered and known and not named:
            reason = _no_transit_days(", ".join(contracts), site.delivery_zone, site.code)
            findings.add(sheets.sites.form.file, number, reason)


def _covered_sites(sheets: RegistrySheets) -> dict[str, list[SiteRow]]:
    """By contract: the sites at which it covers equipment."""
    sites = {site.code: site for site in sheets.sites.rows}
    site_of = {equipment.serial_number: sites.get(equipment.site) for equipment in sheets.equipment.rows}
    covered: dict[str, list[SiteRow]] = {}
    for coverage in sheets.coverage.rows:
        site = site_of.get(coverage.serial_number)
        if site is not None:
            covered.setdefault(coverage.contract, []).append(site)
    return covered


def _unnamed_zones(sites: list[SiteRow], terms: Terms) -> dict[str, str]:
    """The delivery zones that the terms do not name, each with one of its sites."""
    return {site.delivery_zone: site.code for site in sites if site.delivery_zone not in terms.transit_days}


def _no_transit_days(contract: str, zone: str, site: str) -> str:
    return (
        f"contract {contract} names no transit days for delivery zone {zone!r} of site {site}: "
        f"write {zone}=<days> in transit_days (R6: overseas has no default)"
    )
