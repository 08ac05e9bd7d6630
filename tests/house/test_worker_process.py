"""The worker process waits for what is not there yet, and stops when it is told to."""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from config.key_ring import key_ring, new_entry
from config.settings import Settings
from database.encryption_keys import KeyRegister
from worker import zone_data

WORKER = Path(__file__).parents[2] / "worker.py"


class WorkerProcess:
    """A worker in a process of its own, heard through its log."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []

    @classmethod
    async def start(cls, **environment: str) -> "WorkerProcess":
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "CURATIVE_KEYS")}
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, WORKER), env={**inherited, **environment}, stderr=asyncio.subprocess.PIPE
            )
        )

    async def until(self, event: str) -> dict[str, Any]:
        """The next log line with this event; every line before it is JSON too."""
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.events.append(json.loads(line))
            if self.events[-1]["event"] == event:
                return self.events[-1]
        raise AssertionError(f"{event!r} was never logged, but: {self.events}")

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return await self.process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_while_it_waits(tmp_path: Path, how: signal.Signals) -> None:
    worker = await WorkerProcess.start(CURATIVE_DATA_DIR=str(tmp_path))
    waiting = await worker.until("waiting for the database")
    assert "start `curative up`" in waiting["reason"]
    assert await worker.stop(how) == 0


async def test_without_keys_it_does_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    worker = await WorkerProcess.start(CURATIVE_DATA_DIR=str(tmp_path), CURATIVE_KEYS="")
    assert await worker.process.wait() == 2
    assert worker.process.stderr is not None
    last = json.loads((await worker.process.stderr.read()).splitlines()[-1])
    assert last["event"].startswith("No key is known to encrypt with: set CURATIVE_KEYS_FILE or CURATIVE_KEYS")


async def test_without_a_key_that_was_used_here_it_does_nothing_and_names_it(
    database_url: str, pool: asyncpg.Pool
) -> None:
    await KeyRegister(pool).check(key_ring(Settings()), datetime.now(UTC))
    worker = await WorkerProcess.start(DATABASE_URL=database_url, CURATIVE_KEYS=new_entry())
    assert await worker.process.wait() == 2
    assert worker.process.stderr is not None
    last = json.loads((await worker.process.stderr.read()).splitlines()[-1])
    assert last["event"].startswith("Key 'k-tests' was used here and is not in the key ring: put it back")


async def test_it_waits_for_temporal_and_says_so(tmp_path: Path, database_url: str) -> None:
    worker = await WorkerProcess.start(DATABASE_URL=database_url, TEMPORAL_ADDRESS="127.0.0.1:1")
    await worker.until("waiting for Temporal")
    assert await worker.stop() == 0


async def test_it_works_and_stops_when_told(database_url: str, temporal: WorkflowEnvironment, task_queue: str) -> None:
    worker = await WorkerProcess.start(
        DATABASE_URL=database_url,
        TEMPORAL_ADDRESS=temporal.client.service_client.config.target_host,
        CURATIVE_TASK_QUEUE=task_queue,
    )
    working = await worker.until("working")
    assert working["task_queue"] == task_queue
    assert worker.events[0]["event"] == "starting"
    assert worker.events[0]["zone_data"] == zone_data()
    assert await worker.stop() == 0


async def test_two_share_a_metrics_port_by_turns(
    database_url: str, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    environment = {
        "DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "CURATIVE_TASK_QUEUE": task_queue,
        "CURATIVE_METRICS_PORT": "19464",
    }
    first = await WorkerProcess.start(**environment)
    first_url = (await first.until("metrics are served"))["url"]
    second = await WorkerProcess.start(**environment)
    second_url = (await second.until("metrics are served"))["url"]
    await first.until("working")
    await second.until("working")
    assert first_url != second_url
    assert [await first.stop(), await second.stop()] == [0, 0]
