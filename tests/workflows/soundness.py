"""Whether a case is sound, whatever it was told: no task failed, the journal has no gap, nothing is owed or held."""

from typing import Any

import asyncpg
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from config.data_converter import data_converter
from config.settings import Settings
from database.codecs import storable_text
from tests.engine.story_on_engine import HandleOnEngine
from tests.story import Story
from tests.workflows.case_story import CaseStory

NO_FAULT_OF_OURS = {
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,  # a message came in as the case was ending
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,  # over a hundred came in during one task
}
"""The server sets a task aside and hands it out anew, with the messages that have come in meanwhile."""

HELD = {
    "visit_slots": ["offered", "chosen"],
    "stock_reservations": ["reserved"],
    "loans": ["waiting", "reserved", "dispatched", "in_service"],
}
"""States in which something is kept for a case."""


async def events(case: Story) -> list[HistoryEvent]:
    """The history of a case so far."""
    return list((await case.handle.fetch_history()).events)


async def failed_tasks(case: Story) -> list[str]:
    """Why workflow tasks of this case failed; the server notes the first failure in a row, an engine stops at it."""
    if isinstance(case.handle, HandleOnEngine):
        return []
    failures = [
        event.workflow_task_failed_event_attributes
        for event in await events(case)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    return [
        f"{WorkflowTaskFailedCause.Name(failure.cause)}: {await _said(failure.failure)}"
        for failure in failures
        if failure.cause not in NO_FAULT_OF_OURS
    ]


async def _said(failure: Failure) -> str:
    """The message of a failure, which is encrypted."""
    return str(await data_converter(Settings()).decode_failure(failure))


async def last_line(case: CaseStory) -> int:
    """How many lines the journal has."""
    sequence: int = (await case.view())["journal"][-1]["sequence"]
    return sequence


async def lines_after(case: CaseStory, sequence: int, count: int) -> list[dict[str, Any]]:
    """The `count` journal lines after that one, once they are there; no more may be."""
    view = await case.until(
        lambda view: view["journal"][-1]["sequence"] >= sequence + count, f"{count} lines are journaled"
    )
    lines: list[dict[str, Any]] = [line for line in view["journal"] if line["sequence"] > sequence]
    assert len(lines) == count
    return lines


async def ends_soundly(case: CaseStory, pool: asyncpg.Pool) -> dict[str, Any]:
    """Bring a case that is still being diagnosed to its end; the closed case, of which all is well."""
    if (await case.view())["level"] == 1:
        await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "resolved")
    closed: dict[str, Any] = await case.handle.result()
    assert closed["outcome"] == "resolved_remotely"
    await is_sound(case, closed, pool)
    return closed


async def is_sound(case: CaseStory, closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """Check a case that has ended, and what PostgreSQL holds of it."""
    await no_task_failed(case)
    await left_in_order(closed, pool)


async def no_task_failed(case: CaseStory) -> None:
    """No workflow task of this case failed."""
    failures = await failed_tasks(case)
    assert not failures, failures


async def left_in_order(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """Check what PostgreSQL holds of a case that has ended."""
    await journal_is_complete(closed, pool)
    await promises_are_settled(closed, pool)
    await nothing_is_held(closed, pool)


async def journal_is_complete(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """Every line is in PostgreSQL, numbered without a gap, and the newest hundred are those of the view."""
    rows = await pool.fetch(
        "select sequence, kind, disposition, text from journal where case_reference = $1 order by sequence",
        closed["reference"],
    )
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    told = [
        (line["sequence"], storable_text(line["kind"]), line["disposition"], storable_text(line["text"]))
        for line in closed["journal"]
    ]
    assert [tuple(row) for row in rows[-len(told) :]] == told


async def promises_are_settled(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """Nothing is owed any more, and the read model says the same as the case."""
    told = {promise["id"]: (promise["state"], promise["ended_at"] is not None) for promise in closed["promises"]}
    assert {state for state, _ in told.values()} <= {"met", "breached", "cancelled"}
    assert all(ended for _, ended in told.values())
    rows = await pool.fetch(
        "select promise_id, state, ended_at from promises where case_reference = $1", closed["reference"]
    )
    assert {row["promise_id"]: (row["state"], row["ended_at"] is not None) for row in rows} == told


async def nothing_is_held(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """Nothing is kept for a closed case that others could have: no slot, no part, no loan unit, no place in line."""
    reference = closed["reference"]
    for table, states in HELD.items():
        held = await pool.fetch(
            f"select * from {table} where case_reference = $1 and state = any($2::text[])", reference, states
        )
        assert not held, held
