"""An installation that is looked through: Temporal on a file, a worker and a mail gate that log all they can."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.activities.smtp_servers import Server, running
from tests.durability.installation import Installation
from tests.environment import time_skipping_server
from tests.mailgate.gate_process import GateProcess

DATABASE_FILE = "temporal.db"


@pytest.fixture
async def mail_server() -> AsyncIterator[Server]:
    """Takes our mails."""
    async with running() as server:
        yield server


@pytest.fixture
async def installation(
    database_url: str, task_queue: str, tmp_path: Path, mail_server: Server
) -> AsyncIterator[Installation]:
    """With a worker at work; everything that Temporal keeps is in a file."""
    temporal = await time_skipping_server("--db-filename", str(tmp_path / DATABASE_FILE))
    settings = {"CURATIVE_SMTP_URL": f"smtp://127.0.0.1:{mail_server.port}", "CURATIVE_LOG_LEVEL": "DEBUG"}
    made = Installation(temporal, database_url, task_queue, tmp_path, settings)
    await made.start_worker()
    yield made
    await made.shut_down()
    await temporal.shutdown()


@pytest.fixture
async def gate(installation: Installation) -> AsyncIterator[GateProcess]:
    """A mail gate that listens."""
    process = GateProcess(installation.environment, installation.home)
    await process.start()
    yield process
    await process.kill()
