"""A PostgreSQL of a test's own, which it can take away from everybody and give back."""

from contextlib import AsyncExitStack
from pathlib import Path

from starter.embedded_postgres import ensure_database, running_postgres
from starter.prepare import prepare_database

DATABASE = "curative"


class StoppablePostgres:
    """One server on `home`; `url` stays the same from one start to the next."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running = AsyncExitStack()
        self.url = ""

    async def start(self) -> None:
        """Start, with the data that it had."""
        server = await self._running.enter_async_context(running_postgres(self._home, durable=False))
        self.url = await ensure_database(server, DATABASE)

    async def stop(self) -> None:
        """End every session and refuse new ones: there is nobody at `url` any more."""
        await self._running.aclose()

    async def prepare(self) -> None:
        """Start with the schema and the sample registry."""
        await self.start()
        await prepare_database(self.url, sample=True)
