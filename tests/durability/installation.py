"""An installation of the product for a test to break: one database, one task queue, and workers that can be killed."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from temporalio.testing import WorkflowEnvironment

from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory

WORKER = Path(__file__).parents[2] / "worker.py"


@dataclass(frozen=True)
class WorkerProcess:
    """`python worker.py`, heard through its log."""

    process: asyncio.subprocess.Process
    log_file: Path

    async def says(self, event: str) -> None:
        """Wait for a log line with this event. Raises AssertionError with the log when the worker ends without it."""

        async def said() -> bool:
            log = self.log_file.read_text()
            if f'"event": "{event}"' in log:
                return True
            assert self.process.returncode is None, f"the worker ended before it said {event!r}:\n{log}"
            return False

        await until(said, f"the worker says {event!r}")

    async def kill(self) -> None:
        """`kill -9`: the worker has no moment left."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    def ask_to_stop(self) -> None:
        """SIGTERM, as every process manager sends it."""
        self.process.terminate()


@dataclass
class Installation:
    """Workers and cases of one test. `settings` are further environment variables of the workers."""

    temporal: WorkflowEnvironment
    database_url: str
    task_queue: str
    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[WorkerProcess] = field(default_factory=list)
    cases: list[CaseStory] = field(default_factory=list)

    async def start_worker(self) -> WorkerProcess:
        """A worker process that is at work."""
        log_file = self.home / f"worker-{len(self.workers) + 1}.log"
        with log_file.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, WORKER), env=self.environment, stdout=log, stderr=log
            )
        worker = WorkerProcess(process, log_file)
        self.workers.append(worker)
        await worker.says("working")
        return worker

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a process to this installation."""
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "CURATIVE_KEYS")}
        return {
            **inherited,
            "DATABASE_URL": self.database_url,
            "TEMPORAL_ADDRESS": self.temporal.client.service_client.config.target_host,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "CURATIVE_TASK_QUEUE": self.task_queue,
            "CURATIVE_DATA_DIR": str(self.home),
            **self.settings,
        }

    async def open_case(self, serial_number: str, at: datetime, **fields: Any) -> CaseStory:
        """A report comes in at that instant; the case, once its entitlement is known or its check is pending."""
        self.joined(f"curative-{serial_number}")
        return await CaseStory.open(self.temporal, self.task_queue, serial_number, at, **fields)

    def joined(self, workflow_id: str) -> CaseStory:
        """The case with that id, which somebody opens; it is ended with the installation."""
        case = CaseStory(self.temporal, self.temporal.client.get_workflow_handle(workflow_id))
        self.cases.append(case)
        return case

    async def shut_down(self) -> None:
        """End what still runs."""
        for worker in self.workers:
            await worker.kill()
        for case in self.cases:
            await case.abandon()
