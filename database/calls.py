"""The read model of calls: written by each call as it goes, read by lists (DESIGN §2.1)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from database.known_keys import KnownKeys
from database.upsert import overwrite
from domain.call_view import CallView
from domain.journal import JOURNAL_TAIL, JournalLine
from domain.references import normalise_reference

_LINES = TypeAdapter(tuple[JournalLine, ...])

_CALL = """reference, workflow_id, run_id, channel, serial_number, customer, site, stage, level, outcome, led_to,
    waiting_for, owner, next_action, promise_state, next_due_at, received_at, opened_at, closed_at"""

_RECORD = f"""
with view as (
    select * from jsonb_populate_record(null::calls, $1)
), written as (
    insert into calls ({_CALL}, version, view)
    select {_CALL}, $2, $1 from view
    on conflict (reference) do update set {overwrite(f"{_CALL}, version, view")}
    where calls.version < excluded.version
    returning reference
)
insert into call_journal (call_reference, sequence, at, entered_at, actor, kind, disposition, text)
select reference, sequence, at, entered_at, actor, line.kind, disposition, text
from view, jsonb_populate_recordset(null::call_journal, $3) line
on conflict do nothing
"""

_FIND = """
select view || jsonb_build_object('journal', coalesce((
    select jsonb_agg(to_jsonb(line) - 'call_reference' order by line.sequence)
    from (select * from call_journal where call_reference = reference order by sequence desc limit $3) line
), '[]'))
from calls
where reference = $1 or workflow_id = $2
order by opened_at desc, reference
limit 1
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallWrite(_Row):
    """A call as it stands at a version, and the journal lines that are new since the last write."""

    version: int
    view: CallView
    journal: tuple[JournalLine, ...] = ()


class CallFilter(_Row):
    """Which calls to list: those that match every field that is given."""

    stage: str | None = None
    channel: str | None = None
    customer: str | None = None
    serial_number: str | None = None
    open_only: bool = False


class CallRow(_Row):
    """One line of a list of calls."""

    reference: str
    workflow_id: str
    channel: str | None
    serial_number: str | None
    customer: str | None
    site: str | None
    stage: str
    level: int
    outcome: str | None
    led_to: str | None
    waiting_for: str
    owner: str
    next_action: str
    promise_state: str
    next_due_at: datetime | None
    received_at: datetime
    opened_at: datetime
    closed_at: datetime | None


_LIST = f"""
select {", ".join(CallRow.model_fields)}
from calls
where ($1::text is null or stage = $1)
  and ($2::text is null or channel = $2)
  and ($3::text is null or customer = $3)
  and ($4::text is null or serial_number = $4)
  and (not $5 or closed_at is null)
order by closed_at is not null, next_due_at nulls last, received_at, reference
limit $6
"""


class CallStore:
    """Calls and their journals in PostgreSQL. Of `keys`, none is written down that somebody quotes."""

    def __init__(self, pool: asyncpg.Pool, keys: KnownKeys | None = None) -> None:
        self._pool = pool
        self._keys = keys

    async def record(self, write: CallWrite) -> None:
        """Write a call in one statement, all of it or nothing. Repeating a write changes nothing.

        The call is left alone when a newer version is there already; journal lines are added whatever the version.
        """
        view = write.view.model_dump(mode="json", exclude={"journal"})
        lines = _LINES.dump_python(write.journal, mode="json")
        if self._keys:
            view, lines = await self._keys.masked_in([view, lines])
        await self._pool.execute(_RECORD, view, write.version, lines)

    async def find(self, name: str) -> dict[str, JsonValue] | None:
        """The view of the call of that reference or workflow id as it was last recorded, or None."""
        text = name.strip()
        view: dict[str, JsonValue] | None = await self._pool.fetchval(
            _FIND, normalise_reference(text), text, JOURNAL_TAIL
        )
        return view

    async def list(self, wanted: CallFilter, limit: int = 100) -> Sequence[CallRow]:
        """Up to `limit` calls, open ones first, by the due instant that comes next."""
        rows = await self._pool.fetch(
            _LIST, wanted.stage, wanted.channel, wanted.customer, wanted.serial_number, wanted.open_only, limit
        )
        return [CallRow.model_validate(dict(row)) for row in rows]
