"""What people do for loan equipment, as steps of a story; and what PostgreSQL has of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg

from tests.workflows.case_story import CaseStory, instant
from tests.workflows.return_story import ReturnStory

Step = Callable[[CaseStory], Awaitable[None]]
"""What brings the loan of a case to a stage."""

UNIT_IN_PARIS = "FOC2811NH3P"
"""The Room Kit Pro there: it can do what the codec of the stories can, and more."""

NONE_FREE = "Aucun matériel de prêt disponible"
"""The subject of what the supervisor is told."""


async def to_reserved(case: CaseStory) -> None:
    """The replacement is lost: a unit is reserved at once."""
    await case.is_ordered()
    await case.parcel("lost")
    await case.loan_is("reserved")


async def to_dispatched(case: CaseStory) -> None:
    await to_reserved(case)
    await case.parcel("dispatched", subject="loan", carrier="Chrono", tracking_number="XY1")
    await case.loan_is("dispatched")


async def to_scheduling(case: CaseStory) -> None:
    """Delivered: slots for its own visit are offered."""
    await to_dispatched(case)
    await delivered(case)


async def delivered(case: CaseStory) -> None:
    await case.parcel("delivered", subject="loan")
    await case.loan_is("scheduling")
    await case.until(lambda view: slots_of(view, "offered"), "slots for the loan are offered")


async def to_visit(case: CaseStory) -> None:
    await to_scheduling(case)
    await agreed(case)


async def agreed(case: CaseStory) -> None:
    """The customer takes the first of the offered slots."""
    offered = slots_of(await case.view(), "offered")[0]
    await case.say("site_scheduling", action="choose", slot_id=offered["slot_id"])
    await case.loan_is("visit")


async def to_in_service(case: CaseStory) -> None:
    await to_visit(case)
    await installed(case)
    await case.loan_is("in_service")


async def installed(case: CaseStory, passed: bool = True, **fields: Any) -> dict[str, Any]:
    """The technician reports on the loan, an hour after the visit began."""
    slot = slots_of(await case.view(), "chosen")[0]
    await case.at(max(instant(slot["start"]) + timedelta(hours=1), await case.now()))
    tests = [{"name": "video call", "passed": passed}]
    outcome = fields.pop("outcome", "completed")
    return await case.say("intervention_report", technician="Imane", outcome=outcome, tests=tests, **fields)


def slots_of(view: dict[str, Any], state: str, subject: str = "loan") -> list[dict[str, Any]]:
    """The slots of that visit in that state."""
    return [slot for slot in view["slots"] if slot["subject"] == subject and slot["state"] == state]


async def loans(pool: asyncpg.Pool) -> list[tuple[str, str | None]]:
    """How far each loan has come, and with which unit; in the order in which they were asked for."""
    rows = await pool.fetch("select state, unit from loans order by asked_at, round, step")
    return [(row["state"], row["unit"]) for row in rows]


async def unit_of(pool: asyncpg.Pool, case: CaseStory) -> tuple[str, str | None]:
    """How far the latest loan of that case has come, and with which unit."""
    row = await pool.fetchrow(
        "select state, unit from loans where workflow_id = $1 order by asked_at desc, step desc limit 1", case.handle.id
    )
    return (row["state"], row["unit"])


def way_back(case: CaseStory, closed: dict[str, Any], number: int = 1) -> ReturnStory:
    """The return of the loan unit of that case."""
    rounds = closed["round"]
    identifier = f"return-{closed['reference']}.{rounds}.return-loan-unit-{number}"
    return ReturnStory(case.environment, case.environment.client.get_workflow_handle(identifier), query="return")


async def comes_back(case: CaseStory, closed: dict[str, Any], number: int = 1) -> None:
    """The unit is received; nothing is said of its condition."""
    story = way_back(case, closed, number)
    await story.until(lambda view: view["due_at"], "the return is followed")
    await story.news("received")
    assert (await story.handle.result())["state"] == "received"
