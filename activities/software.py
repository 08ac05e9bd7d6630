"""Software supplied: looked up in the registry, keys asked for and issued, letters that deliver it (R11 to R14)."""

from collections.abc import Mapping, Sequence
from datetime import date

from aiosmtplib import SMTPException
from pydantic import JsonValue
from temporalio import activity

from activities.mailer import MailDelayed
from activities.notices import NoticeActivities
from database.activation_keys import KeyStore
from database.software_registry import SoftwareRegistry
from domain.business_time import business_calendar
from domain.calendars import CalendarSpec
from domain.effects import (
    AssessedItem,
    Deliveries,
    Delivery,
    HandedOver,
    IssueAnswer,
    KeyCallOff,
    KeyDemands,
    KeyGrants,
    KeysCalledOff,
    KeysIssued,
    Notice,
    RefusedNotice,
    SoftwareAssessment,
    SoftwareQuestion,
)
from domain.software_assessment import Shelf, SoftwareRecord, assess_item, coverage_of, releases_named

UNDELIVERED = (OSError, MailDelayed, SMTPException)
"""How a letter that is not taken now says so."""


class SoftwareActivities:
    """Reads the registry, and decides with `domain.software_assessment`."""

    def __init__(self, registry: SoftwareRegistry) -> None:
        self._registry = registry

    @activity.defn
    async def assess_software(self, question: SoftwareQuestion) -> SoftwareAssessment:
        """Say what can be supplied for each item, on the provider's local day of the reception."""
        provider = await self._registry.provider_calendar()
        on = business_calendar(provider).local_day(question.received_at)
        asked = [item.serial_number for item in question.items if item.serial_number is not None]
        records = {record.serial_number: record for record in await self._registry.records(asked, on)}
        in_place_of = await self._exchanged(asked, records, on)
        shelf = Shelf(
            on=on,
            known_types=tuple(await self._registry.known_types()),
            compatibilities=tuple(
                await self._registry.compatibilities(sorted({record.type for record in records.values()}))
            ),
            requester_email=question.requester_email,
            exception=question.exception,
        )
        items = tuple(assess_item(item, records, in_place_of, shelf) for item in question.items)
        return _assessment(items, records, shelf, provider)

    async def _exchanged(self, asked: Sequence[str], records: dict[str, SoftwareRecord], on: date) -> Mapping[str, str]:
        """What stands in the place of serial numbers that are no longer in service (R7); its records are added."""
        found: dict[str, str] = {}
        for serial_number in asked:
            if serial_number not in records:
                successor = await self._registry.in_place_of(serial_number)
                found |= {serial_number: successor} if successor else {}
        later = await self._registry.records(sorted(set(found.values()) - records.keys()), on) if found else ()
        records |= {record.serial_number: record for record in later}
        return found


def _assessment(
    items: tuple[AssessedItem, ...], records: Mapping[str, SoftwareRecord], shelf: Shelf, provider: CalendarSpec
) -> SoftwareAssessment:
    coverages = {}
    for item in items:
        record = records.get(item.serial_number or "")
        if record is not None and record.contract is not None and record.contract.reference not in coverages:
            coverages[record.contract.reference] = coverage_of(record, shelf)
    return SoftwareAssessment(
        items=items,
        provider=provider,
        releases=releases_named(items, shelf.compatibilities),
        coverages={contract: coverage for contract, coverage in coverages.items() if coverage is not None},
    )


class ActivationKeyActivities:
    """Gives keys out, each once, ever. What a workflow hears of a key is masked."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    @activity.defn
    async def demand_keys(self, demands: KeyDemands) -> KeyGrants:
        """Give each item a key, or a place in line; asked again, say how they stand now."""
        return await self._keys.demand(demands)

    @activity.defn
    async def issue_keys(self, issued: KeysIssued) -> IssueAnswer:
        """Store what the vendor issued for an item, and give it to it."""
        return await self._keys.issue(issued)

    @activity.defn
    async def call_off_keys(self, call_off: KeyCallOff) -> KeysCalledOff:
        """Items leave the line; those that have been given keys keep them."""
        return await self._keys.call_off(call_off)


class SoftwareDeliveryActivities:
    """Sends the letters that deliver software: the one place where a key is opened, for the one who is to have it."""

    def __init__(self, notices: NoticeActivities, keys: KeyStore) -> None:
        self._notices = notices
        self._keys = keys

    @activity.defn
    async def deliver_software(self, batch: Deliveries) -> HandedOver:
        """Send each letter; answers with those that were handed over, and raises only when none was.

        So that a mail server that refuses one of them for now holds up no other.
        """
        handed_over: list[str] = []
        refused: list[RefusedNotice] = []
        failures: list[Exception] = []
        for delivery in batch.deliveries:
            try:
                sent = await self._notices.send_notice(await self._with_keys(delivery))
            except UNDELIVERED as failure:
                failures.append(failure)
            else:
                handed_over.append(delivery.notice.key.identifier)
                refused += sent.refused if sent else ()
        if failures and not handed_over:
            raise failures[0]
        return HandedOver(identifiers=tuple(handed_over), refused=tuple(refused))

    async def _with_keys(self, delivery: Delivery) -> Notice:
        keys = await self._keys.open_keys(delivery.keys_of)
        items = delivery.notice.facts["items"]
        assert isinstance(items, list)
        filled: list[JsonValue] = [
            {**item, "keys": list(keys.get(int(str(item["item"])), ()))} if isinstance(item, dict) else item
            for item in items
        ]
        return delivery.notice.model_copy(update={"facts": {**delivery.notice.facts, "items": filled}})
