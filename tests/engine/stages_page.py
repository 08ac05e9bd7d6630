"""What docs/stages.md says: every word at every stage, and what it leads to, as the real workflow answers."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from tests.domain.messages_page import EXAMPLES
from tests.engine.case_on_engine import CaseOnEngine
from tests.workflows.case_story import report

PAGE = Path(__file__).parents[2] / "docs" / "stages.md"

INTRODUCTION = """\
# Every stage, every word

At each stage of a case, each word that somebody may say, and what it leads to. The page is what the workflow
answered: a test says every word at every stage and compares (`tests/engine/test_stages_page.py`; with `WRITE_PAGES=1`
it writes the page). The equipment is a bridge in Paris, so that log files may be asked for. Which kinds are taken when,
in general, is in [messages](messages.md).

*Ball* is who is waited for after the word. A round that grew, a loan that moved, what was undone and who was written to
stand in the last column; for what is refused, the reason.
"""

Payload = dict[str, Any]
View = dict[str, Any]
Word = Callable[[View, datetime], Payload]


@dataclass(frozen=True)
class Said:
    """One word: its kind, what distinguishes it, and its payload at a moment."""

    kind: str
    which: str
    payload: Word


async def _diagnose(case: CaseOnEngine, level: int, outcome: str, **fields: Any) -> None:
    await case.say("remote_diagnosis", level=level, outcome=outcome, technician="Noor", findings="dead", **fields)


async def level_1(case: CaseOnEngine) -> None:
    """Level 1 has the case."""


async def level_2(case: CaseOnEngine) -> None:
    """Level 2 has it."""
    await _diagnose(case, 1, "escalate")


async def logs_awaited(case: CaseOnEngine) -> None:
    """The customer gathers log files."""
    await level_2(case)
    await _diagnose(case, 2, "logs_needed")


async def software_awaited(case: CaseOnEngine) -> None:
    """The software is at fault, and waits for an activation key of the vendor."""
    await level_2(case)
    await _diagnose(case, 2, "software_fault")


async def software_delivered(case: CaseOnEngine) -> None:
    """It is there, and is to be tested."""
    await software_awaited(case)
    await case.engine.run_until_idle()
    await case.say("software_news", **_news(await case.view(), "delivered"))


async def vendor(case: CaseOnEngine) -> None:
    """The vendor was asked."""
    await level_2(case)
    await _diagnose(case, 2, "hardware_failure", defective_articles=["CS-PWR-CDC"])


async def ordered(case: CaseOnEngine) -> None:
    """The replacement is ordered."""
    await vendor(case)
    decided_at = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="approved", rma_number="RMA-1", decided_at=decided_at)


async def dispatched(case: CaseOnEngine) -> None:
    """It is on its way."""
    await ordered(case)
    await case.say("shipment", status="dispatched")


async def loan_reserved(case: CaseOnEngine) -> None:
    """It is lost, and a loan unit is reserved."""
    await dispatched(case)
    await case.say("shipment", status="lost")


async def loan_delivered(case: CaseOnEngine) -> None:
    """The loan unit is delivered, its visit being planned."""
    await loan_reserved(case)
    await case.say("shipment", status="delivered", subject="loan")


async def loan_in_service(case: CaseOnEngine) -> None:
    """The loan unit stands in for the equipment."""
    await loan_delivered(case)
    await _choose(case)
    await case.say("intervention_report", **_report("completed"))


async def scheduling(case: CaseOnEngine) -> None:
    """The replacement is delivered, slots are offered."""
    await dispatched(case)
    await case.say("shipment", status="delivered")


async def on_site(case: CaseOnEngine) -> None:
    """A slot is agreed."""
    await scheduling(case)
    await _choose(case)


async def restored(case: CaseOnEngine) -> None:
    """Every test passed."""
    await on_site(case)
    await case.say("intervention_report", **_report("completed"))


async def closed(case: CaseOnEngine) -> None:
    """The customer has confirmed."""
    await restored(case)
    await case.say("customer_confirmation", restored=True)


STAGES: dict[str, Callable[[CaseOnEngine], Awaitable[None]]] = {
    "remote_diagnosis, level 1": level_1,
    "remote_diagnosis, level 2": level_2,
    "remote_diagnosis, log files awaited": logs_awaited,
    "remote_diagnosis, software awaited": software_awaited,
    "remote_diagnosis, software delivered": software_delivered,
    "vendor_validation": vendor,
    "shipment, ordered": ordered,
    "shipment, dispatched": dispatched,
    "shipment, loan reserved": loan_reserved,
    "shipment, loan delivered": loan_delivered,
    "shipment, loan in service": loan_in_service,
    "site_scheduling": scheduling,
    "on_site": on_site,
    "restored": restored,
    "closed": closed,
}


async def _choose(case: CaseOnEngine) -> None:
    view = await case.view()
    offered = next(slot["slot_id"] for slot in view["slots"] if slot["state"] == "offered")
    await case.say("site_scheduling", action="choose", slot_id=offered)


def _report(outcome: str, passed: bool = True) -> Payload:
    return {"technician": "Imane", "outcome": outcome, "tests": [{"name": "video call", "passed": passed}]}


def _news(view: View, state: str) -> Payload:
    """What the software request says; made up when the case has not asked for any."""
    request = view["software"]["request"] if view["software"] else "SW-0000-0000"
    return {"serial_number": view["serial_number"], "state": state, "request": request}


def _always(**payload: Any) -> Word:
    return lambda view, now: payload


def _diagnosis(level: int, outcome: str, **fields: Any) -> Said:
    own = ", ".join(f"{name} {value}" for name, value in fields.items() if name != "defective_articles")
    which = f"level {level}: {outcome}" + (f", {own}" if own else "")
    found = {"level": level, "outcome": outcome, "technician": "Noor", "findings": "found"}
    return Said("remote_diagnosis", which, _always(**found, **fields))


def _decision(decision: str) -> Said:
    return Said("vendor_validation", decision, lambda view, now: {"decision": decision, "decided_at": now.isoformat()})


def _on_the_visit(action: str) -> Said:
    return Said("site_scheduling", action, lambda view, now: {"action": action, "reason": "not then"})


def _choice(view: View, now: datetime) -> Payload:
    offered = [slot["slot_id"] for slot in view["slots"] if slot["state"] == "offered"]
    return {"action": "choose", "slot_id": offered[0] if offered else "NEVER-OFFERED"}


def _proposal(view: View, now: datetime) -> Payload:
    start = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=7)
    return {"action": "propose", "start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}


ARTICLES = {"defective_articles": ["CS-PWR-CDC"]}
FAILING = ("partial", "delayed", "lost", "damaged", "misdelivered", "wrong_item", "out_of_stock", "refused_at_site")

WORDS: tuple[Said, ...] = (
    Said("report", "again", lambda view, now: report(view["serial_number"])),
    Said("report", "blocking", lambda view, now: report(view["serial_number"], impact="blocking")),
    _diagnosis(1, "resolved"),
    _diagnosis(1, "escalate"),
    _diagnosis(2, "resolved"),
    _diagnosis(2, "logs_needed"),
    _diagnosis(2, "hardware_failure", **ARTICLES),
    _diagnosis(2, "hardware_failure", **ARTICLES, parts_from="own_stock"),
    _diagnosis(2, "hardware_failure", **ARTICLES, also_software=True),
    Said(
        "remote_diagnosis",
        "level 2: hardware_failure, a consumable only",
        _always(
            level=2,
            outcome="hardware_failure",
            technician="Noor",
            findings="found",
            defective_articles=["FUS-5X20-T2A"],
        ),
    ),
    Said(
        "remote_diagnosis",
        "level 2: hardware_failure, unknown article",
        _always(
            level=2, outcome="hardware_failure", technician="Noor", findings="found", defective_articles=["NO-SUCH"]
        ),
    ),
    _diagnosis(2, "onsite_without_parts"),
    _diagnosis(2, "software_fault"),
    Said("logs_provided", "complete", _always(**EXAMPLES["logs_provided"])),
    Said("logs_provided", "a part", _always(**{**EXAMPLES["logs_provided"], "complete": False})),
    *(_decision(decision) for decision in ("approved", "refused", "more_information", "revoked")),
    *(Said("shipment", status, _always(status=status)) for status in ("dispatched", "delivered", *FAILING)),
    *(
        Said("shipment", f"loan {status}", _always(status=status, subject="loan"))
        for status in ("dispatched", "delivered", "delayed", "lost", "damaged")
    ),
    Said("site_scheduling", "choose", _choice),
    Said("site_scheduling", "propose", _proposal),
    *(_on_the_visit(action) for action in ("decline", "cancel", "room_unavailable", "technician_unavailable")),
    Said("intervention_report", "completed", _always(**_report("completed"))),
    Said("intervention_report", "completed, a test failed", _always(**_report("completed", passed=False))),
    *(
        Said("intervention_report", outcome, _always(**_report(outcome)))
        for outcome in ("unfinished", "dead_on_arrival", "no_fault_found", "no_access")
    ),
    Said("customer_confirmation", "restored", _always(restored=True)),
    Said("customer_confirmation", "contested", _always(restored=False)),
    Said("cancellation", "", _always(reason="not needed")),
    Said("correction", "serial number", lambda view, now: {"serial_number": "OTHER", "reason": "misread"}),
    Said("correction", "site", _always(site="BRU-LIL", reason="moved")),
    Said("note", "", _always(text="called back")),
    Said("assignment", "", _always(owner="R. Martin")),
    Said("contact_attempt", "not reached", _always(party="customer", channel="phone", reached=False)),
    Said("software_news", "delivered", lambda view, now: _news(view, "delivered")),
    Said("software_news", "refused", lambda view, now: _news(view, "refused")),
    Said("loan_veto", "", _always(reason="the parcel is found")),
    Said("loan_assigned", "", _always(unit="FTT2915K0LN")),
)


async def row(case: CaseOnEngine, said: Said, other_serial_number: str) -> str:
    """Say the word; the row that tells what it led to."""
    before = await case.view()
    payload = {**said.payload(before, await case.now())}
    if payload.get("serial_number") == "OTHER":
        payload["serial_number"] = other_serial_number
    try:
        answer = (await case.say(said.kind, **payload))["disposition"]
    except WorkflowUpdateFailedError as failure:
        return _cells(said, "refused", "stays", before["waiting_for"], _short(_reason(failure)))
    except RPCError as error:
        return _cells(said, "refused", "stays", "nobody", error.message)
    await case.engine.run_until_idle()
    after = await case.view()
    return _cells(said, answer, _where(before, after), after["waiting_for"], "; ".join(_besides(before, after)))


def is_refused(row_: str) -> bool:
    """Whether that row tells of a word that changed nothing."""
    return row_.split(" | ")[1] == "refused"


def _reason(failure: WorkflowUpdateFailedError) -> str:
    return failure.cause.message if isinstance(failure.cause, ApplicationError) else str(failure)


def _cells(said: Said, *cells: str) -> str:
    which = f" {said.which}" if said.which else ""
    return "| " + " | ".join((f"`{said.kind}`{which}", *cells)) + " |"


def _where(before: View, after: View) -> str:
    if after["stage"] == "closed":
        return f"closed ({after['outcome']})"
    if after["stage"] == before["stage"] and after["level"] == before["level"]:
        return "stays"
    level = f" (level {after['level']})" if after["stage"] == "remote_diagnosis" else ""
    return f"{after['stage']}{level}"


def _besides(before: View, after: View) -> Iterable[str]:
    if after["round"] != before["round"]:
        yield f"round {after['round']}"
    software = [view["software"]["state"] if view["software"] else None for view in (before, after)]
    if software[0] != software[1]:
        yield f"software {software[1]}"
    loans = [view["loan"]["stage"] if view["loan"] else None for view in (before, after)]
    if loans[0] != loans[1]:
        yield f"loan {loans[1]}"
    seen = before["journal"][-1]["sequence"]
    lines = [line for line in after["journal"] if line["sequence"] > seen]
    undone = sum(line["kind"] == "compensation" for line in lines)
    if undone:
        yield f"{undone} undone"
    told = sorted({line["text"].partition(" told")[0] for line in lines if line["kind"] == "notice"})
    if told:
        yield f"written to: {', '.join(told)}"
    for line in lines:
        if line["kind"] in ("correction", "software", "recurrence", "stock"):
            yield _short(line["text"])


def _short(text: str) -> str:
    """Without what differs from case to case."""
    text = re.sub(r"(CM|SW)-[0-9A-Z]{4}-[0-9A-Z]{4}", r"\1-…", text)
    text = re.sub(r"[0-9A-Z]{8}-\d+\.[\w.-]+", "…", text)
    text = re.sub(r"WZP27155V3Y-[0-9A-Z]+", "…", text)
    return text.replace("|", "/")


def page(rows: dict[str, list[str]]) -> str:
    """The whole page, a table for each stage."""
    head = "| said | answer | then at | ball | besides |\n|---|---|---|---|---|"
    tables = [f"## {stage}\n\n{head}\n" + "\n".join(rows[stage]) for stage in STAGES]
    return INTRODUCTION + "\n" + "\n\n".join(tables) + "\n"
