"""PostgreSQL on a directory of our own keeps what was committed, wherever the directory is."""

import os
import signal
from pathlib import Path

import asyncpg
import pytest

from starter import embedded_postgres
from starter.embedded_postgres import PostgresFailed, ensure_database, running_postgres
from starter.service_process import lock_holder


async def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    async with running_postgres(home) as server:
        connection = await asyncpg.connect(await ensure_database(server, "curative"))
        await connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('promise')")
        await connection.close()
    async with running_postgres(home) as server:
        connection = await asyncpg.connect(await ensure_database(server, "curative"))
        assert await connection.fetchval("SELECT word FROM kept") == "promise"
        await connection.close()


async def test_what_was_committed_survives_the_death_of_the_server(home: Path) -> None:
    async with running_postgres(home) as server:
        connection = await asyncpg.connect(await ensure_database(server, "curative"))
        await connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('promise')")
        assert server.service.pid is not None
        os.kill(server.service.pid, signal.SIGKILL)
    async with running_postgres(home) as server:
        connection = await asyncpg.connect(server.url("curative"))
        assert await connection.fetchval("SELECT word FROM kept") == "promise"
        await connection.close()


async def test_a_path_longer_than_a_socket_may_have_is_no_obstacle(home: Path) -> None:
    far = home / ("far" * 40) / "away"
    async with running_postgres(far, durable=False) as server:
        assert await ensure_database(server, "curative")
    assert lock_holder(far / "postgres.lock") is None


async def test_a_private_directory_of_roots_is_no_obstacle(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    async with running_postgres(private / "postgres", durable=False) as server:
        assert await ensure_database(server, "curative")
    assert private.stat().st_mode & 0o066 == 0


async def test_the_socket_is_for_its_owner_alone(home: Path) -> None:
    async with running_postgres(home, durable=False) as server:
        assert server.socket_dir.stat().st_mode & 0o077 == 0
    assert not server.socket_dir.exists()


async def test_an_interrupted_first_start_leaves_nothing_half_made(home: Path) -> None:
    unfinished = home / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    async with running_postgres(home, durable=False) as server:
        assert await ensure_database(server, "curative")
    assert not unfinished.exists()


async def test_a_cluster_of_another_version_is_refused_with_what_to_do(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresFailed, match="was made by PostgreSQL 12, this is 18: move it with pg_upgrade"):
        async with running_postgres(home):
            pass


async def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    async with running_postgres(home, durable=False):
        pass
    with (home / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(PostgresFailed, match=r"did not start(?s:.*)no_such_setting"):
        async with running_postgres(home, durable=False):
            pass


def test_as_root_without_a_program_that_makes_users_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(embedded_postgres, "SYSTEM_USER", "nobody-of-that-name")
    monkeypatch.setattr(embedded_postgres, "SYSTEM_PROGRAMS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PostgresFailed, match="there is no useradd here: make the user"):
        embedded_postgres._system_user()


def test_users_are_made_where_the_path_of_root_does_not_lead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    useradd = tmp_path / "useradd"
    useradd.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    useradd.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(embedded_postgres, "SYSTEM_USER", "nobody-of-that-name")
    monkeypatch.setattr(embedded_postgres, "SYSTEM_PROGRAMS", (str(tmp_path),))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PostgresFailed, match=r"useradd could not make the user nobody-of-that-name \(no room\)"):
        embedded_postgres._system_user()
