"""What a message sets off at a stage of a case: every effect that can be cut short, each on equipment of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from domain.case import Stage
from tests.durability.evidence import AS_EVER, Traces
from tests.durability.exchange import TESTS, lead
from tests.workflows.case_story import CaseStory

Words = Callable[[CaseStory], Awaitable[object]]


@dataclass(frozen=True)
class Effect:
    """A write to `table`, a mail under the key of `mail`, or neither; set off by a signal, which waits for nothing.

    `begins` leads a new case to where that is said, `leads_to` awaits what comes of it; by None the case ends. `left`
    is what is there in the end.
    """

    name: str
    begins: Words
    kind: str
    payload: dict[str, Any]
    leads_to: Words | None
    table: str | None = None
    mail: str | None = None
    left: Traces = AS_EVER
    outcome: str = "restored"

    async def is_set_off(self, case: CaseStory) -> None:
        """Say it."""
        payload = dict(self.payload)
        if self.kind == "vendor_validation":
            payload["decided_at"] = (await case.now()).isoformat()
        if payload.get("action") == "choose":
            payload["slot_id"] = (await case.view())["slots"][0]["slot_id"]
        await case.signal(self.kind, payload)


def _stage(stage: Stage, **fields: Any) -> Words:
    return lambda case: case.reaches(stage, **fields)


def _loan(stage: str) -> Words:
    return lambda case: case.loan_is(stage)


def _at(stage: Stage) -> Words:
    return partial(lead, to=stage)


async def _at_level_2(case: CaseStory) -> None:
    await case.diagnosed(1, "escalate")


async def _with_a_loan_unit(case: CaseStory) -> None:
    await lead(case, Stage.SHIPMENT)
    await case.parcel("lost")
    await case.loan_is("reserved")


async def _ordered_from_our_stock(case: CaseStory) -> None:
    await _at_level_2(case)
    await case.parts_have_failed("CS-TOUCH10-K9", parts_from="own_stock")
    await case.reaches(Stage.SHIPMENT)


FAILED = {
    "level": 2,
    "outcome": "hardware_failure",
    "technician": "Noor",
    "findings": "the power supply",
    "defective_articles": ["CS-PWR-CDC"],
}
COMPLETED = {"technician": "Imane", "outcome": "completed", "tests": TESTS}
EXCHANGED, INSTALLED = "FDO2745GA8P", "FDO2803RQ1N"
EXCHANGE = {**COMPLETED, "exchanges": [{"removed": EXCHANGED, "installed": INSTALLED}]}
CANCELLED = "529C08A3"
PROPOSED = {"action": "propose", "start": "2027-05-20T10:00:00+02:00", "end": "2027-05-20T12:00:00+02:00"}
ASKED = _stage(Stage.VENDOR_VALIDATION, waiting_for="vendor")
OFFERED = _stage(Stage.SITE_SCHEDULING, waiting_for="customer")
AGREED = _stage(Stage.ON_SITE)
RESTORED = _stage(Stage.RESTORED)
DELIVERED = {"status": "delivered"}

EFFECTS = {
    "64167FD01830": Effect("vendor request", _at_level_2, "remote_diagnosis", FAILED, ASKED, mail="vendor-request"),
    "FOC2735Y3TT": Effect(
        "order",
        _at(Stage.VENDOR_VALIDATION),
        "vendor_validation",
        {"decision": "approved"},
        _stage(Stage.SHIPMENT),
        table="orders",
    ),
    "FTT2542UZUK": Effect("offer of slots", _at(Stage.SHIPMENT), "shipment", DELIVERED, OFFERED, table="visit_slots"),
    "FTT27177WBH": Effect(
        "choice of a slot",
        _at(Stage.SITE_SCHEDULING),
        "site_scheduling",
        {"action": "choose"},
        AGREED,
        table="visit_slots",
    ),
    "WZP27155V3Y": Effect(
        "booking of another slot",
        _at(Stage.SITE_SCHEDULING),
        "site_scheduling",
        PROPOSED,
        AGREED,
        table="visit_slots",
    ),
    "FTT2608B2KR": Effect(
        "release of a slot",
        _at(Stage.ON_SITE),
        "site_scheduling",
        {"action": "cancel"},
        OFFERED,
        table="visit_slots",
        left=Traces(offers=2),
    ),
    "52AE2266": Effect(
        "end of the visit", _at(Stage.ON_SITE), "intervention_report", COMPLETED, RESTORED, table="visit_slots"
    ),
    "FTT26494WXN": Effect(
        "last record", _at(Stage.RESTORED), "customer_confirmation", {"restored": True}, None, table="cases"
    ),
    "FDO2535EDY0": Effect(
        "reservation of stock",
        _at_level_2,
        "remote_diagnosis",
        {**FAILED, "parts_from": "own_stock"},
        _stage(Stage.SHIPMENT),
        table="stock_reservations",
        left=Traces(requests=0),
    ),
    CANCELLED: Effect(
        "compensation",
        _ordered_from_our_stock,
        "cancellation",
        {"reason": "the room is given up"},
        None,
        table="stock_reservations",
        left=Traces(requests=0, offers=0, visits=0, returns=0),
        outcome="cancelled",
    ),
    "521959FF": Effect("notice", _at(Stage.SHIPMENT), "shipment", DELIVERED, OFFERED, mail="notice-customer-3"),
    EXCHANGED: Effect(
        "exchange of serial numbers", _at(Stage.ON_SITE), "intervention_report", EXCHANGE, RESTORED, table="effects"
    ),
    "FTT2650XMHU": Effect(
        "reservation of a loan unit",
        _at(Stage.SHIPMENT),
        "shipment",
        {"status": "lost"},
        _loan("reserved"),
        table="loans",
        left=Traces(orders=3),
    ),
}
"""In one moment, all of them can stand at their commit: the offer and the booking want nobody of the same region, the
reservation and the compensation no part of the same kind."""

BEHIND = {
    "8L230347DC25DV": Effect(
        "move of a loan unit",
        _with_a_loan_unit,
        "shipment",
        {"status": "dispatched", "subject": "loan"},
        _loan("dispatched"),
        left=Traces(orders=3, returns=2),
    )
}
"""What waits behind the reservation, at the counter of the pool."""

LAST = {
    "8L2235AAC405DV": Effect("start of a return", _at(Stage.ON_SITE), "intervention_report", COMPLETED, RESTORED),
}
"""What cuts the wire to Temporal, with the start of the return."""
