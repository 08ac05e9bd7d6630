"""Each key is given out once, ever, to the oldest in line; nothing readable is stored (R11, SPEC §7.5)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import pytest

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore, StockedKey
from database.pool import open_pool
from domain.effects import EffectKey, KeyCallOff, KeyDemand, KeyDemands, KeysIssued
from domain.masking import Secret
from tests.domain.sample_calendars import at

RELEASE = "GROUP-6.2"
"""Its keys are none of the sample's."""
NOW = at("2027-05-10 09:00")


@pytest.fixture
def store(pool: asyncpg.Pool) -> KeyStore:
    """The stock of keys."""
    return KeyStore(pool, SecretBox.of(Settings()))


def demand(case: str, item: int = 1, *, due: datetime = NOW, release: str = RELEASE) -> KeyDemand:
    """An item of a request needs a key."""
    key = EffectKey(case=case, round=1, step=f"item-{item}")
    return KeyDemand(key=key, item=item, serial_number=f"SN{case}-{item}", release=release, due_at=due)


def demands(*each: KeyDemand) -> KeyDemands:
    """What one request asks for."""
    return KeyDemands(workflow_id=f"software-{each[0].key.case}", now=NOW, demands=each)


async def stocked(pool: asyncpg.Pool, store: KeyStore, count: int, first: int = 0) -> list[str]:
    """Put so many keys into the stock."""
    keys = [f"KEY{number:04}-ABCDE-FGHIJ-KLMNO" for number in range(first, first + count)]
    async with pool.acquire() as connection, connection.transaction():
        await store.add(connection, [StockedKey(RELEASE, Secret(key)) for key in keys])
    return keys


async def given(pool: asyncpg.Pool) -> Sequence[asyncpg.Record]:
    """Who was given which key, by fingerprint."""
    grants: Sequence[asyncpg.Record] = await pool.fetch("select * from key_grants order by fingerprint")
    return grants


async def test_500_requests_for_the_last_50_keys(database_url: str, pool: asyncpg.Pool, store: KeyStore) -> None:
    await stocked(pool, store, 50)
    many = await open_pool(database_url, max_size=20)
    desk = KeyStore(many, SecretBox.of(Settings()))
    asked = [demand(f"SW-{number}", due=NOW + timedelta(hours=number * 7 % 500)) for number in range(500)]
    first = await asyncio.gather(*(desk.demand(demands(each)) for each in asked))
    keys = [key for answer in first for grant in answer.grants for key in grant.keys]
    assert len(keys) == 50
    assert len(await given(pool)) == 50
    line = sorted(grant.place_in_line or 0 for answer in first for grant in answer.grants if not grant.keys)
    assert len(line) == 450
    waiting = [each for each, answer in zip(asked, first, strict=True) if not answer.grants[0].keys]
    while waiting:
        await stocked(pool, store, 90, first=1_000 + len(waiting) * 10)
        told = await desk.serve_the_line([RELEASE], NOW)
        due = sorted(waiting, key=lambda each: each.due_at)
        assert set(told) == {f"software-{each.key.case}" for each in due[:90]}
        waiting = due[90:]
    again = await asyncio.gather(*(desk.demand(demands(each)) for each in asked))
    assert all(len(answer.grants[0].keys) == 1 for answer in again)
    opened = [await desk.open_keys([each]) for each in asked]
    assert len({keys[1] for keys in opened}) == 500
    await many.close()


async def test_asked_twice_an_item_has_one_key(pool: asyncpg.Pool, store: KeyStore) -> None:
    (key, _) = await stocked(pool, store, 2)
    asked = demands(demand("SW-A"))
    answers = await asyncio.gather(*(store.demand(asked) for _ in range(5)))
    assert {answer.grants[0].keys for answer in answers} == {("KEY…MNO",)}
    assert len(await given(pool)) == 1
    assert await store.open_keys(asked.demands) == {1: (key,)}


async def test_the_oldest_due_is_served_first_whoever_asks(pool: asyncpg.Pool, store: KeyStore) -> None:
    late, early = demand("SW-LATE", due=NOW + timedelta(days=2)), demand("SW-EARLY", due=NOW + timedelta(days=1))
    assert (await store.demand(demands(late))).grants[0].place_in_line == 1
    assert (await store.demand(demands(early))).grants[0].place_in_line == 1
    assert (await store.demand(demands(late))).grants[0].place_in_line == 2
    await stocked(pool, store, 1)
    newcomer = await store.demand(demands(demand("SW-NEW", due=NOW + timedelta(days=3))))
    assert newcomer.grants[0].keys == ()
    assert newcomer.others == ("software-SW-EARLY",), "the one who was served is to be told"
    assert (await store.demand(demands(early))).grants[0].keys != ()


