"""The keys that have ever encrypted something here: who lacks one of them must not work (SPEC §7.5, docs/secrets.md).

A worker without a key of an open case could not replay it, and would refuse what belongs to it. The register holds ids
and marks, never keys.
"""

import hmac
from datetime import datetime
from hashlib import sha256

import asyncpg

from config.key_ring import FINGERPRINT, Key, KeyRing

_KNOWN = f"""
select key_id, check_value from encryption_keys order by key_id = '{FINGERPRINT}', first_used_at, key_id
"""

_NOTE = """
insert into encryption_keys (key_id, check_value, first_used_at) values ($1, $2, $3) on conflict do nothing
"""

_FORGET = "delete from encryption_keys where key_id = $1 returning key_id"


class KeysDoNotFit(RuntimeError):
    """The key ring lacks what was used here before; one sentence that says what to do."""


class KeyRegister:
    """The register in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def check(self, ring: KeyRing | None, now: datetime) -> None:
        """Note the keys that `ring` uses from `now` on. Raises KeysDoNotFit when it lacks one that was used before."""
        ours = _marks(ring)
        for key_id, mark in await self._pool.fetch(_KNOWN):
            if key_id not in ours or not hmac.compare_digest(mark, ours[key_id]):
                raise KeysDoNotFit(_what_to_do(key_id, is_there=key_id in ours))
        if ring is not None:
            used = (ring.keys[0].id, FINGERPRINT)
            await self._pool.executemany(_NOTE, [(key_id, ours[key_id], now) for key_id in used])

    async def forget(self, key_id: str) -> bool:
        """Let a key be missed from now on, since nothing needs it any more, or it is lost; False for an unknown one."""
        return await self._pool.fetchval(_FORGET, key_id) is not None


def _marks(ring: KeyRing | None) -> dict[str, bytes]:
    if ring is None:
        return {}
    marks = {key.id: _mark(key, "register") for key in ring.keys}
    return marks | {FINGERPRINT: _mark(ring.fingerprint, "fingerprint")}


def _mark(key: Key, purpose: str) -> bytes:
    return hmac.digest(key.derive(purpose), b"register", sha256)


def _what_to_do(key_id: str, *, is_there: bool) -> str:
    forget = f"If it is not needed any more, or lost for good: `curative keys forget {key_id}`"
    if key_id == FINGERPRINT:
        missed = (
            "The key ring makes other fingerprints of secrets than it did: put back its entry `fingerprint`, or the key"
        )
        return f"{missed} that was the last of the ring. {forget}."
    if is_there:
        return f"Key {key_id!r} of the key ring is not the one that was used here under this id: put that one back."
    return (
        f"Key {key_id!r} was used here and is not in the key ring: put it back, at any place but the first. {forget}."
    )
