"""The files of a registry, read."""

from dataclasses import dataclass
from pathlib import Path

from database.registry_csv import forms, rows
from database.registry_csv.errors import Findings
from database.registry_csv.forms import RowT, SheetForm
from database.registry_csv.sheets import Sheet, read_sheet


@dataclass(frozen=True)
class RegistrySheets:
    """The files of a registry."""

    provider: Sheet[rows.ProviderRow]
    calendars: Sheet[rows.CalendarRow]
    calendar_days: Sheet[rows.CalendarDayRow]
    customers: Sheet[rows.CustomerRow]
    vendors: Sheet[rows.VendorRow]
    contracts: Sheet[rows.ContractRow]
    contract_terms: Sheet[rows.ContractTermRow]
    sites: Sheet[rows.SiteRow]
    rooms: Sheet[rows.RoomRow]
    articles: Sheet[rows.ArticleRow]
    equipment_types: Sheet[rows.EquipmentTypeRow]
    equipment: Sheet[rows.EquipmentRow]
    coverage: Sheet[rows.CoverageRow]
    configuration_lines: Sheet[rows.ConfigurationLineRow]
    locations: Sheet[rows.LocationRow]
    stock: Sheet[rows.StockRow]
    loan_units: Sheet[rows.LoanUnitRow]
    technicians: Sheet[rows.TechnicianRow]
    releases: Sheet[rows.ReleaseRow]
    release_compatibility: Sheet[rows.ReleaseCompatibilityRow]
    activation_keys: Sheet[rows.ActivationKeyRow]


def read_directory(directory: Path, findings: Findings) -> RegistrySheets:
    """Read every file of a registry; what is wrong with one goes to the findings."""

    def read(form: SheetForm[RowT]) -> Sheet[RowT]:
        return read_sheet(directory, form, findings)

    return RegistrySheets(
        provider=read(forms.PROVIDER),
        calendars=read(forms.CALENDARS),
        calendar_days=read(forms.CALENDAR_DAYS),
        customers=read(forms.CUSTOMERS),
        vendors=read(forms.VENDORS),
        contracts=read(forms.CONTRACTS),
        contract_terms=read(forms.CONTRACT_TERMS),
        sites=read(forms.SITES),
        rooms=read(forms.ROOMS),
        articles=read(forms.ARTICLES),
        equipment_types=read(forms.EQUIPMENT_TYPES),
        equipment=read(forms.EQUIPMENT),
        coverage=read(forms.COVERAGE),
        configuration_lines=read(forms.CONFIGURATION_LINES),
        locations=read(forms.LOCATIONS),
        stock=read(forms.STOCK),
        loan_units=read(forms.LOAN_UNITS),
        technicians=read(forms.TECHNICIANS),
        releases=read(forms.RELEASES),
        release_compatibility=read(forms.RELEASE_COMPATIBILITY),
        activation_keys=read(forms.ACTIVATION_KEYS),
    )
