"""What the promise would be at a site: delivery (R6), and business hours as the contract reads them (R13)."""

from datetime import datetime
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from database.registry import Registry, SiteRecord
from domain.business_time import BusinessCalendar, business_calendar
from domain.calendars import Reading
from domain.delivery import effective_day
from domain.explanations import Explanation, explain_delivery, explain_due
from domain.registry import Contract
from starter.answers import NotCovered, NotRegistered

WhoseCalendar = Literal["provider", "site"]


class _SitePromise(BaseModel):
    """A due instant at a site, in the time zones of both, and how it came about."""

    model_config = ConfigDict(frozen=True)

    site: str
    site_name: str
    contract: str | None
    provider_time_zone: str
    site_time_zone: str
    due_at: datetime
    due_at_site: datetime
    explanation: Explanation


class DeliveryPromise(_SitePromise):
    """When a replacement is due that the vendor approves at `validated_at` (R6)."""

    promise: Literal["replacement_delivery"] = "replacement_delivery"
    validated_at: datetime
    effective_day: str
    transit_days: int
    delivery_zone: str


class BusinessHoursPromise(_SitePromise):
    """When so many business hours are up for what is received at `received_at` (R13)."""

    promise: Literal["business_hours"] = "business_hours"
    received_at: datetime
    hours: int
    calendar: WhoseCalendar
    reading: Reading


async def site_record(registry: Registry, code: str, at: datetime) -> SiteRecord:
    """What decides a promise at the site on the provider's local day of that instant. Raises NotRegistered."""
    record = await registry.site(code, at.date())
    if record is None:
        known = ", ".join(site.code for site in await registry.sites())
        raise NotRegistered(f"site {code[:80]!r} is not in the registry; it knows {known or 'none'}")
    day = business_calendar(record.provider_calendar).local_day(at)
    again = record if day == at.date() else await registry.site(code, day)
    assert again is not None
    return again


def delivery_promise(record: SiteRecord, validated_at: datetime) -> DeliveryPromise:
    """The delivery promise under the contract in force. Raises NotCovered when it gives no ground, CalendarError."""
    provider, site = _calendars(record)
    contract = _contract_in_force(record, provider, validated_at)
    zone = record.site.delivery_zone
    transit_days = contract.terms.transit_days.get(zone)
    if transit_days is None:
        raise NotCovered(f"contract {contract.reference} names no transit days for delivery zone {zone}")
    explanation = explain_delivery(provider, site, validated_at, transit_days)
    return DeliveryPromise(
        **_place(record, contract, explanation),
        validated_at=validated_at.astimezone(provider.zone),
        effective_day=effective_day(provider, validated_at).isoformat(),
        transit_days=transit_days,
        delivery_zone=zone,
    )


def business_hours_promise(
    record: SiteRecord,
    received_at: datetime,
    hours: int,
    *,
    reading: Reading | None = None,
    calendar: WhoseCalendar = "provider",
) -> BusinessHoursPromise:
    """So many business hours from an instant, in the contract's reading unless another is given.

    On the provider's calendar as a contractual clock sees it (R1), or inside the site's hours. Raises NotCovered
    when neither the contract in force nor the caller names a reading, CalendarError.
    """
    provider, site = _calendars(record)
    contract = record.contract
    if reading is None:
        contract = _contract_in_force(record, provider, received_at)
        reading = contract.terms.software_reading
    explanation = explain_due(reading, provider if calendar == "provider" else site, received_at, hours)
    if calendar == "site":
        explanation = _said_of_the_site(explanation)
    return BusinessHoursPromise(
        **_place(record, contract, explanation),
        received_at=received_at.astimezone(provider.zone),
        hours=hours,
        calendar=calendar,
        reading=reading,
    )


class _Place(TypedDict):
    site: str
    site_name: str
    contract: str | None
    provider_time_zone: str
    site_time_zone: str
    due_at: datetime
    due_at_site: datetime
    explanation: Explanation


def _place(record: SiteRecord, contract: Contract | None, explanation: Explanation) -> _Place:
    provider, site = record.provider_calendar.tz, record.site.calendar.tz
    return {
        "site": record.site.code,
        "site_name": record.site.name,
        "contract": contract.reference if contract else None,
        "provider_time_zone": provider,
        "site_time_zone": site,
        "due_at": explanation.due_at.astimezone(ZoneInfo(provider)),
        "due_at_site": explanation.due_at.astimezone(ZoneInfo(site)),
        "explanation": explanation,
    }


def _calendars(record: SiteRecord) -> tuple[BusinessCalendar, BusinessCalendar]:
    """The provider's calendar as a contractual clock sees it, and the site's with its closures (R1)."""
    return business_calendar(record.provider_calendar.contractual()), business_calendar(record.site.calendar)


def _contract_in_force(record: SiteRecord, provider: BusinessCalendar, at: datetime) -> Contract:
    contract, day = record.contract, provider.local_day(at)
    if contract is None:
        raise NotCovered(f"no contract covers site {record.site.code}")
    if not contract.starts_on <= day <= contract.ends_on:
        raise NotCovered(
            f"contract {contract.reference} is not in force on {day} ({contract.starts_on} to {contract.ends_on})"
        )
    return contract


def _said_of_the_site(explanation: Explanation) -> Explanation:
    """The same explanation, its closed days attributed to the site whose calendar was counted on."""
    skipped = tuple(days.model_copy(update={"whose": "site"}) for days in explanation.skipped)
    return explanation.model_copy(update={"skipped": skipped})
