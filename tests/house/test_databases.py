"""Each test has a database of its own."""

import asyncpg


async def test_one_test_writes(pool: asyncpg.Pool) -> None:
    await pool.execute("CREATE TABLE scratch (word text)")
    assert await pool.fetchval("SELECT count(*) FROM scratch") == 0


async def test_another_does_not_see_it(pool: asyncpg.Pool) -> None:
    assert await pool.fetchval("SELECT to_regclass('scratch')") is None


async def test_the_database_answers_in_utc(pool: asyncpg.Pool) -> None:
    assert await pool.fetchval("SHOW timezone") == "UTC"
