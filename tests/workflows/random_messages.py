"""Messages that a story may hear at a moment: what fits, what comes too early or too late, and what is nonsense."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.domain.messages_page import EXAMPLES
from tests.workflows.random_words import (
    Said,
    Surroundings,
    View,
    decision,
    diagnosis,
    found,
    intervention,
    logs,
    of_the_case,
    of_the_loan,
    parcel,
    visit,
    worked,
)
from tests.workflows.strange_payloads import STRANGE


def fitting(view: View, now: datetime, random: Random, around: Surroundings) -> Said:
    """What somebody may well say as things stand: of the case, of its loan, or beside the procedure."""
    chance = random.random()
    if chance < 0.05:
        return of_the_case(view, now, random, around)
    said = of_the_loan(view, now, random) if view["loan"] and chance < 0.6 else None
    return said or of_the_stage(view, now, random, around)


def of_the_stage(view: View, now: datetime, random: Random, around: Surroundings) -> Said:
    """What leads the case on, in one direction or another."""
    match view["stage"]:
        case "remote_diagnosis" if view["level"] == 1:
            return diagnosis(1, random.choice(["escalate"] * 11 + ["resolved"]))
        case "remote_diagnosis":
            is_asked = view["waiting_for"] == "customer"
            return logs(random) if random.random() < (0.6 if is_asked else 0.1) else found(random, around)
        case "vendor_validation":
            return decision(now, random)
        case "shipment":
            return parcel(now, random)
        case "site_scheduling":
            return visit(view, now, random, "replacement")
        case "on_site" if random.random() < 0.2:
            return visit(view, now, random, "replacement")
        case "on_site":
            return intervention(view, random, "replacement")
        case "restored":
            return "customer_confirmation", {"restored": random.random() < 0.5}
        case _:
            return "note", {"text": "anybody there?"}


def untimely(now: datetime, random: Random) -> Said:
    """A message of any kind, as it could come at any other moment, with an instant that may not fit."""
    kind = random.choice(sorted(EXAMPLES))
    payload = {**EXAMPLES[kind]}
    field = {"vendor_validation": "decided_at", "report": "reported_at"}.get(kind, "at")
    distances = [timedelta(0), timedelta(minutes=-20), timedelta(hours=-3), timedelta(days=-6), timedelta(hours=1)]
    if random.random() < 0.7 or field in payload:
        payload[field] = (now + random.choice(distances)).isoformat()
    if random.random() < 0.1 or (kind == "cancellation" and random.random() < 0.6):
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
            offered = [slot for slot in view["slots"] if slot["state"] == "offered" and slot["subject"] != "loan"]
            if offered:  # the last of them: the hour of an earlier one may have passed
                return "site_scheduling", {"action": "choose", "slot_id": offered[-1]["slot_id"]}
            none_is_free = any(line["text"] == "no slot is free" for line in view["journal"][-12:])
            is_hopeless = view["waiting_for"] == "customer" or none_is_free
            return ("cancellation", {"reason": "no visit can be agreed"}) if is_hopeless else None
        case "on_site":
            return "intervention_report", {**worked(), "subject": "replacement"}
        case "restored":
            return "customer_confirmation", {"restored": True}
        case _:
            return None
