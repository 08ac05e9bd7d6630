"""Fixtures of the database suite."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from database.pool import open_pool


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to `database_url`, as the program opens them."""
    async with await open_pool(database_url) as connections:
        yield connections
