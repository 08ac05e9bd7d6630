"""A key is known again however it is spelled, and is written down by nothing that quotes it (SPEC §7.5, R11)."""

import asyncpg
import pytest

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore, StockedKey
from database.known_keys import KnownKeys
from domain.masking import Secret

KEY = "K7QW2-M4XZ9-P3HT6-R8BN5"


@pytest.fixture
def box() -> SecretBox:
    """With the keys of all tests."""
    return SecretBox.of(Settings())


@pytest.fixture
async def known(pool: asyncpg.Pool, box: SecretBox) -> KnownKeys:
    """One key is in stock."""
    async with pool.acquire() as connection, connection.transaction():
        await KeyStore(pool, box).add(connection, [StockedKey("CMS-3.11", Secret(KEY))])
    return KnownKeys(pool, box)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"the key {KEY}.", "the key K7Q…BN5."),
        (f"({KEY.lower()})", "(k7q…bn5)"),
        ("it is K7QW2M4XZ9P3HT6R8BN5, isn't it", "it is K7Q…BN5, isn't it"),
        ("key:K7QW2 M4XZ9 P3HT6 R8BN5", "key:K7Q…BN5"),
        ("> K7QW2-M4XZ9-\n> P3HT6-R8BN5", "> K7Q…BN5"),
        ("> > K7QW2-M4XZ9-\r\n> > P3HT6-R8BN5", "> > K7Q…BN5"),
        ("K7 QW 2M 4X Z9 P3 HT 6R 8B N5", "K7 … N5"),
        (f"{KEY} and once more {KEY}", "K7Q…BN5 and once more K7Q…BN5"),
        (f"key={KEY};next", "key=K7Q…BN5;next"),
        (f"it ends in {KEY[-5:]}", f"it ends in {KEY[-5:]}"),
        ("K7QW2-M4XZ9-P3HT6-R8BN6", "K7QW2-M4XZ9-P3HT6-R8BN6"),
    ],
)
async def test_what_people_write_of_it(known: KnownKeys, written: str, shown: str) -> None:
    assert await known.masked(written) == shown


async def test_everything_in_a_value_is_looked_at(known: KnownKeys) -> None:
    value = {"text": f"use {KEY}", "lines": [{"text": KEY, "number": 1, "at": None}], KEY[:5]: "as it is"}
    shown = {"text": "use K7Q…BN5", "lines": [{"text": "K7Q…BN5", "number": 1, "at": None}], KEY[:5]: "as it is"}
    assert await known.masked_in(value) == shown
    assert await known.quoted_in(value) == {KEY.replace("-", "")}
    assert await known.masked_in({"text": "nothing of it", "number": 1}) == {"text": "nothing of it", "number": 1}


async def test_what_an_execution_is_found_by_is_no_key(known: KnownKeys) -> None:
    assert await known.masked_in({"workflow_id": f"curative-{KEY}"}) == {"workflow_id": f"curative-{KEY}"}


async def test_keys_that_overlap_are_masked_as_one(known: KnownKeys, pool: asyncpg.Pool, box: SecretBox) -> None:
    async with pool.acquire() as connection, connection.transaction():
        overlapping = [StockedKey("CMS-3.11", Secret("ABCDEF-123456")), StockedKey("CMS-3.11", Secret("123456-7890"))]
        await KeyStore(pool, box).add(connection, overlapping)
    assert await known.masked("ABCDEF-123456-7890") == "AB…90"


async def test_keys_of_an_earlier_version_are_known_once_a_worker_has_started(
    known: KnownKeys, pool: asyncpg.Pool, box: SecretBox
) -> None:
    await pool.execute("update activation_keys set spelling = null")
    assert await known.masked(KEY) == KEY
    await pool.execute("update activation_keys set sealed = 'cut off' where release <> 'CMS-3.11'")
    await KeyStore(pool, box).note_spellings()
    assert await known.masked(KEY) == "K7Q…BN5"
