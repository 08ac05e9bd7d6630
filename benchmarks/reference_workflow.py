"""What the engine alone costs: a workflow that issues a case's commands, with empty activities and no database."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

with workflow.unsafe.imports_passed_through():
    from config.search_attributes import CASE_STAGE
    from workflows.policies import LOCAL, OWN

TASK_QUEUE = "reference"
WORKFLOW = "ReferenceWorkflow"
LONG = timedelta(days=1)


@dataclass
class Turn:
    """The commands that follow one message."""

    local_activities: int = 0
    activities: int = 0
    timers: int = 0
    upserts: int = 0


_COUNTED: Mapping[int, str] = {
    EventType.EVENT_TYPE_MARKER_RECORDED: "local_activities",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_TIMER_STARTED: "timers",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "upserts",
}


def turns_of(history: Sequence[HistoryEvent]) -> list[Turn]:
    """The commands of a case, message by message, as its history has them."""
    turns: list[Turn] = []
    for event in history:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            turns.append(Turn())
        elif (counted := _COUNTED.get(event.event_type)) is not None:
            setattr(turns[-1], counted, getattr(turns[-1], counted) + 1)
    return turns


@activity.defn
async def nothing(payload: dict[str, Any]) -> None:
    """Answer at once."""


@workflow.defn(name=WORKFLOW)
class ReferenceWorkflow:
    """Waits for as many messages as there are turns, and issues the commands of each."""

    @workflow.init
    def __init__(self, turns: list[Turn]) -> None:
        """Nothing has been heard yet."""
        self._heard: list[dict[str, Any]] = []
        self._timer: asyncio.Task[None] | None = None
        self._recording: list[asyncio.Task[None]] = []

    @workflow.update
    async def submit(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Take a message and hand it back."""
        self._heard.append(payload)
        return payload

    @workflow.query(name="case")
    def view(self) -> list[dict[str, Any]]:
        """What was heard."""
        return self._heard

    @workflow.run
    async def run(self, turns: list[Turn]) -> list[dict[str, Any]]:
        """Turn by turn to the end."""
        for number, turn in enumerate(turns, start=1):
            await self._hear(number)
            await self._issue(turn, self._heard[-1])
        await workflow.wait_condition(workflow.all_handlers_finished)
        await asyncio.gather(*self._recording)
        return self._heard

    async def _hear(self, number: int) -> None:
        await workflow.wait_condition(lambda: len(self._heard) >= number)

    async def _issue(self, turn: Turn, payload: dict[str, Any]) -> None:
        for _ in range(turn.local_activities):
            await workflow.execute_local_activity(nothing, payload, **LOCAL)
        for _ in range(turn.timers):
            self._set_timer()
        for number in range(turn.upserts):
            workflow.upsert_search_attributes([CASE_STAGE.value_set(f"turn {len(self._heard)}.{number}")])
        for _ in range(turn.activities):
            self._recording.append(asyncio.create_task(self._record(payload)))

    def _set_timer(self) -> None:
        """One timer is set at a time, as by the promise clock."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.create_task(workflow.sleep(LONG))

    async def _record(self, payload: dict[str, Any]) -> None:
        await workflow.execute_activity(nothing, payload, **OWN)
