"""Technicians as the registry has them."""

import asyncpg


class Technicians:
    """Looks up technicians by their code."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def email(self, code: str) -> str | None:
        """Where to write to a technician; None for a code that the registry does not know."""
        email: str | None = await self._pool.fetchval("select email from technicians where code = $1", code)
        return email
