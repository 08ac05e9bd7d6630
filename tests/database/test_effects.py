"""An effect happens once, however often and by however many it is asked for (SPEC §7.3)."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest
from pydantic import JsonValue

from database.effects import Effects
from domain.effects import EffectKey

KEY = EffectKey(case="CM-7K3Q-9XTB", round=1, step="vendor-request")
NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
async def effects(pool: asyncpg.Pool) -> Effects:
    await pool.execute("create table deliveries (number integer primary key)")
    return Effects(pool)


async def deliver(connection: asyncpg.Connection) -> JsonValue:
    """Write one more row, and answer with its number."""
    number: int = await connection.fetchval(
        "insert into deliveries select count(*) + 1 from deliveries returning number"
    )
    return {"number": number}


async def test_twenty_callers_at_once_cause_one_effect(effects: Effects, pool: asyncpg.Pool) -> None:
    results = await asyncio.gather(*[effects.once(KEY, NOON, deliver) for _ in range(20)])
    assert results == [{"number": 1}] * 20
    assert await pool.fetchval("select count(*) from deliveries") == 1


async def test_a_later_run_finds_the_result_of_the_first(effects: Effects) -> None:
    assert await effects.find(KEY) is None
    await effects.once(KEY, NOON, deliver)
    assert await effects.once(KEY, NOON, deliver) == {"number": 1}
    assert await effects.find(KEY) == {"number": 1}


async def test_an_action_that_fails_leaves_nothing_and_the_next_run_does_it(
    effects: Effects, pool: asyncpg.Pool
) -> None:
    async def fail(connection: asyncpg.Connection) -> JsonValue:
        await deliver(connection)
        raise ConnectionError("the carrier hung up")

    with pytest.raises(ConnectionError):
        await effects.once(KEY, NOON, fail)
    assert await pool.fetchval("select count(*) from deliveries") == 0
    assert await effects.find(KEY) is None
    assert await effects.once(KEY, NOON, deliver) == {"number": 1}


async def test_a_caller_that_waited_for_one_that_failed_does_it(effects: Effects) -> None:
    waits = asyncio.Event()

    async def fail_late(connection: asyncpg.Connection) -> JsonValue:
        waits.set()
        await connection.fetchval("select pg_sleep(0.1)")
        raise ConnectionError("the carrier hung up")

    first = asyncio.create_task(effects.once(KEY, NOON, fail_late))
    await waits.wait()
    assert await effects.once(KEY, NOON, deliver) == {"number": 1}
    with pytest.raises(ConnectionError):
        await first


@pytest.mark.parametrize(
    "other",
    [
        KEY.model_copy(update={"case": "CM-0000-0000"}),
        KEY.model_copy(update={"round": 2}),
        KEY.model_copy(update={"step": "order"}),
    ],
    ids=["case", "round", "step"],
)
async def test_another_case_round_or_step_is_another_effect(effects: Effects, other: EffectKey) -> None:
    await effects.once(KEY, NOON, deliver)
    assert await effects.once(other, NOON, deliver) == {"number": 2}
