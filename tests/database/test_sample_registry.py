"""The sample registry shows every case that the rules tell apart."""

from datetime import date

import pytest

from database.registry_csv.checked import CheckedRegistry
from database.registry_import import SAMPLE_DIRECTORY, check_directory
from domain.business_time import business_calendar
from domain.calendars import Reading
from domain.registry import Category, Service

IN_2026, LATE_2028 = date(2026, 1, 1), date(2028, 12, 31)


@pytest.fixture(scope="module")
def registry() -> CheckedRegistry:
    return check_directory(SAMPLE_DIRECTORY)


def test_every_reading_of_the_72_hours_is_in_force_and_most_contracts_take_the_literal_one(
    registry: CheckedRegistry,
) -> None:
    in_force = [one for one in registry.sheets.contracts.rows if one.starts_on <= IN_2026 and one.ends_on >= LATE_2028]
    readings = [contract.software_reading for contract in in_force]
    assert set(readings) == set(Reading)
    assert readings.count(Reading.SERVICE_HOURS) > len(readings) / 2


def test_one_contract_has_expired_and_one_leaves_curative_maintenance_out(registry: CheckedRegistry) -> None:
    contracts = registry.sheets.contracts.rows
    assert len([contract for contract in contracts if contract.ends_on < IN_2026]) == 1
    assert len([contract for contract in contracts if Service.CURATIVE not in contract.services]) == 1


def test_one_piece_of_equipment_has_no_contract(registry: CheckedRegistry) -> None:
    covered = {coverage.serial_number for coverage in registry.sheets.coverage.rows}
    assert len([one for one in registry.sheets.equipment.rows if one.serial_number not in covered]) == 1


def test_sites_keep_the_holidays_of_their_own_territory(registry: CheckedRegistry) -> None:
    zones = {registry.calendars[site.calendar].holidays_zone for site in registry.sheets.sites.rows}
    assert zones == {"Métropole", "Alsace-Moselle", "La Réunion", "Martinique"}


def test_a_site_can_have_lunch_breaks_summer_closures_half_days_and_saturdays(registry: CheckedRegistry) -> None:
    calendars = {code: business_calendar(spec) for code, spec in registry.calendars.items()}
    assert len(registry.calendars["RHONEVAL-LYON"].week["mon"]) == 2
    assert calendars["RHONEVAL-FEYZIN"].why_closed(date(2026, 8, 10)) == "closure"
    assert calendars["ALSAVIE-COLMAR"].closing(date(2026, 12, 24)).hour == 12
    assert calendars["DEULE-HOPITAL"].is_business_day(date(2026, 6, 13))


def test_vendors_work_their_own_hours_in_their_own_time_zones(registry: CheckedRegistry) -> None:
    calendars = [registry.calendars[vendor.calendar] for vendor in registry.sheets.vendors.rows]
    assert {calendar.tz for calendar in calendars} == {"Europe/Brussels", "Europe/London"}


def test_there_is_infrastructure_whose_logs_can_be_asked_for(registry: CheckedRegistry) -> None:
    categories = {one.name: one.category for one in registry.sheets.equipment_types.rows}
    installed = {one.type for one in registry.sheets.equipment.rows}
    assert len([name for name in installed if categories[name] is Category.INFRASTRUCTURE]) >= 5


def test_every_piece_of_equipment_has_a_technician_of_its_sites_region_who_can_work_on_it(
    registry: CheckedRegistry,
) -> None:
    skills = {one.name: set(one.skills) for one in registry.sheets.equipment_types.rows}
    region = {site.code: site.region for site in registry.sheets.sites.rows}
    for one in registry.sheets.equipment.rows:
        able = [who for who in registry.sheets.technicians.rows if skills[one.type] <= set(who.skills)]
        assert region[one.site] in {who.region for who in able}, one


def test_most_types_have_a_loan_unit_with_at_least_their_features_and_some_have_none(
    registry: CheckedRegistry,
) -> None:
    """R8: and a bigger codec stands in for a smaller one of another make."""
    features = {one.name: set(one.features) for one in registry.sheets.equipment_types.rows}
    pool = [one.type for one in registry.sheets.loan_units.rows]
    served = {name for name in features if any(features[name] <= features[unit] for unit in pool)}
    assert len(served) > len(features) / 2
    assert features.keys() - served
    assert features["Poly RealPresence Group 500"] < features["Cisco Webex Room Kit Pro"]


def test_some_consumables_belong_to_a_configuration_and_some_to_none(registry: CheckedRegistry) -> None:
    """R7: only the second kind is excluded."""
    consumables = {article.reference for article in registry.sheets.articles.rows if article.consumable}
    configured = {line.article for line in registry.sheets.configuration_lines.rows}
    assert consumables & configured
    assert consumables - configured
