"""Fixtures of the database suite."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from database.pool import open_pool
from tests.database.registry_files import RegistryFiles
from tests.environment import DatabaseServer


@pytest.fixture
def sample(tmp_path: Path) -> RegistryFiles:
    """A copy of the sample registry that the test may change."""
    return RegistryFiles(tmp_path)


@pytest.fixture(scope="module")
async def shared_pool(database_server: DatabaseServer, database_template: str) -> AsyncIterator[asyncpg.Pool]:
    """One database, with the sample registry, for those tests of a module that leave it as it was."""
    async with database_server.fresh(database_template) as url:
        connections = await open_pool(url, max_size=5)
        yield connections
        await connections.close()
