"""What a piece of equipment is entitled to (R14), decided on what the registry says."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from domain.coverage import Coverage, EquipmentCard
from domain.messages import CoverageException
from domain.registry import Contract, RegistryRecord, Service


class Entitlement(BaseModel):
    """The answer to "is this covered?": a coverage and the equipment's card, or the reason why not."""

    model_config = ConfigDict(frozen=True)

    coverage: Coverage | None
    equipment: EquipmentCard | None
    rejected_because: str | None = None
    belongs_to: str | None = None
    """The serial number whose case this report belongs to, when the registry knows that it is another one (R7)."""
    recurrence_of: str | None = None
    """The reference of the case that closed shortly before, and whose terms this one inherits (R14)."""


def assess_curative(
    record: RegistryRecord | None, serial_number: str, on: date, exception: CoverageException | None
) -> Entitlement:
    """Decide whether curative maintenance covers this equipment on that day (the provider's local day).

    An exception granted by a supervisor stands in for what the contract does not cover, but not for a registry that
    does not know the equipment, nor for figures that no contract gives. What the contract covers needs none.
    """
    if record is None:
        return _rejected(f"serial number {serial_number} is not in the registry")
    card = equipment_card(record)
    if record.contract is None:
        return _rejected(f"no contract covers {serial_number}", card)
    objection = _objection(record.contract, on)
    if objection and exception is None:
        return _rejected(objection, card)
    transit_days = record.contract.terms.transit_days.get(record.site.delivery_zone)
    if transit_days is None:
        zone = record.site.delivery_zone
        return _rejected(f"contract {record.contract.reference} names no transit days for delivery zone {zone}", card)
    coverage = Coverage(
        terms=record.contract.terms,
        provider=record.provider_calendar,
        site=record.site.calendar,
        basis=_exceptional(exception) if objection and exception else "contract",
    )
    return Entitlement(coverage=coverage, equipment=card.model_copy(update={"transit_days": transit_days}))


def assess_call(
    record: RegistryRecord | None,
    serial_number: str,
    on: date,
    services: Sequence[Service],
    exception: CoverageException | None,
) -> Entitlement:
    """Decide whether one of these services covers this equipment on that day; nothing is delivered to its site."""
    if record is None:
        return _rejected(f"serial number {serial_number} is not in the registry")
    card = equipment_card(record)
    if record.contract is None:
        return _rejected(f"no contract covers {serial_number}", card)
    objections = [_objection(record.contract, on, service) for service in services]
    objection = objections[0] if all(objections) else None
    if objection and exception is None:
        return _rejected(objection, card)
    coverage = Coverage(
        terms=record.contract.terms,
        provider=record.provider_calendar,
        site=record.site.calendar,
        basis=_exceptional(exception) if objection and exception else "contract",
    )
    return Entitlement(coverage=coverage, equipment=card)


class PastCase(BaseModel):
    """A case that has closed, and the coverage that it ran under."""

    model_config = ConfigDict(frozen=True)

    reference: str
    customer: str | None
    site: str | None
    closed_at: datetime
    coverage: Coverage


_SERVICES = {Service.CURATIVE: "curative maintenance", Service.ASSISTANCE: "phone assistance"}
"""What an objection calls them."""


def _exceptional(exception: CoverageException) -> str:
    return f"exception ({exception.kind}) by {exception.granted_by}: {exception.reason}"


def _objection(contract: Contract, on: date, service: Service = Service.CURATIVE) -> str | None:
    if not contract.starts_on <= on <= contract.ends_on:
        return f"contract {contract.reference} is not in force on {on} ({contract.starts_on} to {contract.ends_on})"
    if service not in contract.services:
        return f"contract {contract.reference} does not cover {_SERVICES[service]}"
    return None


def _rejected(reason: str, card: EquipmentCard | None = None) -> Entitlement:
    return Entitlement(coverage=None, equipment=card, rejected_because=reason)


def equipment_card(record: RegistryRecord) -> EquipmentCard:
    """What a case remembers of its equipment; the transit days are those of the terms, and not known here."""
    return EquipmentCard(
        type=record.equipment.type,
        category=record.equipment.category,
        customer=record.customer,
        customer_name=record.customer_name,
        contract=record.contract.reference if record.contract else "",
        site=record.site.code,
        site_name=record.site.name,
        room=record.equipment.room,
        vendor=record.vendor.code,
        vendor_name=record.vendor.name,
        vendor_email=record.vendor.email,
        transit_days=0,
        skills=record.equipment.skills,
        region=record.site.region,
        contact_email=record.site.contact_email,
    )
