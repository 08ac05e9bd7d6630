"""Bring a database to the newest schema."""

import logging
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from sqlalchemy import Connection

CONNECT_TIMEOUT = 10.0
"""Seconds in which the server must answer."""

_LOCK = 7_250_836_102_946_318
"""The advisory lock that one migration holds; the number means nothing, and nobody else uses it."""


async def migrate(database_url: str) -> None:
    """Apply every revision that the database lacks, all of them or none.

    `database_url` is anything that asyncpg takes, socket directories included
    (`postgresql:///name?host=/directory`). Safe to repeat and to run from several processes at once: the
    second waits for the first and finds nothing to do. Raises OSError, TimeoutError or
    `asyncpg.PostgresError` when the server cannot be reached or refuses.
    """
    # Imported when needed: every start of the command line would wait for them otherwise.
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(asyncpg.connect, database_url, timeout=CONNECT_TIMEOUT),
        poolclass=NullPool,
    )
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: "Connection") -> None:
    # Alembic logs on import and on every run; this program speaks when something happened.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command
    from alembic.config import Config

    connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
    config = Config()
    config.set_main_option("script_location", "database:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
