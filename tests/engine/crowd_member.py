"""One case of a crowd: told by chance to fail its shipment, want a loan, choose, decline, open no door."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from pydantic import JsonValue
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from activities.messenger import WorkflowMessenger
from domain.effects import NoticeBatch, ReturnOrder, SoftwareOrder, SoftwareOrdered, SoftwareWithdrawal
from domain.view import CaseView
from tests.engine.case_on_engine import CaseOnEngine

STEPS = 120
"""After so many steps the customer loses patience."""

HURRY = {"ended": 1.0, "in_service": 1.0, "waiting": 0.08}
"""How likely it is that the case goes on at a step while its loan is at that stage."""

Post = dict[str, list[tuple[str, dict[str, JsonValue]]]]
"""Signals on their way to the cases of other engines, by workflow id."""

Said = tuple[str, dict[str, Any]]


class CrowdMessenger:
    """Keeps what is meant for a case on another engine until that case can hear it, as a server does."""

    def __init__(self, own: WorkflowMessenger, post: Post) -> None:
        self._own = own
        self._post = post

    async def open_case(self, report: Mapping[str, JsonValue], besides: Mapping[str, JsonValue]) -> CaseView:
        """No case of a crowd is moved."""
        return await self._own.open_case(report, besides)

    async def request_software(self, order: SoftwareOrder, joins: str | None) -> SoftwareOrdered:
        """Ask for software on the member's own engine."""
        return await self._own.request_software(order, joins)

    async def withdraw_software(self, order: SoftwareWithdrawal) -> None:
        """Wait no more for it."""
        await self._own.withdraw_software(order)

    async def start_return(self, order: ReturnOrder) -> None:
        """On the same engine."""
        await self._own.start_return(order)

    async def start_letters(self, batch: NoticeBatch) -> None:
        """On the same engine."""
        await self._own.start_letters(batch)

    async def signal(self, workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        """On whatever engine."""
        if await self._own.signal(workflow_id, name, payload):
            return True
        self._post.setdefault(workflow_id, []).append((name, dict(payload)))
        return True


class CrowdMember:
    """Tells one case what its seed says, until it is closed and what was lent is back."""

    def __init__(self, case: CaseOnEngine, post: Post, random: Random) -> None:
        self._case = case
        self._post = post
        self._random = random
        self._failures = random.choice([0, 0, 1, 1, 2])

    async def tell(self) -> dict[str, Any]:
        """The closed case."""
        for step in range(STEPS + 20):
            await self._hear_of_others()
            await self._bring_back()
            view = await self._case.view()
            if view["stage"] == "closed":
                break
            words = ("cancellation", {"reason": "no patience left"}) if step >= STEPS else await self._next(view)
            if words is not None:
                await self._say(*words)
            await self._case.after(timedelta(minutes=self._random.choice([1, 20, 90])))
        await self._bring_back()
        closed: dict[str, Any] = await self._case.view()
        return closed

    async def _hear_of_others(self) -> None:
        for name, payload in self._post.pop(self._case.handle.id, []):
            with suppress(RPCError):  # it has ended meanwhile, and needs to know no more
                await self._case.signal(name, payload)

    async def _say(self, kind: str, payload: dict[str, Any]) -> None:
        try:
            await self._case.say(kind, **payload)
        except (WorkflowUpdateFailedError, RPCError):
            await self._case.after(timedelta(hours=2))  # it was too late: others were told first

    async def _next(self, view: dict[str, Any]) -> Said | None:
        """The replacement takes its time, so that loan units are needed, and for long."""
        loan = view["loan"]
        if loan is None or self._random.random() < HURRY.get(loan["stage"], 0.15):
            return await self._about_the_case(view)
        words = await self._about_the_loan(view, loan["stage"])
        if words is None:
            await self._case.after(timedelta(days=1))
        return words

    async def _about_the_case(self, view: dict[str, Any]) -> Said | None:
        match view["stage"]:
            case "remote_diagnosis" if view["level"] == 1:
                return "remote_diagnosis", _diagnosis(1, "escalate")
            case "remote_diagnosis":
                source = self._random.choice(["vendor", "own_stock"])
                parts = {"defective_articles": ["CS-PWR-CDC"], "parts_from": source}
                return "remote_diagnosis", {**_diagnosis(2, "hardware_failure"), **parts}
            case "vendor_validation":
                now = (await self._case.now()).isoformat()
                return "vendor_validation", {"decision": "approved", "rma_number": "RMA-1", "decided_at": now}
            case "shipment":
                return "shipment", {"status": self._news_of_the_parcel(), "subject": "replacement"}
            case "site_scheduling":
                return await self._about_the_slots(view, "replacement")
            case "on_site":
                return await self._about_the_visit(view, "replacement")
            case "restored":
                return "customer_confirmation", {"restored": True}
        return None

    def _news_of_the_parcel(self) -> str:
        if self._failures == 0:
            return "delivered"
        self._failures -= 1
        return self._random.choice(["lost", "damaged", "out_of_stock", "refused_at_site"])

    async def _about_the_loan(self, view: dict[str, Any], stage: str) -> Said | None:
        match stage:
            case "reserved" if self._random.random() < 0.7:
                return "loan_veto", {"reason": "they have another room"}
            case "reserved" | "dispatched":
                return "shipment", {"status": "delivered", "subject": "loan"}
            case "scheduling":
                return await self._about_the_slots(view, "loan")
            case "visit":
                return await self._about_the_visit(view, "loan")
        return None

    async def _about_the_slots(self, view: dict[str, Any], subject: str) -> Said | None:
        now = await self._case.now()
        slots = [slot for slot in view["slots"] if slot["subject"] == subject and slot["state"] == "offered"]
        offered = [slot["slot_id"] for slot in slots if datetime.fromisoformat(slot["start"]) > now]
        chance = self._random.random()
        if not offered or chance < 0.1:
            await self._case.after(timedelta(days=2))
            return None
        action = "choose" if chance < 0.8 else "decline"
        return "site_scheduling", {"action": action, "slot_id": self._random.choice(offered), "subject": subject}

    async def _about_the_visit(self, view: dict[str, Any], subject: str) -> Said | None:
        chosen = [slot for slot in view["slots"] if slot["subject"] == subject and slot["state"] == "chosen"]
        if not chosen:
            return None
        chance = self._random.random()
        if chance < 0.2:
            action = "technician_unavailable" if chance < 0.1 else "room_unavailable"
            return "site_scheduling", {"action": action, "slot_id": chosen[0]["slot_id"], "subject": subject}
        start = datetime.fromisoformat(chosen[0]["start"])
        await self._case.after(max(start - await self._case.now(), timedelta(0)) + timedelta(hours=1))
        report: dict[str, Any] = {"technician": "Imane", "outcome": "no_access", "subject": subject}
        if chance >= 0.35:
            report |= {"outcome": "completed", "tests": [{"name": "video call", "passed": True}]}
        return "intervention_report", report

    async def _bring_back(self) -> None:
        """What was lent, and what was faulty, comes back, so that others can have it."""
        engine = self._case.engine
        on_its_way = [each for each in engine.executions if each.id != self._case.handle.id and not each.is_closed]
        for execution in on_its_way:
            await execution.update("submit", {"kind": "return_news", "status": "received"})
        await engine.run_until_idle()


def _diagnosis(level: int, outcome: str) -> dict[str, Any]:
    return {"level": level, "outcome": outcome, "technician": "Noor", "findings": "the power supply"}
