"""What the registry knows of a piece of equipment: who it belongs to, where it stands, what it is entitled to."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarSpec
from domain.terms import Terms


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(StrEnum):
    """What a contract can entitle to (R14)."""

    ASSISTANCE = "assistance"
    CURATIVE = "curative"
    SOFTWARE_EVOLUTION = "software_evolution"


class Category(StrEnum):
    """Log files may be asked for infrastructure equipment only (R3)."""

    ENDPOINT = "endpoint"
    INFRASTRUCTURE = "infrastructure"


class Article(_Record):
    """A line of the catalogue. Consumables are excluded from curative maintenance (R7)."""

    reference: str
    designation: str
    consumable: bool


class ConfigurationLine(_Record):
    """An article that belongs to the equipment's configuration, and is never excluded (R7)."""

    article: Article
    quantity: int


class Vendor(_Record):
    """The manufacturer whose support approves replacement requests; its own support hours are a calendar."""

    code: str
    name: str
    email: str
    calendar: CalendarSpec


class Site(_Record):
    """Where equipment stands: its calendar (time zone, holiday zone, closures) and its delivery zone."""

    code: str
    name: str
    address: str
    delivery_zone: str
    region: str | None = None
    """Where its technicians are from."""
    contact_email: str | None
    calendar: CalendarSpec


class Contract(_Record):
    """What a customer is entitled to from `starts_on` to `ends_on`, both included (R14)."""

    reference: str
    customer: str
    starts_on: date
    ends_on: date
    services: frozenset[Service]
    terms: Terms


class Equipment(_Record):
    """A piece of equipment as installed."""

    serial_number: str
    type: str
    category: Category
    software_version: str
    skills: tuple[str, ...] = ()
    """What a technician must be able to do to work on its type."""
    room: str | None
    configuration: tuple[ConfigurationLine, ...]


class RegistryRecord(_Record):
    """Everything that the registry says of one serial number, read in one go when a case opens."""

    equipment: Equipment
    customer: str
    customer_name: str
    site: Site
    vendor: Vendor
    contract: Contract | None
    provider_calendar: CalendarSpec
