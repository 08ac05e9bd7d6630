"""A curative case as a story: the words that people send, on a clock that the test moves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from tests.story import Story

WORKFLOW = "CurativeMaintenanceWorkflow"


def paris(text: str) -> datetime:
    """An instant of May 2027 in Paris: `"mon 3 08:20"` is Monday 3 May 2027, 08:20. The 6th is Ascension."""
    _, day, time = text.split()
    return datetime.fromisoformat(f"2027-05-{int(day):02d}T{time}+02:00")


def report(serial_number: str, **fields: Any) -> dict[str, Any]:
    """A report by telephone."""
    caller = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68"}
    return {"serial_number": serial_number, "reported_by": caller, "symptom": "black screen", **fields}


@dataclass(frozen=True)
class CaseStory(Story):
    """One curative case."""

    @classmethod
    async def open(
        cls, environment: WorkflowEnvironment, task_queue: str, serial_number: str, at: datetime, **fields: Any
    ) -> Self:
        """A report comes in at that instant; returns once the entitlement is known."""
        fields.setdefault("reported_at", at.isoformat())
        story = await cls.begin(
            environment,
            WORKFLOW,
            {"report": report(serial_number, **fields)},
            id=f"curative-{serial_number}",
            at=at,
            task_queue=task_queue,
        )
        await story.until(lambda view: view["stage"] != "registered" or view["check_pending"], "the case is registered")
        return story

    async def say(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a message as the update; the answer."""
        answer: dict[str, Any] = await self.submit({"kind": kind, **fields})
        return answer

    async def refused(self, kind: str, **fields: Any) -> str:
        """Send a message that must be refused; the reason."""
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await self.say(kind, **fields)
        assert isinstance(failure.value.cause, ApplicationError)
        return failure.value.cause.message

    async def diagnosed(self, level: int, outcome: str, **fields: Any) -> dict[str, Any]:
        """Level 1 or level 2 has a word to say."""
        said = {"technician": "Noor", "findings": "the power supply", **fields}
        return await self.say("remote_diagnosis", level=level, outcome=outcome, **said)

    async def parts_have_failed(self, *articles: str, **fields: Any) -> dict[str, Any]:
        """Level 2 names the defective articles, once a piece."""
        return await self.diagnosed(2, "hardware_failure", defective_articles=list(articles), **fields)

    async def hardware_has_failed(self) -> dict[str, Any]:
        """Through both levels, up to the vendor who has been asked."""
        if (await self.view())["level"] == 1:
            await self.diagnosed(1, "escalate")
        await self.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
        return await self.reaches("vendor_validation", waiting_for="vendor")

    async def approved(self, decided_at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        """The vendor approves, now or at that instant."""
        instant = decided_at or await self.now()
        return await self.say(
            "vendor_validation", decision="approved", rma_number="RMA-1", decided_at=instant.isoformat(), **fields
        )

    async def delivered(self) -> dict[str, Any]:
        """Approved and delivered; the slots that are offered then."""
        await self.approved()
        await self.reaches("shipment")
        await self.say("shipment", status="dispatched", carrier="Chrono")
        await self.say("shipment", status="delivered", signed_by="accueil")
        return await self.reaches("site_scheduling", waiting_for="customer")

    async def is_ordered(self) -> dict[str, Any]:
        """Hardware failed, and its replacement was approved: it is to be dispatched."""
        await self.hardware_has_failed()
        await self.approved()
        return await self.reaches("shipment")

    async def parcel(self, status: str, **fields: Any) -> dict[str, Any]:
        """The carrier, or whoever knows, says what became of the parcel."""
        return await self.say("shipment", status=status, **fields)

    async def loan_is(self, stage: str, **fields: Any) -> dict[str, Any]:
        """The view once the loan is at that stage, and its other fields are as given."""
        expected = {"stage": stage, **fields}
        view: dict[str, Any] = await self.until(
            lambda view: view["loan"] and all(view["loan"][name] == value for name, value in expected.items()),
            f"the loan shows {expected}",
        )
        return view

    async def needs_hands(self) -> dict[str, Any]:
        """Through both levels to a visit without parts; the slots that are offered then."""
        await self.diagnosed(1, "escalate")
        await self.diagnosed(2, "onsite_without_parts")
        return await self.reaches("site_scheduling", waiting_for="customer")

    async def proposed(self, start: datetime, end: datetime, **fields: Any) -> dict[str, Any]:
        """The customer has a slot of their own in mind."""
        span = {"start": start.isoformat(), "end": end.isoformat()}
        return await self.say("site_scheduling", action="propose", **span, **fields)

    async def visit_is_chosen(self) -> dict[str, Any]:
        """The first of the offered slots is chosen."""
        slots, now = (await self.view())["slots"], await self.now()
        offered = next(slot for slot in slots if slot["state"] == "offered" and instant(slot["start"]) > now)
        await self.say("site_scheduling", action="choose", slot_id=offered["slot_id"])
        return await self.reaches("on_site")

    async def worked_on_site(self, passed: bool = True, **fields: Any) -> dict[str, Any]:
        """The technician reports, an hour after the visit began."""
        slot = next(slot for slot in (await self.view())["slots"] if slot["state"] == "chosen")
        await self.at(datetime.fromisoformat(slot["start"]) + timedelta(hours=1))
        tests = [{"name": "video call", "passed": True}, {"name": "sharing", "passed": passed}]
        outcome = fields.pop("outcome", "completed")
        return await self.say("intervention_report", technician="Imane", outcome=outcome, tests=tests, **fields)

    async def service_is_restored(self) -> dict[str, Any]:
        """Everybody does the right thing, from the diagnosis to the last test."""
        await self.hardware_has_failed()
        await self.delivered()
        await self.visit_is_chosen()
        await self.worked_on_site()
        return await self.reaches("restored")

    async def reaches(self, stage: str, **fields: Any) -> dict[str, Any]:
        """The view once the case is at that stage, and its other fields are as given."""
        expected = {"stage": stage, **fields}
        view: dict[str, Any] = await self.until(
            lambda view: all(view[name] == value for name, value in expected.items()), f"the case shows {expected}"
        )
        return view

    async def promise(self, name: str) -> dict[str, Any]:
        """The latest promise of that name."""
        return next(p for p in reversed((await self.view())["promises"]) if p["name"] == name)

    async def journal(self) -> list[str]:
        """The journal's texts, in order."""
        return [line["text"] for line in (await self.view())["journal"]]


def instant(text: str) -> datetime:
    """An instant of a view."""
    return datetime.fromisoformat(text)
