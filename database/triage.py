"""Mails that a person must read: kept sealed and bounded, until they are done (R12)."""

import base64
import zlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import asyncpg
from pydantic import BaseModel, ConfigDict

from config.secrets import SecretBox, SecretUnreadable
from database.known_keys import KnownKeys

RAW_BYTES: Final = 256_000
"""How much of a mail is kept as it came."""

LONGEST_TEXT: Final = 8_000
_CONTEXT: Final = "triage"

_FILE = """
insert into triage (fingerprint, received_at, kind, reason, reference, size, summary, raw, moved_at)
select $1, $2, $3, $4, $5, $6, $7, $8, $2
on conflict (fingerprint) do nothing
"""
_NUMBER = "select number from triage where fingerprint = $1"
_FIELDS = "number, received_at, kind, reason, reference, size, state, owner, moved_at, resolution, summary"
_LIST = f"""
select {_FIELDS} from triage
where ($1::text is null or state = $1) and ($2 or state <> 'done')
order by state = 'done', received_at, number
limit $3
"""
_FIND = f"select {_FIELDS}, raw from triage where number = $1"
_TAKE = """
update triage set state = 'taken', owner = $2, moved_at = $3
where number = $1 and (state = 'open' or (state = 'taken' and ($4 or owner = $2)))
returning number
"""
_DONE = """
update triage set state = 'done', owner = coalesce(owner, $2), resolution = $3, moved_at = $4
where number = $1 and state <> 'done'
returning number
"""
_OPEN = "select count(*) from triage where state <> 'done'"
_CLEAR = "update triage set raw = null where state = 'done' and moved_at < $1 and raw is not null"


class TriageState(StrEnum):
    """How far somebody is with it."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class Letter(BaseModel):
    """What a person needs to see of a mail: who wrote, how to answer, about what, and what."""

    model_config = ConfigDict(frozen=True)

    sender: str = ""
    name: str = ""
    subject: str = ""
    message_id: str = ""
    text: str = ""
    attachments: tuple[str, ...] = ()
    detail: str = ""
    """Why a process did not take it, in its own words."""


class TriageMail(BaseModel):
    """One mail in triage. `letter` is None when the keys that sealed it are not here any more."""

    model_config = ConfigDict(frozen=True)

    number: int
    received_at: datetime
    kind: str
    reason: str
    reference: str | None
    size: int
    state: TriageState
    owner: str | None
    moved_at: datetime
    resolution: str | None
    letter: Letter | None


class Triage:
    """The mails in triage; what they say is sealed in PostgreSQL (SPEC §7.5)."""

    def __init__(self, pool: asyncpg.Pool, box: SecretBox) -> None:
        self._pool = pool
        self._box = box

    async def file(
        self,
        fingerprint: bytes,
        received_at: datetime,
        *,
        kind: str,
        reason: str,
        reference: str | None,
        letter: Letter,
        raw: bytes,
    ) -> int:
        """Keep a mail; the same one is kept once. Answers its number."""
        bounded = letter.model_copy(update={"text": letter.text[:LONGEST_TEXT]})
        summary = self._box.seal(bounded.model_dump_json(), _CONTEXT)
        packed = base64.b64encode(zlib.compress(raw[:RAW_BYTES])).decode()
        sealed = self._box.seal(packed, _CONTEXT)
        await self._pool.execute(_FILE, fingerprint, received_at, kind, reason, reference, len(raw), summary, sealed)
        number: int = await self._pool.fetchval(_NUMBER, fingerprint)
        return number

    async def list(self, state: TriageState | None, *, everything: bool, limit: int) -> Sequence[TriageMail]:
        """Up to `limit` mails, the oldest first; without `everything`, those that are not done."""
        return [self._mail(row) for row in await self._pool.fetch(_LIST, state, everything or state is not None, limit)]

    async def find(self, number: int) -> TriageMail | None:
        """One mail, or None."""
        row = await self._pool.fetchrow(_FIND, number)
        return self._mail(row) if row else None

    async def raw(self, number: int) -> bytes | None:
        """The mail as it came, up to RAW_BYTES; None when there is none any more. Raises SecretUnreadable."""
        row = await self._pool.fetchrow(_FIND, number)
        if row is None or row["raw"] is None:
            return None
        return zlib.decompress(base64.b64decode(self._box.open(row["raw"], _CONTEXT)))

    async def take(self, number: int, owner: str, at: datetime, *, by_force: bool = False) -> bool:
        """Somebody sees to it; False when it is done, or somebody else's."""
        return await self._pool.fetchval(_TAKE, number, owner, at, by_force) is not None

    async def done(self, number: int, owner: str | None, resolution: str, at: datetime) -> bool:
        """It is done; False when it was before."""
        said = await KnownKeys(self._pool, self._box).masked(resolution)
        return await self._pool.fetchval(_DONE, number, owner, said, at) is not None

    async def count_open(self) -> int:
        """How many are not done."""
        count: int = await self._pool.fetchval(_OPEN)
        return count

    async def clear(self, before: datetime) -> None:
        """Clear away the raw mails of what was done before that instant."""
        await self._pool.execute(_CLEAR, before)

    def _mail(self, row: asyncpg.Record) -> TriageMail:
        fields = dict(row)
        fields.pop("raw", None)
        try:
            letter = Letter.model_validate_json(self._box.open(fields.pop("summary"), _CONTEXT))
        except SecretUnreadable:
            letter = None
        return TriageMail(**fields, letter=letter)
