"""Connections to PostgreSQL."""

import asyncpg

from database.codecs import set_codecs

ANSWER_TIMEOUT = 2.0
"""Seconds in which the server must accept a connection, and answer a command: longer, and it is away."""

UNREACHABLE: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
"""What a repository raises while the database is away; trying again later is the answer to each of them."""


async def open_pool(database_url: str, *, max_size: int = 10) -> asyncpg.Pool:
    """Open a pool of up to `max_size` connections; `database_url` is anything that asyncpg takes.

    Raises one of UNREACHABLE when the server does not answer now. Once open, the pool heals by itself: a
    connection that broke is replaced when it is next asked for, also after the server was away.
    """
    pool = await asyncpg.create_pool(
        database_url,
        min_size=0,  # a pool that must keep some logs a traceback at each of its attempts while the server is away
        max_size=max_size,
        timeout=ANSWER_TIMEOUT,
        command_timeout=ANSWER_TIMEOUT,
        init=set_codecs,
        reset=_keep_session,
        server_settings={"application_name": "curative", "jit": "off", "timezone": "UTC"},
    )
    await pool.fetchval("select true")
    return pool


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Nobody changes a session's settings here: the usual reset would be a round trip for nothing."""
