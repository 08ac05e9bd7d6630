"""The letters of a software request, one of each, on a request with an item in every state."""

from datetime import date, datetime

from domain import software_notices as notices
from domain.calendars import CalendarSpec, Reading
from domain.coverage import Coverage
from domain.promises import Promise, PromiseKind, PromiseName, SoftwareReading
from domain.software_items import Item, ItemCard, ItemState
from domain.software_messages import StatedItem
from domain.software_releases import Release
from domain.software_update import ContractClock, SoftwareUpdate
from domain.terms import Terms
from domain.words import Words

MONDAY = datetime.fromisoformat("2027-05-10T09:00+02:00")
PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
CARD = ItemCard(
    type="Cisco Meeting Server 1000",
    customer="BRUNEL",
    customer_name="Groupe Brunel",
    contract="K-1",
    site="BRU-PAR",
    site_name="Brunel – siège",
    vendor="CISCO",
    vendor_name="Cisco",
    vendor_email="rma@cisco.example",
    installed_version="3.9",
    deliver_to="salles@brunel.example",
)
RELEASE = Release(
    code="CMS-3.11",
    version="3.11",
    released_on=date(2026, 1, 1),
    notes="https://files.example/notes",
    file_uri="https://files.example/cms.pkg",
    sha256="0" * 64,
    needs_key=True,
)


def item(number: int, state: ItemState) -> Item:
    """An item in that state."""
    stated = StatedItem(serial_number=f"WZP{number}", type="Room Kit")
    release = RELEASE.code if state in (ItemState.DELIVERED, ItemState.READY, ItemState.AWAITING_KEY) else None
    return Item(
        number=number,
        stated=stated,
        serial_number=stated.serial_number,
        type=stated.type,
        card=None if state is ItemState.UNKNOWN else CARD,
        release=release,
        state=state,
        is_step=state is ItemState.READY,
    )


def promise(name: PromiseName) -> Promise:
    """A promise that runs."""
    budget = SoftwareReading(reading=Reading.BUSINESS_DAYS)
    kind = PromiseKind.CONTRACTUAL
    return Promise(
        id=f"{name}.1", name=name, kind=kind, round=1, budget=budget, started_at=MONDAY, due_at=MONDAY.replace(day=13)
    )


def update() -> SoftwareUpdate:
    """A request with an item in every state."""
    terms = Terms(software_reading=Reading.BUSINESS_DAYS, transit_days={})
    coverage = Coverage(terms=terms, provider=PARIS, site=PARIS, basis="contract")
    promises = [promise(PromiseName.SOFTWARE_DELIVERY), promise(PromiseName.SOFTWARE_DELIVERY_TARGET)]
    no_serial = Item(number=99, stated=StatedItem(type="X50"), type="X50", state=ItemState.CLARIFICATION)
    return SoftwareUpdate(
        reference="CM-7K3Q-9XTB",
        workflow_id="software-X",
        run_id="run",
        opened_at=MONDAY,
        received_at=MONDAY,
        items=[*(item(number, state) for number, state in enumerate(ItemState, start=1)), no_serial],
        releases={RELEASE.code: RELEASE},
        contracts={"K-1": ContractClock(contract="K-1", coverage=coverage, promises=promises)},
        provider=PARIS,
    )


UPDATE = update()
DELIVERED = UPDATE.in_state(ItemState.READY, ItemState.DELIVERED)
SOFTWARE_LETTERS: dict[str, Words] = {
    "software_acknowledged": notices.acknowledged(UPDATE),
    "software_clarification": notices.unclear(UPDATE, is_reminder=False),
    "software_reminder": notices.unclear(UPDATE, is_reminder=True),
    "software_delivered": notices.delivered(UPDATE, DELIVERED),
    "software_answered": notices.answered(UPDATE, [each for each in UPDATE.items if each.is_answered]),
    "software_keys_asked": notices.keys_asked(UPDATE, UPDATE.in_state(ItemState.AWAITING_KEY)),
    "software_key_refused": notices.key_refused(UPDATE, UPDATE.items[2], ["ABC…XYZ"]),
    "software_at_risk": notices.at_risk(UPDATE, "K-1", promise(PromiseName.SOFTWARE_DELIVERY)),
    "software_target_at_risk": notices.at_risk(UPDATE, "K-1", promise(PromiseName.SOFTWARE_DELIVERY_TARGET)),
    "software_breached": notices.breached(UPDATE, "K-1", promise(PromiseName.SOFTWARE_DELIVERY), 1),
    "software_cancelled": notices.cancelled(UPDATE, "sold <b>now</b>"),
}
