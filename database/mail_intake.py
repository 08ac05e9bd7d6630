"""Each mail once: what was decided about it is written down before it is done, and what came of it after (R12)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel, ConfigDict

_BEGIN = """
insert into mail_intake (fingerprint, sender, thread, kind, asked, received_at, plan)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
"""
_FIND = "select fingerprint, received_at, plan, done_at, outcome, reference from mail_intake where fingerprint = $1"
_FINISH = "update mail_intake set done_at = $2, outcome = $3, reference = $4 where fingerprint = $1 and done_at is null"
_RECENT = """
select kind, thread, asked, outcome, reference, received_at
from mail_intake
where sender = $1 and received_at > $2 and received_at <= $3 and fingerprint <> $4 and kind = any($5::text[])
order by received_at desc
limit 200
"""
_FORGET = "delete from mail_intake where received_at < $1 and done_at is not null"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class Arrival(_Row):
    """A mail that came before: what was decided, sealed, and what came of it, if it was done."""

    fingerprint: bytes
    received_at: datetime
    plan: bytes
    done_at: datetime | None
    outcome: str | None
    reference: str | None


class Recent(_Row):
    """A mail of the same sender within the window."""

    kind: str
    thread: bytes
    asked: tuple[str, ...]
    outcome: str | None
    reference: str | None
    received_at: datetime


class MailIntake:
    """The mails that came. Addresses are in it as keyed hashes only."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, fingerprint: bytes) -> Arrival | None:
        """The mail of that fingerprint, if it came before."""
        row = await self._pool.fetchrow(_FIND, fingerprint)
        return Arrival.model_validate(dict(row)) if row else None

    async def begin(
        self,
        fingerprint: bytes,
        *,
        sender: bytes,
        thread: bytes,
        kind: str,
        asked: Sequence[str],
        received_at: datetime,
        plan: bytes,
    ) -> Arrival:
        """Write down what is to be done, unless it is written down already; answers what stands there then."""
        await self._pool.execute(_BEGIN, fingerprint, sender, thread, kind, list(asked), received_at, plan)
        found = await self.find(fingerprint)
        assert found is not None
        return found

    async def finish(self, fingerprint: bytes, at: datetime, outcome: str, reference: str | None) -> None:
        """Note that it is done. The first outcome stays."""
        await self._pool.execute(_FINISH, fingerprint, at, outcome, reference)

    async def recent(
        self, sender: bytes, since: datetime, until: datetime, *, but: bytes, kinds: Sequence[str]
    ) -> Sequence[Recent]:
        """What else came from that sender in the window, of these kinds, the newest first."""
        rows = await self._pool.fetch(_RECENT, sender, since, until, but, list(kinds))
        return [Recent.model_validate({**dict(row), "asked": tuple(row["asked"])}) for row in rows]

    async def forget(self, before: datetime) -> None:
        """Clear away what no sending server tries again any more."""
        await self._pool.execute(_FORGET, before)
