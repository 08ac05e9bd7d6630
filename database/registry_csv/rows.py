"""One line of each file. A field is a column: `docs/registry.md` says what each means."""

from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from database.registry_csv.cells import (
    Code,
    Count,
    Day,
    Email,
    HoursOfDay,
    Latitude,
    Longitude,
    Phone,
    Quantity,
    ReadingName,
    SecretKey,
    SerialNumber,
    Services,
    Sha256,
    TimeOfDay,
    TransitDays,
    Uri,
    Words,
    YesOrNo,
)
from domain.registry import Category
from domain.versions import parse_version

LONGEST_SPAN = 366
"""Days that one line of calendar_days.csv may cover."""


class Row(BaseModel):
    """A line whose cells could be read. A column without a default needs a value on every line."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Placed(Protocol):
    latitude: float | None
    longitude: float | None


PlacedT = TypeVar("PlacedT", bound=_Placed)


def _coordinates_are_whole(row: PlacedT) -> PlacedT:
    if (row.latitude is None) != (row.longitude is None):
        raise ValueError("latitude and longitude belong together: write both or none")
    return row


class ProviderRow(Row):
    name: str
    calendar: Code
    phone: Phone | None = None


class CalendarRow(Row):
    code: Code
    time_zone: str
    holidays_zone: str
    mon: HoursOfDay = ()
    tue: HoursOfDay = ()
    wed: HoursOfDay = ()
    thu: HoursOfDay = ()
    fri: HoursOfDay = ()
    sat: HoursOfDay = ()
    sun: HoursOfDay = ()
    delivery_cutoff: TimeOfDay | None = None
    revision: str = ""


class CalendarDayRow(Row):
    calendar: Code
    kind: Literal["closure", "extra_holiday", "worked_holiday", "day_hours"]
    first_day: Day
    last_day: Day | None = None
    hours: HoursOfDay = ()

    @model_validator(mode="after")
    def _spans_some_days(self) -> Self:
        days = 1 if self.last_day is None else (self.last_day - self.first_day).days + 1
        if not 1 <= days <= LONGEST_SPAN:
            raise ValueError(f"last_day must be 0 to {LONGEST_SPAN - 1} days after first_day")
        return self

    @model_validator(mode="after")
    def _has_hours_when_open(self) -> Self:
        if (self.kind == "day_hours") != bool(self.hours):
            raise ValueError("hours belong to day_hours, as 08:00-12:00, and to no other kind")
        return self


class CustomerRow(Row):
    code: Code
    name: str


class VendorRow(Row):
    code: Code
    name: str
    email: Email
    calendar: Code


class ContractRow(Row):
    reference: Code
    customer: Code
    starts_on: Day
    ends_on: Day
    services: Services
    software_reading: ReadingName
    transit_days: TransitDays = {}

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(f"the contract ends on {self.ends_on}, before it starts on {self.starts_on}")
        return self


class ContractTermRow(Row):
    contract: Code
    term: str
    value: str


class SiteRow(Row):
    code: Code
    customer: Code
    name: str
    address: str
    calendar: Code
    delivery_zone: Code
    contact_email: Email | None = None
    region: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    _both_or_none = model_validator(mode="after")(_coordinates_are_whole)


class RoomRow(Row):
    code: Code
    site: Code
    name: str


class ArticleRow(Row):
    reference: Code
    designation: str
    vendor: Code | None = None
    consumable: YesOrNo


class EquipmentTypeRow(Row):
    name: str
    vendor: Code
    category: Category
    skills: Words = ()
    features: Words = ()


class EquipmentRow(Row):
    serial_number: SerialNumber
    type: str
    site: Code
    room: Code | None = None
    software_version: str
    hardware_revision: Code | None = None


class CoverageRow(Row):
    serial_number: SerialNumber
    contract: Code


class ConfigurationLineRow(Row):
    serial_number: SerialNumber
    article: Code
    quantity: Quantity


def _comparable(version: str) -> str:
    if parse_version(version) is None:
        raise ValueError("write a version with a number, as RoomOS 11.14 or 9.15.3: versions are compared by it")
    return version


ComparableVersion = Annotated[str, AfterValidator(_comparable)]


class ReleaseRow(Row):
    code: Code
    vendor: Code
    version: ComparableVersion
    released_on: Day
    notes: str
    file_uri: Uri
    sha256: Sha256
    needs_key: YesOrNo


class ReleaseCompatibilityRow(Row):
    release: Code
    type: str
    hardware_revisions: Words = ()
    from_version: ComparableVersion | None = None
    up_to_version: ComparableVersion | None = None


class ActivationKeyRow(Row):
    release: Code
    key: SecretKey
    serial_number: SerialNumber | None = None


class LocationRow(Row):
    code: Code
    name: str
    region: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    _both_or_none = model_validator(mode="after")(_coordinates_are_whole)


class StockRow(Row):
    location: Code
    article: Code
    quantity: Count


class LoanUnitRow(Row):
    serial_number: SerialNumber
    type: str
    location: Code


class TechnicianRow(Row):
    code: Code
    name: str
    email: Email
    skills: Words = ()
    region: Code
