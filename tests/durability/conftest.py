"""Fixtures for what breaks: installations with worker processes, each on a database and a task queue of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.durability.commit_gate import CommitGate, commit_gate
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer, running_mail_server
from tests.durability.wire import Wire, running_wire


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """Where the vendors' mails go to."""
    async with running_mail_server() as server:
        yield server


@pytest.fixture
async def installation(
    temporal: WorkflowEnvironment, database_url: str, task_queue: str, tmp_path: Path, mail_server: MailServer
) -> AsyncIterator[Installation]:
    """Without a worker yet."""
    made = Installation(temporal, database_url, task_queue, tmp_path, {"CURATIVE_SMTP_URL": mail_server.url})
    yield made
    await made.shut_down()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A look into the installation's database."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def gate(database_url: str) -> AsyncIterator[CommitGate]:
    """The gate of the installation's database."""
    async with commit_gate(database_url) as gate:
        yield gate


@pytest.fixture
async def wire(temporal: WorkflowEnvironment) -> AsyncIterator[Wire]:
    """A way to Temporal that can be cut."""
    async with running_wire(temporal.client.service_client.config.target_host) as wire:
        yield wire
