"""Fixtures of the starter suite: the desk and the command line against real servers and a real worker."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from typer.testing import CliRunner, Result

from config.settings import Settings
from config.temporal import new_worker
from database.cases import CaseStore
from database.pool import open_pool
from starter.cli import app
from starter.desk import Desk
from starter.messenger import ClientMessenger
from worker import registrations

Curative = Callable[..., Awaitable[Result]]
StartWorker = Callable[[], AbstractAsyncContextManager[Worker]]

# The sample registry's equipment, each for one test at a time: the id of a case is its serial number.
_IN_PARIS = ("FOC2735Y3TT", "FDO2535EDY0", "FTT27177WBH", "WZP27155V3Y", "52AE2266", "529C08A3", "SM03E895")
_IN_LILLE = ("FTT2542UZUK", "FTT26494WXN", "64167FD01830")
EXPIRED_CONTRACT = "821518170AADCV"
NO_CONTRACT = "FDO2720A6CW"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to the test's database, as the program opens them."""
    async with await open_pool(database_url) as connections:
        yield connections


@pytest.fixture
async def clean_cases(temporal: WorkflowEnvironment) -> AsyncIterator[None]:
    """Ends what a test leaves open, so that the next one may report the same equipment."""
    yield
    async for execution in temporal.client.list_workflows("ExecutionStatus = 'Running'"):
        handle = temporal.client.get_workflow_handle(execution.id, run_id=execution.run_id)
        try:
            await handle.terminate("the test is over")
        except RPCError as error:  # the list is a moment behind
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


@pytest.fixture
def start_worker(
    pool: asyncpg.Pool, temporal: WorkflowEnvironment, task_queue: str, tmp_path: Path, clean_cases: None
) -> StartWorker:
    """Runs a worker as `worker.py` builds it, for as long as the context lasts."""

    @asynccontextmanager
    async def running() -> AsyncIterator[Worker]:
        settings = Settings(data_dir=tmp_path, task_queue=task_queue)
        workflows, activities = registrations(pool, settings, ClientMessenger(temporal.client, task_queue))
        async with new_worker(temporal.client, settings, workflows=workflows, activities=activities) as worker:
            yield worker

    return running


@pytest.fixture
async def worker(start_worker: StartWorker) -> AsyncIterator[Worker]:
    """A worker for the whole test."""
    async with start_worker() as running:
        yield running


@pytest.fixture
def desk(temporal: WorkflowEnvironment, pool: asyncpg.Pool, task_queue: str, clean_cases: None) -> Desk:
    """The desk with its read model."""
    return Desk(temporal.client, CaseStore(pool), task_queue=task_queue)


@pytest.fixture
def desk_without_database(temporal: WorkflowEnvironment, task_queue: str, clean_cases: None) -> Desk:
    """The desk while the database is away."""
    return Desk(temporal.client, task_queue=task_queue)


@pytest.fixture
def environment(temporal: WorkflowEnvironment, database_url: str, task_queue: str, tmp_path: Path) -> Mapping[str, str]:
    """The variables that lead a command to the test's servers."""
    return {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": temporal.client.namespace,
        "DATABASE_URL": database_url,
        "CURATIVE_DATA_DIR": str(tmp_path),
        "CURATIVE_TASK_QUEUE": task_queue,
        "COLUMNS": "200",
    }


@pytest.fixture
def curative(environment: Mapping[str, str], clean_cases: None) -> Curative:
    """Runs `curative` with these arguments while the test's worker goes on working."""

    async def run(*arguments: str, stdin: str | None = None, **variables: str) -> Result:
        return await asyncio.to_thread(
            CliRunner().invoke, app, list(arguments), input=stdin, env={**environment, **variables}
        )

    return run


@pytest.fixture
def serial_numbers() -> Iterator[str]:
    """Covered equipment of the sample registry, a new piece each time."""
    return itertools.chain(_IN_PARIS, _IN_LILLE)


@pytest.fixture
def serial_number(serial_numbers: Iterator[str]) -> str:
    """One covered piece of equipment."""
    return next(serial_numbers)


@pytest.fixture
def message_id() -> str:
    """An id that no other test has used: the server remembers the ids of the last case of a piece of equipment."""
    return f"call-{uuid4()}"
