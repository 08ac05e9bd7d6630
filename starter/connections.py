"""How a command reaches the engine and the database, each with one clear error when it is away."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg
from pydantic import ValidationError
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from config.secrets import SecretBox
from config.settings import Settings, SettingsError
from config.temporal import connect
from database.calls import CallStore
from database.cases import CaseStore
from database.known_keys import KnownKeys
from database.pool import UNREACHABLE, open_pool
from starter.answers import DatabaseUnreachable
from starter.assistance_desk import AssistanceDesk
from starter.desk import Desk

CONNECTIONS = 4

_CHECK = "see whether `curative up` still runs, or what DATABASE_URL names"


def settings_for(data_dir: Path | None) -> Settings:
    """The settings of a command; `data_dir` is its option `--data`. Raises SettingsError."""
    try:
        return Settings() if data_dir is None else Settings(data_dir=data_dir)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsError(f"{name}: {first['msg']}") from None


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise DatabaseUnreachable for whatever PostgreSQL cannot answer."""
    try:
        yield
    except SettingsError as error:
        raise DatabaseUnreachable(str(error)) from error
    except UNREACHABLE as error:
        raise DatabaseUnreachable(f"PostgreSQL does not answer ({_said(error)}): {_CHECK}.") from error
    except asyncpg.PostgresError as error:
        raise DatabaseUnreachable(f"PostgreSQL cannot answer: {_said(error)}.") from error


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    """Connections to the database. Raises DatabaseUnreachable when there is none."""
    with database_errors():
        pool = await open_pool(settings.database(), max_size=CONNECTIONS)
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def open_desk(settings: Settings, *, read_model: bool = True) -> AsyncIterator[Desk]:
    """The desk, with the read model when it is wanted and can be had. Raises EngineUnreachable."""
    async with AsyncExitStack() as opened:
        client = await connect(settings, runtime=quiet_runtime())
        cases = keys = None
        if read_model:
            with suppress(DatabaseUnreachable):
                pool = await opened.enter_async_context(open_database(settings))
                cases, keys = CaseStore(pool), KnownKeys(pool, SecretBox.of(settings))
        yield Desk(client, cases, task_queue=settings.task_queue, keys=keys)


@asynccontextmanager
async def open_assistance_desk(settings: Settings, *, read_model: bool = True) -> AsyncIterator[AssistanceDesk]:
    """The desk of calls, with the read model when it is wanted and can be had. Raises EngineUnreachable."""
    async with AsyncExitStack() as opened:
        client = await connect(settings, runtime=quiet_runtime())
        calls = keys = None
        if read_model:
            with suppress(DatabaseUnreachable):
                pool = await opened.enter_async_context(open_database(settings))
                calls, keys = CallStore(pool), KnownKeys(pool, SecretBox.of(settings))
        yield AssistanceDesk(client, calls, task_queue=settings.task_queue, keys=keys)


def quiet_runtime() -> Runtime:
    """A runtime whose core says nothing on stderr of its retries: a command says one line, when they have failed."""
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="OFF")))


def _said(error: Exception) -> str:
    said = (isinstance(error, OSError) and error.strerror) or str(error)
    return said.strip().partition("\n")[0].rstrip(".") or type(error).__name__
