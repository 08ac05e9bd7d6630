"""Fixtures for all suites: servers for the session; a database, a task queue and stories for each test."""

import atexit
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from config.leaving import leave
from database.pool import open_pool
from starter.prepare import prepare_database
from tests.environment import DatabaseServer, postgres_server, time_skipping_server
from tests.story import Story

BeginStory = Callable[..., Awaitable[Story]]

exit_status = pytest.StashKey[int]()

KEYS = "k-tests:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
"""The key ring of all tests, and of the processes that they start."""

LONGEST = ("test_crowd.py", "test_crowd_for_keys.py", "test_random_histories.py", "test_stages_page.py")

os.environ["CURATIVE_KEYS"] = KEYS  # before the suites' own conftests, which make converters


def pytest_configure() -> None:
    """Let SIGTERM end a session as Ctrl-C does: the servers that it started are stopped.

    And let Ctrl-C end what the tests start, also when the tests were begun in the background, deaf to it.
    """
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep the exit code for `pytest_unconfigure`."""
    session.config.stash[exit_status] = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process as every process that talked to Temporal does."""
    if exit_status in config.stash:
        atexit._run_exitfuncs()  # pytest itself clears up in there
        leave(config.stash[exit_status])


@pytest.fixture(scope="session")
async def database_server() -> AsyncIterator[DatabaseServer]:
    """One PostgreSQL: TEST_DATABASE_URL (a superuser's) when it is set, else an embedded one."""
    with tempfile.TemporaryDirectory(prefix="curative-tests-") as home:
        async with postgres_server(Path(home) / "postgres", os.environ.get("TEST_DATABASE_URL")) as server:
            yield server


@pytest.fixture(scope="session")
async def database_template(database_server: DatabaseServer) -> AsyncIterator[str]:
    """The name of a migrated database with the sample registry, which `database_url` copies."""
    name = f"curative_{uuid4().hex[:8]}"
    await database_server.execute(f'CREATE DATABASE "{name}"')
    await prepare_database(database_server.url(name), sample=True)
    yield name
    await database_server.drop_recycled(name)
    await database_server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_url(database_server: DatabaseServer) -> str:
    """The server's own database, for a superuser; not migrated."""
    return database_server.admin_url


@pytest.fixture
async def database_url(database_server: DatabaseServer, database_template: str) -> AsyncIterator[str]:
    """A database of this test's own: migrated, with the sample registry."""
    async with database_server.recycled(database_template) as url:
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to `database_url`."""
    connections = await open_pool(database_url, max_size=5)
    yield connections
    await connections.close()


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """One Temporal server whose workflows have virtual clocks; see `time_skipping_server`."""
    environment = await time_skipping_server()
    yield environment
    await environment.shutdown()


@pytest.fixture
def task_queue() -> str:
    """A task queue of this test's own, for workers that hold its database."""
    return f"curative-{uuid4().hex[:8]}"


@pytest.fixture
async def begin_story(temporal: WorkflowEnvironment, task_queue: str) -> AsyncIterator[BeginStory]:
    """`Story.begin` on this test's task queue; what still runs at the end of the test is terminated."""
    stories: list[Story] = []

    async def begin(workflow: str, *arguments: Any, **options: Any) -> Story:
        story = await Story.begin(temporal, workflow, *arguments, **{"task_queue": task_queue, **options})
        stories.append(story)
        return story

    yield begin
    for story in stories:
        await story.abandon()
