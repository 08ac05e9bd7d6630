"""`curative up` keeps everything on one directory, gives way to nobody, and finds again what it lost."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from temporalio.client import Client

from config.settings import ADDRESSES_FILE, Addresses, Settings
from config.temporal import connect_to
from database.pool import open_pool
from starter.service_process import lock_holder
from starter.stack import running_stack

ROOT = Path(__file__).parents[2]
UP = "import typer; from starter.commands.up import up; typer.run(up)"
LOCKS = ("stack.lock", "postgres/postgres.lock", "temporal/temporal.lock", "workers/worker-1.lock")


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "somebody.elses:7233")  # of no account to a stack


async def start_up(data_dir: Path, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", UP, "--json", "--no-ui", "--data", str(data_dir), *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def facts(up: asyncio.subprocess.Process) -> dict[str, Any]:
    assert up.stdout is not None
    line = await up.stdout.readline()
    if not line:
        assert up.stderr is not None
        raise AssertionError((await up.stderr.read()).decode())
    return dict(json.loads(line))


@asynccontextmanager
async def stack_of_its_own(data_dir: Path, *options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Any]]:
    up = await start_up(data_dir, *options)
    try:
        yield up, await facts(up)
    finally:
        if up.returncode is None:
            up.send_signal(signal.SIGTERM)
        assert await up.wait() in (0, -signal.SIGKILL)


def left_running(data_dir: Path) -> list[str]:
    return [name for name in LOCKS if (data_dir / name).exists() and lock_holder(data_dir / name) is not None]


async def start_a_case(client: Client) -> None:
    await client.start_workflow("Anything", id="curative-KEPT", task_queue="nobody-works-on-this")


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[tuple[Path, dict[str, Any]]]:
    """One `curative up` for the tests that only look at it: its data directory, and what it told."""
    with tempfile.TemporaryDirectory(prefix="curative-tests-") as data_dir, pytest.MonkeyPatch.context() as environment:
        environment.delenv("DATABASE_URL", raising=False)
        async with stack_of_its_own(Path(data_dir)) as (_, told):
            yield Path(data_dir), told


async def test_an_interrupt_stops_everything_in_order(home: Path) -> None:
    async with stack_of_its_own(home, "--workers", "0") as (up, told):
        sockets = Path(told["database_url"].rpartition("=")[2])
        assert sockets.is_dir()
        up.send_signal(signal.SIGINT)
        up.send_signal(signal.SIGINT)  # an impatient second one does not disturb the stopping
        assert await up.wait() == 0
    assert left_running(home) == []
    assert not (home / ADDRESSES_FILE).exists()
    assert not sockets.exists()


async def test_every_process_is_there(running: tuple[Path, dict[str, Any]]) -> None:
    data_dir, _ = running
    assert sorted(left_running(data_dir)) == sorted(LOCKS)


async def test_other_commands_find_the_running_stack(running: tuple[Path, dict[str, Any]]) -> None:
    data_dir, told = running
    assert Settings(data_dir=data_dir).database() == told["database_url"]
    found = Addresses.read(data_dir)
    assert found is not None
    assert found.temporal_address == told["temporal_address"]
    assert (data_dir / ADDRESSES_FILE).stat().st_mode & 0o077 == 0


async def test_a_second_one_on_the_same_directory_gives_way(running: tuple[Path, dict[str, Any]]) -> None:
    data_dir, told = running
    second = await start_up(data_dir)
    _, complaint = await second.communicate()
    assert second.returncode == 2
    assert "A stack already runs on" in complaint.decode()
    assert told["temporal_address"] in complaint.decode()


async def test_a_second_one_on_another_directory_runs_beside_it(home: Path) -> None:
    async with (
        running_stack(home / "one", workers=0, ui=False) as one,
        running_stack(home / "two", workers=0, ui=False) as two,
    ):
        assert one.addresses.temporal_address != two.addresses.temporal_address
        assert one.addresses.database_url != two.addresses.database_url


async def test_after_kill_9_the_next_one_ends_what_was_left_and_has_lost_nothing(home: Path) -> None:
    async with stack_of_its_own(home) as (up, told):
        pool = await open_pool(told["database_url"])
        await pool.execute("CREATE TABLE kept AS SELECT 'promise'::text AS word")
        await pool.close()
        await start_a_case(await connect_to(told["temporal_address"]))
        up.kill()
        await up.wait()
    left = {name: lock_holder(home / name) for name in LOCKS}
    assert [name for name, pid in left.items() if pid is None] == ["stack.lock"]

    async with stack_of_its_own(home, "--workers", "0") as (_, told):
        assert lock_holder(home / "workers/worker-1.lock") is None
        assert lock_holder(home / "temporal/temporal.lock") not in left.values()
        pool = await open_pool(told["database_url"])
        assert await pool.fetchval("SELECT word FROM kept") == "promise"
        await pool.close()
        client = await connect_to(told["temporal_address"])
        kept = await client.get_workflow_handle("curative-KEPT").describe()
        assert kept.workflow_type == "Anything"
    assert left_running(home) == []


async def test_a_worker_outlives_the_database_and_temporal(home: Path) -> None:
    async with running_stack(home, ui=False) as stack:
        log_file = stack.services["worker-1"].command.log_file
        while '"working"' not in log_file.read_text():
            await asyncio.sleep(0.05)
        for name in ("postgres", "temporal"):
            before = stack.services[name].pid
            assert before is not None
            os.kill(before, signal.SIGKILL)
            while stack.services[name].pid == before:
                await asyncio.sleep(0.05)
        pool = await eventually_open(stack.addresses.database_url)
        assert await pool.fetchval("SELECT 1") == 1
        await pool.close()
        assert stack.services["worker-1"].deaths == 0


async def eventually_open(url: str) -> asyncpg.Pool:
    while True:
        try:
            return await open_pool(url)
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.05)


async def test_a_worker_that_dies_is_replaced(home: Path) -> None:
    async with running_stack(home, ui=False) as stack:
        worker = stack.services["worker-1"]
        first = worker.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while worker.pid == first:
            await asyncio.sleep(0.05)


async def test_another_database_can_be_named(home: Path, database_url: str) -> None:
    async with running_stack(home, workers=0, ui=False, database_url=database_url) as stack:
        assert stack.addresses.database_url == database_url
        assert "postgres" not in stack.services


async def test_a_database_that_does_not_answer_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/nowhere")
    up = await start_up(home)
    _, complaint = await up.communicate()
    assert up.returncode == 5
    assert "check DATABASE_URL" in complaint.decode()
