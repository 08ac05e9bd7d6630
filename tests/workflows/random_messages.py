"""Messages that a story may hear at a moment: what fits, what comes too early or too late, and what is nonsense."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.domain.messages_page import EXAMPLES
from tests.workflows.strange_payloads import STRANGE

Payload = dict[str, Any]
View = Mapping[str, Any]
Said = tuple[str, Payload]
"""A kind of message, and its payload."""


def fitting(view: View, now: datetime, random: Random) -> Said:
    """What somebody may well say at this stage, so that the case goes on, in one direction or another."""
    match view["stage"]:
        case "remote_diagnosis" if view["level"] == 1:
            return diagnosis(1, random.choice(["escalate", "escalate", "escalate", "resolved"]))
        case "remote_diagnosis":
            outcomes = ["hardware_failure"] * 4 + ["onsite_without_parts", "onsite_without_parts", "logs_needed"]
            found = diagnosis(2, random.choice([*outcomes, "resolved"]))
            return found if random.random() < 0.8 else ("logs_provided", EXAMPLES["logs_provided"])
        case "vendor_validation":
            decision = random.choice(["approved"] * 4 + ["refused", "more_information"])
            return "vendor_validation", {"decision": decision, "decided_at": now.isoformat(), "rma_number": "RMA-1"}
        case "shipment":
            return "shipment", {"status": random.choice(["dispatched", "delivered", "delivered"])}
        case "site_scheduling":
            return "site_scheduling", about_the_visit(view, now, random)
        case "on_site" if random.random() < 0.25:
            return "site_scheduling", about_the_visit(view, now, random)
        case "on_site":
            return "intervention_report", intervention(random)
        case "restored":
            return "customer_confirmation", {"restored": random.random() < 0.7}
        case _:
            return "note", {"text": "anybody there?"}


def diagnosis(level: int, outcome: str) -> Said:
    """A word of level 1 or level 2."""
    articles = {"defective_articles": ["CS-PWR-CDC"]} if outcome == "hardware_failure" else {}
    found = {"level": level, "outcome": outcome, "technician": "Noor", "findings": "the power supply"}
    return "remote_diagnosis", {**found, **articles}


def about_the_visit(view: View, now: datetime, random: Random) -> Payload:
    """A choice among the slots that were ever offered, a proposal, or a refusal."""
    known = [slot["slot_id"] for slot in view["slots"]][-6:]
    offered = [slot["slot_id"] for slot in view["slots"] if slot["state"] == "offered"]
    action = random.choice(["choose", "choose", "choose", "propose", "decline", "cancel", "technician_unavailable"])
    if action == "choose":
        slot_id = random.choice(offered if offered and random.random() < 0.8 else [*known, "NEVER-OFFERED"])
        return {"action": "choose", "slot_id": slot_id}
    if action == "propose":
        start = now + timedelta(hours=random.randrange(1, 150))
        return {"action": "propose", "start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    return {"action": action, "reason": "the room is taken"}


def intervention(random: Random) -> Payload:
    """A report from the site: done, not wholly done, or nobody opened."""
    outcome = random.choice(["completed"] * 4 + ["unfinished", "no_fault_found", "no_access"])
    tests = [{"name": "video call", "passed": random.random() < 0.8}]
    return {"technician": "Imane", "outcome": outcome, "tests": tests}


def untimely(now: datetime, random: Random) -> Said:
    """A message of any kind, as it could come at any other moment, with an instant that may not fit."""
    kind = random.choice(sorted(EXAMPLES))
    payload = {**EXAMPLES[kind]}
    field = {"vendor_validation": "decided_at", "report": "reported_at"}.get(kind, "at")
    distances = [timedelta(0), timedelta(minutes=-20), timedelta(hours=-3), timedelta(days=-6), timedelta(hours=1)]
    if random.random() < 0.7 or field in payload:
        payload[field] = (now + random.choice(distances)).isoformat()
    if random.random() < 0.1:
        payload["case"] = "CM-0000-0000"
    if random.random() < 0.1:
        payload.pop(random.choice(sorted(payload)))
    return kind, payload


def nonsense(random: Random) -> tuple[str, list[Any]]:
    """A signal of any name with payloads of any form."""
    return random.choice([*sorted(EXAMPLES), "livraison", "__temporal"]), STRANGE[random.choice(sorted(STRANGE))]


def towards_the_end(view: View, now: datetime) -> Said | None:
    """The shortest way from where a case is to its end; None while others must act first."""
    match view["stage"]:
        case "remote_diagnosis":
            return diagnosis(view["level"], "resolved")
        case "vendor_validation":
            return "vendor_validation", {"decision": "refused", "decided_at": now.isoformat(), "reason": "no stock"}
        case "shipment":
            return "shipment", {"status": "delivered"}
        case "site_scheduling":
            offered = [slot["slot_id"] for slot in view["slots"] if slot["state"] == "offered"]
            if offered:  # the last of them: the hour of an earlier one may have passed
                return "site_scheduling", {"action": "choose", "slot_id": offered[-1]}
            lost_patience = {"reason": "nobody can be reached any more"}
            return ("cancellation", lost_patience) if view["waiting_for"] == "customer" else None
        case "on_site":
            tests = [{"name": "video call", "passed": True}]
            return "intervention_report", {"technician": "Imane", "outcome": "completed", "tests": tests}
        case "restored":
            return "customer_confirmation", {"restored": True}
        case _:
            return None
