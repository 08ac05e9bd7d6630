"""The read model of returns: written by each return as it goes, read by lists (DESIGN §2.1)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict, JsonValue

from database.upsert import overwrite
from domain.effects import EffectKey
from domain.return_view import ReturnView

_RETURN = "case_reference, kind, item, customer, site, destination, due_at, state, opened_at, closed_at"
_LOAN = "loan_case_reference, loan_round, loan_step"

_RECORD = f"""
insert into returns (return_id, {_RETURN}, {_LOAN}, version, view)
select return_id, {_RETURN}, $3, $4, $5, $2, $1 from jsonb_populate_record(null::returns, $1)
on conflict (return_id) do update set {overwrite(f"{_RETURN}, version, view")}
where returns.version <= excluded.version
"""

_FIND = "select view from returns where return_id = $1"

_LIST = """
select return_id, case_reference, kind, item, customer, site, destination, due_at, state, opened_at, closed_at
from returns
where ($1::text is null or state = $1)
  and ($2::text is null or case_reference = $2)
  and ($3::text is null or customer = $3)
  and (not $4 or closed_at is null)
order by closed_at is not null, due_at, return_id
limit $5
"""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReturnWrite(_Row):
    """A return as it stands at a version; `loan` names the loan whose unit it is."""

    version: int
    view: ReturnView
    loan: EffectKey | None


class ReturnFilter(_Row):
    """Which returns to list: those that match every field that is given."""

    state: str | None = None
    case_reference: str | None = None
    customer: str | None = None
    open_only: bool = False


class ReturnRow(_Row):
    """One line of a list of returns."""

    return_id: str
    case_reference: str
    kind: str
    item: str
    customer: str
    site: str
    destination: str
    due_at: datetime
    state: str
    opened_at: datetime
    closed_at: datetime | None


class ReturnStore:
    """Returns in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def record(self, write: ReturnWrite) -> None:
        """Write a return; a newer version that is there already is left alone. Repeating a write changes nothing.

        One that closed before its due instant was known is written as due when it was opened.
        """
        due_at = write.view.due_at or write.view.opened_at
        view = write.view.model_copy(update={"due_at": due_at}).model_dump(mode="json")
        loan = (write.loan.case, write.loan.round, write.loan.step) if write.loan else (None, None, None)
        await self._pool.execute(_RECORD, view, write.version, *loan)

    async def find(self, return_id: str) -> dict[str, JsonValue] | None:
        """The view of a return as it was last recorded, or None."""
        view: dict[str, JsonValue] | None = await self._pool.fetchval(_FIND, return_id)
        return view

    async def list(self, wanted: ReturnFilter, limit: int = 100) -> Sequence[ReturnRow]:
        """Up to `limit` returns, open ones first, by their due instants."""
        rows = await self._pool.fetch(
            _LIST, wanted.state, wanted.case_reference, wanted.customer, wanted.open_only, limit
        )
        return [ReturnRow.model_validate(dict(row)) for row in rows]
