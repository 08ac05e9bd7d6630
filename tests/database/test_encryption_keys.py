"""Who lacks a key that was used here must not work (SPEC §7.5)."""

from datetime import UTC, datetime

import asyncpg
import pytest

from config.key_ring import KeyRing, new_entry
from database.encryption_keys import KeyRegister, KeysDoNotFit

NOW = datetime(2026, 6, 8, 10, tzinfo=UTC)
OLD, NEW, PRINTS = new_entry("k-old"), new_entry("k-new"), new_entry("fingerprint")


def ring(*entries: str) -> KeyRing:
    return KeyRing.parse(",".join(entries), "the test")


@pytest.fixture
async def register(pool: asyncpg.Pool) -> KeyRegister:
    """One that has seen a worker with the old key."""
    register = KeyRegister(pool)
    await register.check(ring(OLD, PRINTS), NOW)
    return register


async def test_a_ring_that_has_all_keys_that_were_used_fits(register: KeyRegister) -> None:
    for entries in ((OLD, PRINTS), (OLD, NEW, PRINTS), (NEW, OLD, PRINTS)):
        await register.check(ring(*entries), NOW)


async def test_a_key_that_only_decrypts_is_not_missed_before_it_encrypts(register: KeyRegister) -> None:
    await register.check(ring(OLD, NEW, PRINTS), NOW)
    await register.check(ring(OLD, PRINTS), NOW)
    await register.check(ring(NEW, OLD, PRINTS), NOW)
    with pytest.raises(KeysDoNotFit, match="Key 'k-new' was used here and is not in the key ring: put it back"):
        await register.check(ring(OLD, PRINTS), NOW)


async def test_no_ring_at_all_does_not_fit(register: KeyRegister) -> None:
    with pytest.raises(KeysDoNotFit):
        await register.check(None, NOW)


async def test_another_key_under_the_same_id_is_told_apart(register: KeyRegister) -> None:
    with pytest.raises(KeysDoNotFit, match="'k-old' of the key ring is not the one that was used here under this id"):
        await register.check(ring(new_entry("k-old"), PRINTS), NOW)


@pytest.mark.parametrize("entries", [(OLD,), (OLD, new_entry("fingerprint"))], ids=["without", "another"])
async def test_other_fingerprints_than_before_do_not_fit(register: KeyRegister, entries: tuple[str, ...]) -> None:
    with pytest.raises(KeysDoNotFit, match="makes other fingerprints of secrets than it did"):
        await register.check(ring(*entries), NOW)


async def test_a_key_is_forgotten_once_and_then_not_missed(register: KeyRegister) -> None:
    await register.check(ring(NEW, OLD, PRINTS), NOW)
    assert await register.forget("k-old")
    assert not await register.forget("k-old")
    await register.check(ring(NEW, PRINTS), NOW)


async def test_the_register_holds_no_key(register: KeyRegister, pool: asyncpg.Pool) -> None:
    stored = str(await pool.fetch("select * from encryption_keys")).encode()
    for key in (*ring(OLD).keys, ring(OLD, PRINTS).fingerprint):
        assert repr(key.material).encode()[2:-1] not in stored
    assert b"k-old" in stored
