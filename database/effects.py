"""The store by which an effect finds its first run (SPEC §7.3)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

import asyncpg
from pydantic import JsonValue

from domain.effects import EffectKey

Action: TypeAlias = Callable[[asyncpg.Connection], Awaitable[JsonValue]]
"""Writes what the effect stands for on the given connection, and answers with the effect's result."""


class Effects:
    """Exactly once in PostgreSQL: the effect and the rows it stands for are written in one transaction."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def once(self, key: EffectKey, at: datetime, action: Action, undo: Action | None = None) -> JsonValue:
        """Run the action and keep its result; or, when it ran before under this key, answer with that result.

        Callers at the same time wait for the first. An action that raises leaves nothing behind, and the next
        caller runs it.

        With `undo`, whoever asks under the key at a later instant asks for something else: what was done for a worker
        that died before its task was in history is undone, and the action run anew. Attempts at one and the same
        thing name one instant, and one that comes late an earlier one.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if not await _claim(connection, key, at):
                if undo is None or not await _claim_anew(connection, key, at):
                    return await _result(connection, key)
                await undo(connection)
            result = await action(connection)
            await _keep(connection, key, result)
            return result

    async def forestall(self, connection: asyncpg.Connection, key: EffectKey, at: datetime) -> None:
        """Let an effect that has not happened yet never happen: whoever comes late finds None as its result.

        Waits for whoever is at it; what has happened stays.
        """
        await _claim(connection, key, at)

    async def find(self, key: EffectKey) -> JsonValue:
        """The result of the effect's first run, or None when it never ran."""
        return await _result(self._pool, key)


async def _claim(connection: asyncpg.Connection, key: EffectKey, at: datetime) -> bool:
    claimed = await connection.fetchval(
        "insert into effects (case_reference, round, step, at, result) values ($1, $2, $3, $4, 'null')"
        " on conflict do nothing returning true",
        key.case,
        key.round,
        key.step,
        at,
    )
    return claimed is not None


async def _claim_anew(connection: asyncpg.Connection, key: EffectKey, at: datetime) -> bool:
    claimed = await connection.fetchval(
        "update effects set at = $4 where case_reference = $1 and round = $2 and step = $3 and at < $4 returning true",
        key.case,
        key.round,
        key.step,
        at,
    )
    return claimed is not None


async def _result(connection: asyncpg.Connection | asyncpg.Pool, key: EffectKey) -> JsonValue:
    result: JsonValue = await connection.fetchval(
        "select result from effects where case_reference = $1 and round = $2 and step = $3",
        key.case,
        key.round,
        key.step,
    )
    return result


async def _keep(connection: asyncpg.Connection, key: EffectKey, result: JsonValue) -> None:
    await connection.execute(
        "update effects set result = $4 where case_reference = $1 and round = $2 and step = $3",
        key.case,
        key.round,
        key.step,
        result,
    )
