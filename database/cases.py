"""The read model of cases: written by each case as it goes, read by lists and reports (DESIGN §2.1)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from database.known_keys import KnownKeys
from database.left_over import free_what_is_left
from database.lineage import exchanged_for
from database.upsert import overwrite
from domain.coverage import Coverage
from domain.effects import LoanGranted
from domain.entitlement import PastCase
from domain.journal import JOURNAL_TAIL, Disposition, JournalLine
from domain.references import normalise_reference
from domain.serial_numbers import SerialNumberError, normalise_serial_number
from domain.view import CaseView

_LINES = TypeAdapter(tuple[JournalLine, ...])

_CASE = """reference, workflow_id, run_id, serial_number, customer, site, stage, outcome, waiting_for, owner,
    next_action, promise_state, next_due_at, reported_at, opened_at, closed_at, round, recurrence_of"""
_FOUND_BY = ("serial_number", "customer", "site")
"""What the next report looks for: it stays, even when somebody has brought a serial number as a key."""
_PROMISE = "name, round, kind, started_at, due_at, state, ended_at, paused_seconds, warnings"

_RECORD = f"""
with view as (
    select * from jsonb_populate_record(null::cases, $1)
), written as (
    insert into cases ({_CASE}, version, view, coverage)
    select {_CASE}, $2, $1, $4 from view
    on conflict (reference) do update set
        {overwrite(f"{_CASE}, version, view")}, coverage = coalesce(excluded.coverage, cases.coverage)
    where cases.version < excluded.version
    returning reference
), lines as (
    insert into journal (case_reference, sequence, at, entered_at, actor, kind, disposition, text)
    select reference, sequence, at, entered_at, actor, line.kind, disposition, text
    from view, jsonb_populate_recordset(null::journal, $3) line
    on conflict do nothing
)
insert into promises (case_reference, promise_id, {_PROMISE})
select reference, item ->> 'id', {_PROMISE}
from written, jsonb_array_elements($1 -> 'promises') item, jsonb_populate_record(null::promises, item) promise
on conflict (case_reference, promise_id) do update set {overwrite(_PROMISE)}
"""

_FIND = """
select view || jsonb_build_object('journal', coalesce((
    select jsonb_agg(to_jsonb(line) - 'case_reference' order by line.sequence)
    from (select * from journal where case_reference = reference order by sequence desc limit $4) line
), '[]'))
from cases
where reference = $1 or workflow_id = $2 or serial_number = any($3::text[])
order by opened_at desc, reference
limit 1
"""

_JOURNAL = """
select sequence, at, entered_at, actor, kind, disposition, text
from journal
where case_reference = $1
order by sequence
"""

_LAST_CLOSED = """
select reference, customer, site, closed_at, coverage
from cases
where serial_number = any($1::text[]) and closed_at is not null and coverage is not null
  and outcome not in ('rejected', 'moved', 'cancelled')
order by closed_at desc, reference
limit 1
"""

_OPEN = """
select serial_number
from cases
where serial_number = any($1::text[]) and closed_at is null and stage <> 'registered'
order by opened_at, reference
limit 1
"""


_OPEN_REFERENCE = """
select reference from cases where serial_number = $1 and closed_at is null order by opened_at desc, reference limit 1
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseWrite(_Row):
    """A case as it stands at a version, and the journal lines that are new since the last write.

    The view's own journal is not stored: readers get the newest lines of the whole journal in its place. A coverage
    that was written once stays until another is given.
    """

    version: int
    view: CaseView
    journal: tuple[JournalLine, ...] = ()
    coverage: Coverage | None = None


class CaseFilter(_Row):
    """Which cases to list: those that match every field that is given."""

    stage: str | None = None
    waiting_for: str | None = None
    promise_state: str | None = None
    customer: str | None = None
    owner: str | None = None
    open_only: bool = False


class CaseRow(_Row):
    """One line of a list of cases."""

    reference: str
    workflow_id: str
    serial_number: str
    customer: str | None
    site: str | None
    stage: str
    outcome: str | None
    waiting_for: str
    owner: str
    next_action: str
    promise_state: str
    next_due_at: datetime | None
    reported_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    round: int


