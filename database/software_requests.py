"""The read model of software requests: written by each as it goes, read by lists (DESIGN §2.1)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from database.known_keys import KnownKeys
from database.upsert import overwrite
from domain.journal import JOURNAL_TAIL, JournalLine
from domain.references import normalise_reference
from domain.software_view import SoftwareView

_LINES = TypeAdapter(tuple[JournalLine, ...])

_REQUEST = (
    "workflow_id, run_id, requested_by, customers, stage, outcome, waiting_for, owner, next_action, promise_state, "
    "next_due_at, answered, delivered, received_at, opened_at, closed_at"
)

_RECORD = f"""
insert into software_requests as old (reference, {_REQUEST}, items, version, view)
select reference, {_REQUEST}, jsonb_array_length($1::jsonb -> 'items'), $2, $1::jsonb
from jsonb_populate_record(null::software_requests, $1::jsonb - 'items')
on conflict (reference) do update set {overwrite(f"{_REQUEST}, items, version, view")}
where old.version <= excluded.version
returning true
"""

_ITEM = "serial_number, type, customer, site, release, state, answered_at"

_ITEMS = f"""
insert into software_items as old (reference, item, {_ITEM})
select $1, item, {_ITEM} from jsonb_populate_recordset(null::software_items, $2)
on conflict (reference, item) do update set {overwrite(_ITEM)}
"""

_JOURNAL = """
insert into software_journal (reference, sequence, at, entered_at, actor, kind, disposition, text)
select $1, sequence, at, entered_at, actor, kind, disposition, text
from jsonb_populate_recordset(null::software_journal, $2)
on conflict do nothing
"""

_FIND = """
select view, (select coalesce(jsonb_agg(line order by line.sequence), '[]') from (
    select sequence, at, entered_at, actor, kind, disposition, text from software_journal
    where software_journal.reference = software_requests.reference order by sequence desc limit $3) as line) as journal
from software_requests
where reference = $1 or workflow_id = $2
order by opened_at desc limit 1
"""

_OPEN = """
select request.workflow_id
from software_items item join software_requests request using (reference)
where item.serial_number = $1 and item.answered_at is null and request.closed_at is null
order by request.received_at limit 1
"""

_LIST = f"""
select reference, items, {_REQUEST}
from software_requests request
where ($1::text is null or stage = $1)
  and ($2::text is null or $2 = any(customers))
  and ($3::text is null or promise_state = $3)
  and ($4::text is null or exists (select from software_items item
                                   where item.reference = request.reference and item.serial_number = $4))
  and (not $5 or closed_at is null)
order by closed_at is not null, next_due_at nulls last, received_at, reference
limit $6
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SoftwareWrite(_Row):
    """A request as it stands at a version, with the lines of its journal that are new."""

    version: int
    view: SoftwareView
    journal: tuple[JournalLine, ...]


class SoftwareFilter(_Row):
    """Which requests to list: those that match every field that is given."""

    stage: str | None = None
    customer: str | None = None
    promise_state: str | None = None
    serial_number: str | None = None
    open_only: bool = False


class SoftwareRow(_Row):
    """One line of a list of requests."""

    reference: str
    workflow_id: str
    run_id: str
    requested_by: str
    customers: tuple[str, ...]
    stage: str
    outcome: str | None
    waiting_for: str
    owner: str
    next_action: str
    promise_state: str
    next_due_at: datetime | None
    items: int
    answered: int
    delivered: int
    received_at: datetime
    opened_at: datetime
    closed_at: datetime | None


class SoftwareRequestStore:
    """Software requests in PostgreSQL. Of `keys`, none is written down that somebody quotes."""

    def __init__(self, pool: asyncpg.Pool, keys: KnownKeys | None = None) -> None:
        self._pool = pool
        self._keys = keys

    async def record(self, write: SoftwareWrite) -> None:
        """Write a request, its items and its journal lines; a newer version that is there is left alone."""
        reference, view = write.view.reference, write.view.model_dump(mode="json", exclude={"journal"})
        lines = _LINES.dump_python(write.journal, mode="json")
        if self._keys:
            view, lines = await self._keys.masked_in([view, lines])
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_RECORD, view, write.version):
                await connection.execute(_ITEMS, reference, view["items"])
            if lines:
                await connection.execute(_JOURNAL, reference, lines)

    async def find(self, name: str) -> dict[str, JsonValue] | None:
        """The view of the request of that reference or workflow id as it was last recorded, with its newest lines."""
        row = await self._pool.fetchrow(_FIND, normalise_reference(name) or name, name, JOURNAL_TAIL)
        return {**row["view"], "journal": row["journal"]} if row else None

    async def open_request(self, serial_number: str) -> str | None:
        """The workflow id of the oldest request that is open for that piece of equipment, if there is one."""
        workflow_id: str | None = await self._pool.fetchval(_OPEN, serial_number)
        return workflow_id

    async def list(self, wanted: SoftwareFilter, limit: int = 100) -> Sequence[SoftwareRow]:
        """Up to `limit` requests, open ones first, by what is due next."""
        rows = await self._pool.fetch(
            _LIST,
            wanted.stage,
            wanted.customer,
            wanted.promise_state,
            wanted.serial_number,
            wanted.open_only,
            limit,
        )
        return [SoftwareRow.model_validate(dict(row)) for row in rows]
