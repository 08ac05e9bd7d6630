"""No worker runs: what is said meanwhile is kept by Temporal, and heard in the order in which it was said."""

import asyncio
from typing import Any

import asyncpg

from domain.case import Stage
from starter.answers import ReportStatus
from starter.desk import Desk
from tests.durability.evidence import assert_all_is_recorded, is_recorded
from tests.durability.exchange import WORDS, lead
from tests.durability.installation import Installation
from tests.workflows.case_story import paris, report

SERIAL_NUMBER = "FOC2735Y3TT"
OPENED = paris("mon 10 08:05")
HARDWARE_FAILURE = {"level": 2, "outcome": "hardware_failure", "technician": "Noor", "findings": "the power supply"}


async def test_messages_sent_meanwhile_are_all_there_in_the_order_in_which_they_were_sent(
    installation: Installation, database: asyncpg.Connection
) -> None:
    """Early ones are kept until their stage, late ones refused, and none disappears."""
    worker = await installation.start_worker()
    case = await installation.open_case(SERIAL_NUMBER, OPENED, impact="blocking")
    await is_recorded(database, case)
    known = len((await case.view())["journal"])
    await worker.kill()
    sent: list[tuple[str, Any, str]] = [
        ("note", {"text": "the customer called back"}, "taken"),
        ("shipment", {"status": "delivered", "signed_by": "accueil"}, "kept"),
        ("vendor_validation", {"decision": "approved", "decided_at": OPENED.isoformat()}, "kept"),
        ("remote_diagnosis", {"level": 1, "outcome": "escalate", "technician": "Léa", "findings": ""}, "refused"),
        ("shipmemt", {"status": "dispatched"}, "refused"),
        ("customer_confirmation", {"restored": True}, "kept"),
        ("remote_diagnosis", HARDWARE_FAILURE, "taken"),
        ("note", {"txet": "misspelt"}, "refused"),
        ("note", {"text": "that was all"}, "taken"),
    ]
    for kind, payload, _ in sent:
        await case.signal(kind, payload)
    await installation.start_worker()
    view = await case.reaches(Stage.SITE_SCHEDULING, waiting_for="customer")
    heard = [(line["kind"], line["disposition"]) for line in view["journal"][known:] if line["disposition"] != "noted"]
    assert heard == [(kind, disposition) for kind, _, disposition in sent]
    await lead(case, Stage.ON_SITE)
    await WORDS[Stage.ON_SITE](case)  # the confirmation is there already
    closed = await case.handle.result()
    assert closed["outcome_reason"] == "confirmed by the customer"
    await assert_all_is_recorded(database, closed)


async def test_reports_that_no_worker_has_seen_are_there_when_one_is_back(installation: Installation) -> None:
    """Whoever reports hears that it is recorded; the later of two on the same equipment joins the earlier."""
    desk = Desk(installation.temporal.client, task_queue=installation.task_queue)
    symptoms = ["black screen", "no sound"]
    reporting = (desk.report_incident(report(SERIAL_NUMBER, symptom=symptom)) for symptom in symptoms)
    answers = await asyncio.gather(*reporting)
    assert [answer.status for answer in answers] == 2 * [ReportStatus.PENDING]
    case = installation.joined(answers[0].workflow_id)
    await installation.start_worker()
    view = await case.reaches(Stage.REMOTE_DIAGNOSIS)
    reports = [line["text"] for line in view["journal"] if line["kind"] == "report"]
    assert sorted(reports) == [f"degraded: {symptom}" for symptom in symptoms]
    assert reports[0] == f"degraded: {view['symptom']}"
