"""What can be supplied for a piece of equipment, decided on what the registry says (R11, R12, R14)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarSpec
from domain.coverage import Coverage
from domain.effects.software import AskedItem, AssessedItem
from domain.messages import CoverageException
from domain.registry import Contract, Service
from domain.software_items import ItemCard, ItemState
from domain.software_releases import Compatibility, Finding, Installed, Release, newest_release
from domain.type_names import is_the_type

_ANSWERS = {
    Finding.RELEASE: ItemState.READY,
    Finding.UP_TO_DATE: ItemState.UP_TO_DATE,
    Finding.NONE_YET: ItemState.NO_RELEASE,
}


class SoftwareRecord(BaseModel):
    """What the registry says of one piece of equipment in service. `contacts` are all addresses of its customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial_number: str
    type: str
    hardware_revision: str | None
    software_version: str
    customer: str
    customer_name: str
    site: str
    site_name: str
    contact_email: str | None
    contacts: tuple[str, ...]
    vendor: str
    vendor_name: str
    vendor_email: str
    contract: Contract | None
    site_calendar: CalendarSpec
    provider_calendar: CalendarSpec


class Shelf(BaseModel):
    """What there is to be supplied, on which day, to whom: the same for every item of a request."""

    model_config = ConfigDict(frozen=True)

    on: date
    known_types: tuple[str, ...]
    compatibilities: tuple[Compatibility, ...]
    requester_email: str | None = None
    exception: CoverageException | None = None


def assess_item(
    asked: AskedItem, records: Mapping[str, SoftwareRecord], in_place_of: Mapping[str, str], shelf: Shelf
) -> AssessedItem:
    """The answer for one item. `in_place_of` leads from a serial number that was exchanged to the one in service (R7).

    The checks come in the order in which they help the requester: what is it, is it known, is it covered, is it the
    stated type, what is there for it.
    """
    if asked.serial_number is None:
        return _asked_back(asked, f"which serial number has the {asked.type}?")
    serial_number = in_place_of.get(asked.serial_number, asked.serial_number)
    record = records.get(serial_number)
    if record is None:
        reason = f"serial number {asked.serial_number} is not in the registry"
        return _answer(asked, ItemState.UNKNOWN, reason, asked.serial_number)
    objection = _objection(record, shelf)
    card = card_of(record, shelf.requester_email)
    if objection is not None:
        return _answer(asked, ItemState.NOT_COVERED, objection, serial_number, card)
    if asked.type is not None and not is_the_type(asked.type, record.type, shelf.known_types):
        question = f"{serial_number} is a {record.type} in the registry, not a {asked.type}: which of the two is right?"
        return _asked_back(asked, question, serial_number, card)
    return _supplied(asked, record, card, shelf)


def card_of(record: SoftwareRecord, requester_email: str | None) -> ItemCard:
    """What a request keeps of the registry. Software goes to the requester if they are registered, else to the site."""
    contacts = {address.casefold() for address in record.contacts}
    requester = (requester_email or "").strip()
    deliver_to = requester if requester.casefold() in contacts else (record.contact_email or "")
    return ItemCard(
        **record.model_dump(include=set(ItemCard.model_fields) - {"contract", "is_theirs"}),
        contract=record.contract.reference if record.contract else "",
        installed_version=record.software_version,
        deliver_to=deliver_to,
        is_theirs=not requester or _house_of(requester) in {_house_of(address) for address in contacts},
    )


def _house_of(address: str) -> str:
    """What stands behind the @: whose address it is."""
    return address.rpartition("@")[2].casefold()


def coverage_of(record: SoftwareRecord, shelf: Shelf) -> Coverage | None:
    """The terms and calendars under which an item is supplied (R14); None without a contract."""
    if record.contract is None:
        return None
    exception = shelf.exception if _objection(record, shelf.model_copy(update={"exception": None})) else None
    basis = "contract"
    if exception is not None:
        basis = f"exception ({exception.kind}) by {exception.granted_by}: {exception.reason}"
    return Coverage(
        terms=record.contract.terms, provider=record.provider_calendar, site=record.site_calendar, basis=basis
    )


def _objection(record: SoftwareRecord, shelf: Shelf) -> str | None:
    """Why it is not entitled to software, unless a supervisor grants it by the contract's figures (R14)."""
    contract = record.contract
    if contract is None:
        return f"no contract covers {record.serial_number}"
    if shelf.exception is not None:
        return None
    if not contract.starts_on <= shelf.on <= contract.ends_on:
        dates = f"({contract.starts_on} to {contract.ends_on})"
        return f"contract {contract.reference} is not in force on {shelf.on} {dates}"
    if Service.SOFTWARE_EVOLUTION not in contract.services:
        return f"contract {contract.reference} does not cover software evolution"
    return None


def _supplied(asked: AskedItem, record: SoftwareRecord, card: ItemCard, shelf: Shelf) -> AssessedItem:
    installed = Installed(record.type, record.hardware_revision, record.software_version)
    choice = newest_release(installed, shelf.compatibilities, shelf.on)
    release = choice.release
    state = _ANSWERS[choice.finding]
    if state is ItemState.READY and release is not None and release.needs_key:
        state = ItemState.AWAITING_KEY
    answer = _answer(asked, state, choice.reason, record.serial_number, card)
    code = release.code if release and choice.finding is Finding.RELEASE else None
    return answer.model_copy(update={"release": code, "is_step": choice.is_step})


def _asked_back(
    asked: AskedItem, question: str, serial_number: str | None = None, card: ItemCard | None = None
) -> AssessedItem:
    return _answer(asked, ItemState.CLARIFICATION, question, serial_number, card)


def _answer(
    asked: AskedItem, state: ItemState, reason: str, serial_number: str | None, card: ItemCard | None = None
) -> AssessedItem:
    return AssessedItem(number=asked.number, state=state, reason=reason, serial_number=serial_number, card=card)


def releases_named(items: Iterable[AssessedItem], compatibilities: Sequence[Compatibility]) -> dict[str, Release]:
    """The releases that the answers name, by code."""
    named = {item.release for item in items}
    return {each.release.code: each.release for each in compatibilities if each.release.code in named}
