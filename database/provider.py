"""The provider of the registry, as letters name it."""

import asyncpg

from database.pool import UNREACHABLE
from domain.provider import Provider

_FIND = """
select provider.name, provider.phone, calendars.spec as calendar
from provider join calendars on calendars.code = provider.calendar
"""


class NoProvider(Exception):
    """The registry names no provider; import one (docs/registry.md, provider.csv)."""


class ProviderDirectory:
    """Looks the provider up for every letter, and remembers it for as long as the database is away."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._last: Provider | None = None

    async def find(self) -> Provider:
        """The provider as the registry has it now; while the registry is away, as it was. Raises NoProvider."""
        try:
            row = await self._pool.fetchrow(_FIND)
        except UNREACHABLE:
            if self._last is None:
                raise
            return self._last
        if row is None:
            raise NoProvider("the registry names no provider: import provider.csv")
        self._last = Provider.model_validate(dict(row))
        return self._last
