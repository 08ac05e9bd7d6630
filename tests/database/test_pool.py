"""A database that goes away is noticed, and used again when it is back."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from database.pool import UNREACHABLE, open_pool
from starter.embedded_postgres import running_postgres


async def test_a_pool_heals_when_the_server_is_back() -> None:
    with tempfile.TemporaryDirectory(prefix="curative-pool-") as directory:
        home = Path(directory) / "postgres"
        async with running_postgres(home, durable=False) as server:
            pool = await open_pool(server.url("postgres"))
            assert await pool.fetchval("select 1") == 1
        with pytest.raises(UNREACHABLE):
            await pool.fetchval("select 1")
        async with running_postgres(home, durable=False):
            assert await asyncio.gather(*[pool.fetchval("select 2") for _ in range(3)]) == [2, 2, 2]
            await pool.close()


async def test_a_server_that_is_away_is_noticed_at_once(tmp_path: Path) -> None:
    with pytest.raises(UNREACHABLE):
        await open_pool(f"postgresql://postgres@/postgres?host={tmp_path}")


async def test_a_command_that_takes_too_long_is_given_up(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.pool.ANSWER_TIMEOUT", 0.2)
    async with await open_pool(database_url) as pool:
        with pytest.raises(TimeoutError):
            await pool.fetchval("select pg_sleep(60)")
        assert await pool.fetchval("select 1") == 1