async def test_items_of_a_request_are_served_in_their_order(pool: asyncpg.Pool, store: KeyStore) -> None:
    await stocked(pool, store, 3)
    answer = await store.demand(demands(*(demand("SW-A", item) for item in range(1, 13))))
    assert [grant.item for grant in answer.grants if grant.keys] == [1, 2, 3]
    assert [grant.place_in_line for grant in answer.grants[3:]] == list(range(1, 10))


async def test_what_was_given_out_is_never_taken_back(pool: asyncpg.Pool, store: KeyStore) -> None:
    await stocked(pool, store, 1)
    await store.demand(demands(demand("SW-A")))
    for change in ("update key_grants set step = 'x'", "delete from key_grants", "truncate key_grants"):
        with pytest.raises(asyncpg.RestrictViolationError, match="given out once"):
            await pool.execute(change)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute("insert into key_grants select fingerprint, 'SW-B', 1, 'x', granted_at from key_grants")


async def test_who_is_called_off_leaves_the_line(pool: asyncpg.Pool, store: KeyStore) -> None:
    first, second = demand("SW-A", due=NOW), demand("SW-B", due=NOW + timedelta(hours=1))
    await store.demand(demands(first))
    await store.demand(demands(second))
    off = await store.call_off(KeyCallOff(now=NOW, demands=(first,), workflow_id="software-SW-A"))
    assert off.granted == ()
    await stocked(pool, store, 1)
    assert await store.serve_the_line([RELEASE], NOW) == ["software-SW-B"]
    assert (await store.demand(demands(first))).grants[0].keys == (), "also when it is asked for once more"


async def test_who_has_a_key_keeps_it_when_called_off(pool: asyncpg.Pool, store: KeyStore) -> None:
    await stocked(pool, store, 1)
    asked = demands(demand("SW-A"))
    await store.demand(asked)
    off = await store.call_off(KeyCallOff(now=NOW, demands=asked.demands, workflow_id=asked.workflow_id))
    assert [grant.keys for grant in off.granted] == [("KEY…MNO",)]


def issued(case: str, *keys: str) -> KeysIssued:
    """The vendor's keys for an item of a request."""
    secrets = tuple(Secret(key) for key in keys)
    return KeysIssued(demand=demand(case), workflow_id=f"software-{case}", now=NOW, keys=secrets)


async def test_the_vendor_s_keys_go_to_the_item_they_are_for(pool: asyncpg.Pool, store: KeyStore) -> None:
    await store.demand(demands(demand("SW-OLDER", due=NOW - timedelta(days=1))))
    await store.demand(demands(demand("SW-A")))
    for _ in range(2):  # a repeat finds its first run
        answer = await store.issue(issued("SW-A", "VENDOR-KEY-0001", "VENDOR-OPTION-0002"))
        assert (len(answer.granted), answer.refused) == (2, ())
    assert await store.open_keys([demand("SW-A")]) == {1: ("VENDOR-KEY-0001", "VENDOR-OPTION-0002")}
    assert await store.open_keys([demand("SW-OLDER")]) == {}


async def test_a_key_that_somebody_has_is_refused(pool: asyncpg.Pool, store: KeyStore) -> None:
    (key,) = await stocked(pool, store, 1)
    await store.demand(demands(demand("SW-A")))
    await store.demand(demands(demand("SW-B")))
    answer = await store.issue(issued("SW-B", key))
    assert (answer.granted, answer.refused) == ((), ("KEY…MNO",))
    assert await store.open_keys([demand("SW-B")]) == {}
    assert (await store.demand(demands(demand("SW-B")))).grants[0].place_in_line == 1


async def test_nothing_readable_is_stored(pool: asyncpg.Pool, store: KeyStore) -> None:
    (key,) = await stocked(pool, store, 1)
    await store.demand(demands(demand("SW-A")))
    await store.issue(issued("SW-A", "VENDOR-KEY-0001"))
    for table in ("activation_keys", "key_requests", "key_grants"):
        for row in await pool.fetch(f"select * from {table}"):
            stored = " ".join(str(bytes(v) if isinstance(v, bytes) else v) for v in row.values())
            assert key not in stored
            assert "VENDOR-KEY-0001" not in stored
