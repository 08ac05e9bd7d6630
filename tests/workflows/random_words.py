"""What somebody may well say of a case as it stands, so that it goes on, in one direction or another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.domain.messages_page import EXAMPLES

Payload = dict[str, Any]
View = Mapping[str, Any]
Said = tuple[str, Payload]
"""A kind of message, and its payload."""

FAILURES = (
    *("partial", "delayed", "lost", "damaged", "misdelivered"),
    *("wrong_item", "out_of_stock", "refused_at_site"),
)


@dataclass(frozen=True)
class Surroundings:
    """What messages of a history may name: equipment, sites and articles, those that there are and others."""

    pieces: Sequence[str] = ("FDO2535EDY0",)
    sites: Sequence[str] = ("BRU-LIL", "ALS-STR", "NOWHERE")
    configured: Sequence[str] = ("CS-PWR-CDC", "CS-TOUCH10-K9")
    others: Sequence[str] = ("FUS-5X20-T2A", "NO-SUCH-ARTICLE")


def found(random: Random, around: Surroundings) -> Said:
    """Level 2 finds something: mostly articles that can be replaced."""
    outcomes = ["hardware_failure"] * 12 + ["onsite_without_parts"] * 3
    outcomes += ["logs_needed", "logs_needed", "software_fault", "resolved"]
    outcome = random.choice(outcomes)
    if outcome != "hardware_failure":
        return diagnosis(2, outcome)
    articles = random.choices(around.configured, k=random.choice([1, 1, 1, 2, 3])) if around.configured else []
    articles += random.choices(around.others, k=random.choice([0, 0, 0, 0, 1]))
    source = random.choice(["vendor", "own_stock"])
    return diagnosis(2, outcome, defective_articles=articles, parts_from=source, also_software=random.random() < 0.2)


def diagnosis(level: int, outcome: str, **fields: Any) -> Said:
    """A word of level 1 or level 2."""
    found_so_far = {"level": level, "outcome": outcome, "technician": "Noor", "findings": "the power supply"}
    return "remote_diagnosis", {**found_so_far, **fields}


def logs(random: Random) -> Said:
    """Log files, maybe not all of them."""
    return "logs_provided", {**EXAMPLES["logs_provided"], "complete": random.random() < 0.5}


def decision(now: datetime, random: Random) -> Said:
    """The vendor decides, mostly in favour; by telephone some time ago, now and then."""
    decided = random.choice(["approved"] * 6 + ["refused", "more_information", "revoked"])
    at = now - random.choice([timedelta(0), timedelta(0), timedelta(minutes=30)])
    return "vendor_validation", {"decision": decided, "decided_at": at.isoformat(), "rma_number": "RMA-1"}


def parcel(now: datetime, random: Random) -> Said:
    """The replacement is on its way, there, or something has happened to it."""
    status = random.choice(["dispatched", "dispatched", "delivered", *FAILURES[:: random.choice([1, 2, 3])]])
    expected_at = now + timedelta(hours=random.randrange(-10, 100))
    number = {"tracking_number": random.choice(["XY1", "XY2", "XY3"])} if random.random() < 0.4 else {}
    expected = {"expected_at": expected_at.isoformat()} if status == "delayed" else {}
    return "shipment", {"status": status, **number, **expected}


def visit(view: View, now: datetime, random: Random, subject: str) -> Said:
    """A choice among the slots that were ever offered for that visit, a proposal, or a refusal."""
    slots = [slot for slot in view["slots"] if slot["subject"] == subject]
    offered = [slot["slot_id"] for slot in slots if slot["state"] == "offered"]
    others = ["propose", "propose", "decline", "cancel", "technician_unavailable", "room_unavailable"]
    action = random.choice(["choose"] * 8 + others)
    named = {"subject": subject} if subject == "loan" or random.random() < 0.2 else {}
    if action == "choose":
        known = [slot["slot_id"] for slot in slots][-6:]
        slot_id = random.choice(offered if offered and random.random() < 0.9 else [*known, "NEVER-OFFERED"])
        return "site_scheduling", {"action": "choose", "slot_id": slot_id, **named}
    if action == "propose":
        start = (now + timedelta(days=random.randrange(1, 8))).replace(hour=random.randrange(6, 15), minute=0)
        span = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
        return "site_scheduling", {"action": "propose", **span, **named}
    return "site_scheduling", {"action": action, "reason": "the room is taken", **named}


def intervention(view: View, random: Random, subject: str) -> Said:
    """A report from the site: done, not wholly done, dead on arrival, or nobody opened."""
    others = ["unfinished", "no_fault_found", "no_access", "dead_on_arrival", "dead_on_arrival"]
    report = worked(random.choice(["completed"] * 8 + others), passed=random.random() < 0.8)
    if random.random() < 0.25:
        removed = random.choice([view["serial_number"], "PSU-1"])
        report["exchanges"] = [{"removed": removed, "installed": f"{view['serial_number'][:40]}-{random.randrange(3)}"}]
    return "intervention_report", {**report, **({"subject": "loan"} if subject == "loan" else {})}


def worked(outcome: str = "completed", *, passed: bool = True) -> Payload:
    """What the technician reports."""
    return {"technician": "Imane", "outcome": outcome, "tests": [{"name": "video call", "passed": passed}]}


def of_the_loan(view: View, now: datetime, random: Random) -> Said | None:
    """What may be said of the loan equipment as it stands; None when it only waits."""
    match view["loan"]["stage"]:
        case "considered" | "waiting" if random.random() < 0.3:
            return "loan_veto", {"reason": "the room is closed anyway"}
        case "reserved" | "dispatched":
            status = random.choice(["dispatched", "dispatched", *["delivered"] * 5, random.choice(FAILURES)])
            return "shipment", {"status": status, "subject": "loan"}
        case "scheduling":
            return visit(view, now, random, "loan")
        case "visit":
            return visit(view, now, random, "loan") if random.random() < 0.2 else intervention(view, random, "loan")
    return None


def of_the_case(view: View, now: datetime, random: Random, around: Surroundings) -> Said:
    """What is said beside the procedure, at whatever stage; most of it changes where the case stands."""
    match random.choice(["cancellation", "revoked", "revoked", "serial", "site", "site", "contact", "owner", "loan"]):
        case "cancellation":
            return "cancellation", {"reason": "the room is given up"}
        case "revoked":
            return "vendor_validation", {"decision": "revoked", "decided_at": now.isoformat(), "reason": "an error"}
        case "serial":
            both = {"site": random.choice(around.sites)} if random.random() < 0.3 else {}
            return "correction", {"serial_number": random.choice(around.pieces), "reason": "misread", **both}
        case "site":
            return "correction", {"site": random.choice(around.sites), "reason": "it was moved"}
        case "contact":
            return not_reached(random, reached=random.random() < 0.5)
        case "loan":
            return "loan_assigned", {"unit": "FOC2811NH3P"}
    return "assignment", {"owner": "Camille", "next_action": "call the customer"}


def not_reached(random: Random, *, reached: bool = False) -> Said:
    """Somebody calls the customer, mostly in vain."""
    party = random.choice(["customer", "customer", "the vendor"])
    return "contact_attempt", {"party": party, "channel": "phone", "reached": reached}


def of_a_return(random: Random) -> Said:
    """News of something that has to come back."""
    status = random.choice(["dispatched", "dispatched", "received", "received", "lost"])
    condition = (
        {"condition": random.choice(["good", "damaged"])} if status == "received" and random.random() < 0.5 else {}
    )
    return "return_news", {"status": status, **condition}
