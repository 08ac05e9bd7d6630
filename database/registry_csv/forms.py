"""The files of a registry: what each looks like, and which files its columns refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from database.registry_csv import rows

RowT = TypeVar("RowT", bound=rows.Row, covariant=True)


@dataclass(frozen=True)
class SheetForm(Generic[RowT]):
    """What a file looks like: its rows, the columns that name a row, and the columns that name rows elsewhere.

    What came with software evolution may be missing, so that older registries still load: the whole file where
    `may_be_missing` says so, or the columns of `may_lack`. What stands in the columns of `secret` is shown masked.
    """

    file: str
    row: type[RowT]
    key: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    may_be_missing: bool = False
    may_lack: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()


PROVIDER = SheetForm("provider.csv", rows.ProviderRow, ("name",), {"calendar": "calendars.csv"})
CALENDARS = SheetForm("calendars.csv", rows.CalendarRow, ("code",))
CALENDAR_DAYS = SheetForm(
    "calendar_days.csv", rows.CalendarDayRow, ("calendar", "kind", "first_day"), {"calendar": "calendars.csv"}
)
CUSTOMERS = SheetForm("customers.csv", rows.CustomerRow, ("code",))
VENDORS = SheetForm("vendors.csv", rows.VendorRow, ("code",), {"calendar": "calendars.csv"})
CONTRACTS = SheetForm("contracts.csv", rows.ContractRow, ("reference",), {"customer": "customers.csv"})
CONTRACT_TERMS = SheetForm(
    "contract_terms.csv", rows.ContractTermRow, ("contract", "term"), {"contract": "contracts.csv"}
)
SITES = SheetForm("sites.csv", rows.SiteRow, ("code",), {"customer": "customers.csv", "calendar": "calendars.csv"})
ROOMS = SheetForm("rooms.csv", rows.RoomRow, ("code",), {"site": "sites.csv"})
ARTICLES = SheetForm("articles.csv", rows.ArticleRow, ("reference",), {"vendor": "vendors.csv"})
EQUIPMENT_TYPES = SheetForm("equipment_types.csv", rows.EquipmentTypeRow, ("name",), {"vendor": "vendors.csv"})
EQUIPMENT = SheetForm(
    "equipment.csv",
    rows.EquipmentRow,
    ("serial_number",),
    {"type": "equipment_types.csv", "site": "sites.csv", "room": "rooms.csv"},
    may_lack=("hardware_revision",),
)
COVERAGE = SheetForm(
    "coverage.csv",
    rows.CoverageRow,
    ("serial_number", "contract"),
    {"serial_number": "equipment.csv", "contract": "contracts.csv"},
)
CONFIGURATION_LINES = SheetForm(
    "configuration_lines.csv",
    rows.ConfigurationLineRow,
    ("serial_number", "article"),
    {"serial_number": "equipment.csv", "article": "articles.csv"},
)
LOCATIONS = SheetForm("locations.csv", rows.LocationRow, ("code",))
STOCK = SheetForm(
    "stock.csv", rows.StockRow, ("location", "article"), {"location": "locations.csv", "article": "articles.csv"}
)
LOAN_UNITS = SheetForm(
    "loan_units.csv",
    rows.LoanUnitRow,
    ("serial_number",),
    {"type": "equipment_types.csv", "location": "locations.csv"},
)
TECHNICIANS = SheetForm("technicians.csv", rows.TechnicianRow, ("code",))
RELEASES = SheetForm("releases.csv", rows.ReleaseRow, ("code",), {"vendor": "vendors.csv"}, may_be_missing=True)
RELEASE_COMPATIBILITY = SheetForm(
    "release_compatibility.csv",
    rows.ReleaseCompatibilityRow,
    ("release", "type"),
    {"release": "releases.csv", "type": "equipment_types.csv"},
    may_be_missing=True,
)
ACTIVATION_KEYS = SheetForm(
    "activation_keys.csv",
    rows.ActivationKeyRow,
    ("key",),
    {"release": "releases.csv"},
    may_be_missing=True,
    secret=("key",),
)
