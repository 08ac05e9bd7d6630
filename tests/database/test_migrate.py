"""Migrations: from nothing, again, at once, and from any directory."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from database.migrate import migrate
from tests.environment import DatabaseServer

TABLES = "select count(*) from information_schema.tables where table_schema = 'public'"


@pytest.fixture
async def empty_url(database_server: DatabaseServer) -> AsyncIterator[str]:
    name = f"empty_{uuid4().hex[:8]}"
    await database_server.execute(f'CREATE DATABASE "{name}"')
    yield database_server.url(name)
    await database_server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def tables_of(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(TABLES))
    finally:
        await connection.close()


async def test_an_empty_database_gets_every_table_and_a_second_run_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    after_first = await tables_of(empty_url)
    await migrate(empty_url)
    assert after_first == await tables_of(empty_url) > 20


async def test_several_migrations_at_once_make_one_schema(empty_url: str) -> None:
    await asyncio.gather(*[migrate(empty_url) for _ in range(4)])
    assert await tables_of(empty_url) > 20


async def test_a_migration_speaks_only_when_something_happened(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await migrate(empty_url)
    assert "database migrated to 0001" in [record.getMessage() for record in caplog.records]
    caplog.clear()
    await migrate(empty_url)
    assert [record.name for record in caplog.records if record.name.startswith(("alembic", "database"))] == []


async def test_a_migration_works_from_any_directory(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await migrate(empty_url)
    assert await tables_of(empty_url) > 20


async def test_a_socket_directory_can_be_named_in_each_way(empty_url: str) -> None:
    parts = urlsplit(empty_url)
    if parts.hostname:
        pytest.skip("the server listens on a port, not on a socket")
    for url in (
        f"postgresql://{parts.path}?{parts.query}&user=postgres",
        f"postgres://postgres:@{parts.path}?{parts.query}",
    ):
        await migrate(url)
    assert await tables_of(empty_url) > 20


async def test_a_server_that_is_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        await migrate(f"postgresql://postgres@/postgres?host={tmp_path}")
