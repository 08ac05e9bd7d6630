"""What PostgreSQL and a case's own view say of it in the end."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import asyncpg

from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory

Line = tuple[str, str]

_EFFECTS = """
select (select count(*) from vendor_requests where case_reference = $1),
       (select count(*) from orders where case_reference = $1),
       (select count(distinct step) from visit_slots where case_reference = $1 and step like 'slots-%')
"""
_RETURNS = "select return_id from returns where case_reference = $1"


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


@dataclass(frozen=True)
class Traces:
    """How many rows an exchange leaves of each kind of effect; `offers` of slots, `visits` that took place."""

    requests: int = 1
    orders: int = 1
    offers: int = 1
    visits: int = 1
    returns: int = 1


AS_EVER = Traces()
"""Of a round without trouble."""


async def assert_every_effect_once(database: asyncpg.Connection, reference: str, left: Traces = AS_EVER) -> None:
    """Nothing is missing, nothing is there twice, and no slot is held any more."""
    rows = await database.fetchrow(_EFFECTS, reference)
    assert tuple(rows) == (left.requests, left.orders, left.offers)
    states = Counter(await _column(database, "select state from visit_slots where case_reference = $1", reference))
    assert states["done"] == left.visits
    assert states.keys() <= {"done", "declined", "expired"}

    async def every_return_is_followed() -> bool:
        return len(await _column(database, _RETURNS, reference)) == left.returns

    await until(every_return_is_followed, f"{left.returns} returns are followed")


async def _column(database: asyncpg.Connection, query: str, reference: str) -> list[str]:
    return [value for (value,) in await database.fetch(query, reference)]