_LIST = f"""
select {", ".join(CaseRow.model_fields)}
from cases
where ($1::text is null or stage = $1)
  and ($2::text is null or waiting_for = $2)
  and ($3::text is null or promise_state = $3)
  and ($4::text is null or customer = $4)
  and ($5::text is null or owner = $5)
  and (not $6 or closed_at is null)
order by closed_at is not null, next_due_at nulls last, reported_at, reference
limit $7
"""


class CaseStore:
    """Cases, their promises and their journals in PostgreSQL. Of `keys`, none is written down that somebody quotes."""

    def __init__(self, pool: asyncpg.Pool, keys: KnownKeys | None = None) -> None:
        self._pool = pool
        self._keys = keys

    async def record(self, write: CaseWrite) -> tuple[LoanGranted, ...]:
        """Write a case, all of it or nothing. Repeating a write changes nothing.

        The case and its promises are left alone when a newer version is there already. Journal lines are
        added whatever the version, so that none is lost when two writes cross; one that is there stays.

        A closed case holds nothing any more; the answer is who is served by a loan unit that it still had.
        """
        view = write.view.model_dump(mode="json", exclude={"journal"})
        lines = _LINES.dump_python(write.journal, mode="json")
        if self._keys:
            masked, lines = await self._keys.masked_in([view, lines])
            view = {**masked, **{name: view[name] for name in _FOUND_BY}}
        coverage = write.coverage.model_dump(mode="json") if write.coverage else None
        if write.view.closed_at is None:
            await self._pool.execute(_RECORD, view, write.version, lines, coverage)
            return ()
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_RECORD, view, write.version, lines, coverage)
            return await free_what_is_left(connection, write.view.reference, write.view.closed_at)

    async def find(self, name: str) -> dict[str, JsonValue] | None:
        """The view of the newest case with that reference, workflow id or serial number, or None.

        As it was last recorded; `journal` holds the newest hundred lines. A serial number without a case of its own
        finds that of what it took the place of, or of what took its place (R7).
        """
        text = name.strip()
        try:
            serial_number = normalise_serial_number(text)
        except SerialNumberError:
            return await self._find(text, ())
        view = await self._find(text, (serial_number,))
        return view or await self._find(text, await exchanged_for(self._pool, serial_number))

    async def _find(self, name: str, serial_numbers: Sequence[str]) -> dict[str, JsonValue] | None:
        view: dict[str, JsonValue] | None = await self._pool.fetchval(
            _FIND, normalise_reference(name), name, serial_numbers, JOURNAL_TAIL
        )
        return view

    async def list(self, case_filter: CaseFilter, limit: int = 100) -> Sequence[CaseRow]:
        """Up to `limit` cases, open ones first, by the due instant that comes next."""
        rows = await self._pool.fetch(
            _LIST,
            case_filter.stage,
            case_filter.waiting_for,
            case_filter.promise_state,
            case_filter.customer,
            case_filter.owner,
            case_filter.open_only,
            limit,
        )
        return [CaseRow.model_validate(dict(row)) for row in rows]

    async def journal(self, reference: str) -> Sequence[JournalLine]:
        """The whole journal of a case in order; empty for a reference that is not recorded."""
        rows = await self._pool.fetch(_JOURNAL, normalise_reference(reference))
        return [JournalLine.model_validate({**row, "disposition": Disposition(row["disposition"])}) for row in rows]

    async def last_closed(self, serial_numbers: Sequence[str]) -> PastCase | None:
        """The case of this equipment that closed last, or None; the equipment may have had several serial numbers.

        A case that was rejected or moved was no case of this equipment, and one that was cancelled mended nothing:
        nothing recurs from these, nor from one whose coverage is not recorded.
        """
        row = await self._pool.fetchrow(_LAST_CLOSED, serial_numbers)
        return PastCase.model_validate(dict(row)) if row else None

    async def open_case(self, serial_numbers: Sequence[str]) -> str | None:
        """The serial number of the case that is open on one of these, and found to be entitled; None when none is."""
        serial_number: str | None = await self._pool.fetchval(_OPEN, serial_numbers)
        return serial_number

    async def open_reference(self, serial_number: str) -> str | None:
        """The reference of the case that is open for this equipment, as far as it is recorded; None when none is."""
        reference: str | None = await self._pool.fetchval(_OPEN_REFERENCE, serial_number)
        return reference
