"""The real servers that the tests run against: one PostgreSQL and one Temporal for a whole session."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from config.search_attributes import SEARCH_ATTRIBUTES
from config.temporal import CurativePlugin
from starter.dev_server import VIRTUAL_CLOCK, temporal_program
from starter.embedded_postgres import running_postgres
from tests.recycled_databases import Contents, contents_of, restored

SKIPS_IN_A_SESSION = 10_000


@dataclass
class DatabaseServer:
    """Makes fresh databases on one server, each a copy of a template: migrated, with the sample registry."""

    admin_url: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _contents: dict[str, Contents] = field(default_factory=dict)
    _free: dict[str, list[str]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """The URL of the database `name` on this server."""
        server, _, options = self.admin_url.partition("?")
        base = server.rpartition("/")[0]
        return f"{base}/{name}" + (f"?{options}" if options else "")

    async def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction, as CREATE DATABASE wants it."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def fresh(self, template: str) -> AsyncIterator[str]:
        """The URL of a copy of `template`, dropped at the end whoever is still connected."""
        name = await self._copy(template)
        try:
            yield self.url(name)
        finally:
            await self._drop(name)

    @asynccontextmanager
    async def recycled(self, template: str) -> AsyncIterator[str]:
        """The URL of a copy of `template` that others may have had before: as good as fresh, and had at once."""
        if template not in self._contents:
            self._contents[template] = await contents_of(self.url(template))
        free = self._free.setdefault(template, [])
        name = free.pop() if free else await self._copy(template)
        try:
            yield self.url(name)
        finally:
            if await restored(self.url(name), self._contents[template]):
                free.append(name)
            else:
                await self._drop(name)

    async def drop_recycled(self, template: str) -> None:
        """Drop the copies that nobody uses any more."""
        for name in self._free.pop(template, []):
            await self._drop(name)

    async def _copy(self, template: str) -> str:
        name = f"{template}_{next(self._numbers)}"
        await self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    async def _drop(self, name: str) -> None:
        await self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@asynccontextmanager
async def postgres_server(home: Path, existing_url: str | None) -> AsyncIterator[DatabaseServer]:
    """`existing_url` (a superuser's) when there is one, else an embedded server on `home`."""
    if existing_url:
        yield DatabaseServer(existing_url)
        return
    async with running_postgres(home, durable=False) as server:
        yield DatabaseServer(server.url("postgres"))


async def time_skipping_server(*arguments: str) -> WorkflowEnvironment:
    """The real Temporal server, in memory, where each workflow has a clock of its own that a test may move.

    `arguments` are further ones of the server's command line.

    What was found out by running it (SDK 1.35, server 1.32), and what tests can lean on:

    - Between two moves a workflow's clock runs at wall speed, and a move lands some milliseconds after the
      instant asked for. What must be exact to the second travels in a message's `at`.
    - `fast_forward` moves the clock only while the workflow waits for nothing but timers: it waits for
      pending activities and workflow tasks first, and every timer on the way fires in order, at its instant.
    - Activities run on wall time and see the wall clock; the pauses between their attempts are virtual.
    - A workflow started with `start_delay` begins when its clock gets there: the way to begin on a given day.
      Messages sent before are handled at that instant; a query before it fails.
    - A move on a workflow that has ended is refused by the server; one during which it ends answers False.
    - `max_session_skip_count` bounds the skips of one move; the server's own is 200.
    """
    return await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS_IN_A_SESSION),
        plugins=[CurativePlugin()],
        search_attributes=SEARCH_ATTRIBUTES,
        dev_server_existing_path=str(temporal_program()),
        dev_server_extra_args=[*VIRTUAL_CLOCK, *arguments],
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(seconds=60),
    )
