"""What PostgreSQL and a case's own view say of it in the end."""

from collections import Counter
from typing import Any

import asyncpg

from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory

Line = tuple[str, str]


async def journal(database: asyncpg.Connection, reference: str) -> list[Line]:
    """Kind and disposition of every recorded line, which is without gap or repeat."""
    rows = await database.fetch("select * from journal where case_reference = $1 order by sequence", reference)
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    lines = Counter((row["kind"], row["text"], row["at"]) for row in rows)
    assert max(lines.values()) == 1, f"written twice: {lines.most_common(1)}"
    return [(row["kind"], row["disposition"]) for row in rows]


async def is_recorded(database: asyncpg.Connection, case: CaseStory) -> None:
    """Wait until every line of the case's journal is in the read model: it has come to rest."""
    view = await case.view()
    lines = "select count(*) from journal where case_reference = $1"

    async def has_every_line() -> bool:
        return bool(await database.fetchval(lines, view["reference"]) == len(view["journal"]))

    await until(has_every_line, "every line is in the read model")


async def assert_all_is_recorded(database: asyncpg.Connection, view: dict[str, Any]) -> None:
    """The read model is what the case says of itself: stage, journal, promises."""
    reference = view["reference"]
    row = await database.fetchrow("select stage, outcome, version from cases where reference = $1", reference)
    assert (row["stage"], row["outcome"]) == (view["stage"], view["outcome"])
    texts = await database.fetch("select text from journal where case_reference = $1 order by sequence", reference)
    assert [line["text"] for line in texts] == [line["text"] for line in view["journal"]]
    await journal(database, reference)
    promises = await database.fetch("select promise_id, state from promises where case_reference = $1", reference)
    assert {row["promise_id"]: row["state"] for row in promises} == {p["id"]: p["state"] for p in view["promises"]}


async def assert_every_effect_once(database: asyncpg.Connection, reference: str, offers: int = 1) -> None:
    """One request, one order, as many offers as there were, and one visit that took place."""
    for table in ("vendor_requests", "orders"):
        assert await database.fetchval(f"select count(*) from {table} where case_reference = $1", reference) == 1, table
    steps = await database.fetch("select distinct step from visit_slots where case_reference = $1", reference)
    assert len([row for row in steps if row["step"].startswith("slots-")]) == offers
    states = await database.fetch("select state from visit_slots where case_reference = $1", reference)
    assert Counter(row["state"] for row in states)["done"] == 1
    assert {row["state"] for row in states} <= {"done", "declined", "expired"}
