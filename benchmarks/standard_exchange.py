"""The standard exchange that the benchmarks measure: from the call to the closed case, every promise kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import JsonValue
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from domain.business_time import BusinessCalendar, business_calendar
from domain.calendars import CalendarSpec
from domain.serial_numbers import curative_workflow_id
from domain.slots import Slot, SlotState
from domain.view import CaseView
from starter.case_opening import WORKFLOW
from starter.engine import SUBMIT

SERIAL_NUMBER = "FTT2608B2KR"
CALENDAR = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
SKIPS = 10_000
A_MOMENT = timedelta(seconds=1)


def report(serial_number: str = SERIAL_NUMBER) -> dict[str, JsonValue]:
    """The call with which a case begins."""
    caller: dict[str, JsonValue] = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68"}
    return {
        "serial_number": serial_number,
        "reported_by": caller,
        "symptom": "The codec of room 401 does not start any more",
        "message_id": "call-1",
    }


def messages(slot_id: JsonValue = None) -> tuple[tuple[str, dict[str, JsonValue]], ...]:
    """What is said between the report and the intervention: kinds and payloads, in order."""
    level_2: dict[str, JsonValue] = {"outcome": "hardware_failure", "defective_articles": ["CS-CODEC-PLUS"]}
    return (
        ("remote_diagnosis", {"level": 1, "technician": "Noor", "findings": "no light", "outcome": "escalate"}),
        ("remote_diagnosis", {"level": 2, "technician": "Imane", "findings": "the power stage is dead", **level_2}),
        ("vendor_validation", {"decision": "approved", "rma_number": "RMA-4471209"}),
        ("shipment", {"status": "dispatched", "carrier": "Chrono"}),
        ("shipment", {"status": "delivered", "signed_by": "accueil"}),
        ("site_scheduling", {"action": "choose", "slot_id": slot_id}),
    )


INTERVENTION: dict[str, JsonValue] = {
    "technician": "Yanis",
    "outcome": "completed",
    "tests": [{"name": "call to the test bridge", "passed": True}, {"name": "content sharing", "passed": True}],
}


def quiet_monday(calendar: BusinessCalendar, now: datetime) -> datetime:
    """08:05 on the first Monday, a week or more ahead, that begins two weeks without a public holiday."""
    return next(
        datetime.combine(day, time(8, 5), calendar.zone)
        for day in ((now + timedelta(days=ahead)).astimezone(calendar.zone).date() for ahead in range(7, 400))
        if day.weekday() == 0 and _is_quiet(calendar, datetime.combine(day, time(8, 5), calendar.zone))
    )


def _is_quiet(calendar: BusinessCalendar, monday: datetime) -> bool:
    ahead = [monday + timedelta(days=days) for days in range(14)]
    return all(calendar.is_open(day) for day in ahead if day.weekday() < 5)


class Exchange:
    """One standard exchange on a virtual clock. The server must be one with virtual clocks."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS))
        self._task_queue = task_queue
        self._handle: WorkflowHandle[Any, Any]

    async def play(self) -> WorkflowHandle[Any, Any]:
        """Play it to its end; the closed case's handle.

        Update-with-start takes no delay, so that a case that begins on a given day is started first and reported to
        then: at most one workflow task more than at the desk.
        """
        begin = quiet_monday(business_calendar(CALENDAR), datetime.now(UTC))
        content: dict[str, JsonValue] = {**report(), "reported_at": begin.isoformat()}
        self._handle = await self._skipper.client.start_workflow(
            WORKFLOW,
            {"report": content},
            id=curative_workflow_id(SERIAL_NUMBER),
            task_queue=self._task_queue,
            start_delay=begin - datetime.now(UTC),
            result_type=CaseView,
        )
        await self._reach(begin)
        await self._say("report", content)
        for instant, (kind, payload) in zip(_instants(begin), messages(), strict=True):
            await self._reach(instant)
            decided: dict[str, JsonValue] = {"decided_at": instant.isoformat()} if kind == "vendor_validation" else {}
            await self._say(kind, {**payload, **decided, **await self._chosen(kind)})
        await self._reach((await self._slots(SlotState.CHOSEN))[0].end)
        await self._say("intervention_report", INTERVENTION)
        await self._skipper.fast_forward(self._handle, None)
        await self._handle.result()
        return self._handle

    async def _chosen(self, kind: str) -> dict[str, JsonValue]:
        return {"slot_id": (await self._slots(SlotState.OFFERED))[0].slot_id} if kind == "site_scheduling" else {}

    async def _say(self, kind: str, payload: dict[str, JsonValue]) -> None:
        await self._handle.execute_update(SUBMIT, {**payload, "kind": kind})

    async def _slots(self, state: SlotState) -> list[Slot]:
        view: CaseView = await self._handle.query("case", result_type=CaseView)
        return [slot for slot in view.slots if slot.state is state]

    async def _reach(self, instant: datetime) -> None:
        """Let time pass; what the case was doing is finished first."""
        ahead = instant - await self._skipper.get_current_time(self._handle)
        await self._skipper.fast_forward(self._handle, max(ahead, A_MOMENT))


def _instants(begin: datetime) -> Iterator[datetime]:
    """When each of the messages is said: the same day up to the approval, the next day from the dispatch on."""
    for days, hours in ((0, 0.25), (0, 1), (0, 3), (0, 6), (1, 2), (1, 3)):
        yield begin + timedelta(days=days, hours=hours)
