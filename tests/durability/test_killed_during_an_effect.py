"""`kill -9` between an effect and the answer that it happened: it is found again, and happens once (SPEC §7.3)."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from domain.case import Stage
from tests.durability.commit_gate import CommitGate
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once
from tests.durability.exchange import TESTS, lead
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory, paris

OPENED = paris("mon 10 08:05")
UNCHECKED = "FDO2517B7CS"


@dataclass(frozen=True)
class Effect:
    """What a message sets off at a stage: a write to `table`, or a mail. Then the case comes to rest at `leads_to`."""

    name: str
    table: str | None
    stage: Stage
    kind: str
    payload: dict[str, Any]
    leads_to: dict[str, Any] = field(default_factory=dict)
    offers: int = 1

    async def is_set_off(self, case: CaseStory) -> None:
        """Send the message as a signal, which waits for nothing."""
        payload = dict(self.payload)
        if self.kind == "vendor_validation":
            payload["decided_at"] = (await case.now()).isoformat()
        if payload.get("action") == "choose":
            payload["slot_id"] = (await case.view())["slots"][0]["slot_id"]
        await case.signal(self.kind, payload)


ASK_THE_VENDOR = Effect(
    "vendor request",
    None,
    Stage.REMOTE_DIAGNOSIS,
    "remote_diagnosis",
    {"level": 2, "outcome": "hardware_failure", "technician": "Noor", "findings": "the power supply"},
    {"stage": Stage.VENDOR_VALIDATION, "waiting_for": "vendor"},
)
EFFECTS = {
    "64167FD01830": ASK_THE_VENDOR,
    "FOC2735Y3TT": Effect(
        "order",
        "orders",
        Stage.VENDOR_VALIDATION,
        "vendor_validation",
        {"decision": "approved"},
        {"stage": Stage.SHIPMENT},
    ),
    "FTT2542UZUK": Effect(
        "offer of slots",
        "visit_slots",
        Stage.SHIPMENT,
        "shipment",
        {"status": "delivered"},
        {"stage": Stage.SITE_SCHEDULING, "waiting_for": "customer"},
    ),
    "FTT27177WBH": Effect(
        "choice of a slot",
        "visit_slots",
        Stage.SITE_SCHEDULING,
        "site_scheduling",
        {"action": "choose"},
        {"stage": Stage.ON_SITE},
    ),
    "WZP27155V3Y": Effect(
        "booking of another slot",
        "visit_slots",
        Stage.SITE_SCHEDULING,
        "site_scheduling",
        {"action": "propose", "start": "2027-05-20T10:00:00+02:00", "end": "2027-05-20T12:00:00+02:00"},
        {"stage": Stage.ON_SITE},
    ),
    "FTT2608B2KR": Effect(
        "release of a slot",
        "visit_slots",
        Stage.ON_SITE,
        "site_scheduling",
        {"action": "cancel"},
        {"stage": Stage.SITE_SCHEDULING, "waiting_for": "customer"},
        offers=2,
    ),
    "52AE2266": Effect(
        "end of the visit",
        "visit_slots",
        Stage.ON_SITE,
        "intervention_report",
        {"technician": "Imane", "outcome": "completed", "tests": TESTS},
        {"stage": Stage.RESTORED},
    ),
    "FTT26494WXN": Effect(
        "last record of the case", "cases", Stage.RESTORED, "customer_confirmation", {"restored": True}
    ),
}
"""Of two sites, so that the offer and the booking, which queue for their site, can both be at their commit."""


async def test_every_effect_happens_once_though_its_worker_was_killed_before_it_could_tell(
    installation: Installation, database: asyncpg.Connection, gate: CommitGate, mail_server: MailServer
) -> None:
    """One worker is killed in the middle of all of them, and of asking whether a piece of equipment is covered."""
    worker = await installation.start_worker()
    opening = (_at_its_stage(installation, serial_number, effect) for serial_number, effect in EFFECTS.items())
    cases = list(zip(await asyncio.gather(*opening), EFFECTS.values(), strict=True))
    await _hold_back(cases, gate, mail_server)
    async with database.transaction():
        await database.execute("lock table equipment in access exclusive mode")
        unchecked = await installation.open_case(UNCHECKED, OPENED)
        await asyncio.gather(*(effect.is_set_off(case) for case, effect in cases))
        await gate.all_wait()
        await until(lambda: _is_sent(mail_server), "the vendor request is sent")
        await worker.kill()
    mail_server.answer()
    await gate.open()
    await installation.start_worker()
    await asyncio.gather(*(_goes_on_to_the_end(case, effect) for case, effect in cases), _is_checked(unchecked))
    for case, effect in [*cases, (unchecked, None)]:
        closed = await case.handle.result()
        assert closed["outcome"] == "restored", effect
        await assert_all_is_recorded(database, closed)
        await assert_every_effect_once(database, closed["reference"], effect.offers if effect else 1)
        identifier = f"<{closed['reference']}.1.vendor-request@curative>"
        mails = 2 if effect is ASK_THE_VENDOR else 1  # the vendor can tell the repeat by its identifier
        assert mail_server.message_ids(closed["reference"]) == mails * [identifier]


async def _at_its_stage(installation: Installation, serial_number: str, effect: Effect) -> CaseStory:
    case = await lead(await installation.open_case(serial_number, OPENED), effect.stage)
    if effect is ASK_THE_VENDOR:
        await case.diagnosed(1, "escalate")
    return case


async def _hold_back(cases: list[tuple[CaseStory, Effect]], gate: CommitGate, mail_server: MailServer) -> None:
    mail_server.hold_answers()
    for case, effect in cases:
        if effect.table:
            await gate.shut(effect.table, (await case.view())["reference"])


async def _is_sent(mail_server: MailServer) -> bool:
    return len(mail_server.received) == len(EFFECTS)  # everybody's, and then the one that is held back


async def _goes_on_to_the_end(case: CaseStory, effect: Effect) -> None:
    if effect.leads_to:
        await case.reaches(**effect.leads_to)
        await lead(case, Stage.CLOSED)


async def _is_checked(case: CaseStory) -> None:
    await case.reaches(Stage.REMOTE_DIAGNOSIS, check_pending=False)
    await lead(case, Stage.CLOSED)
