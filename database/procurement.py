"""What was asked of vendors and what was ordered: noted exactly once, under the identifier that goes out with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from database.stock import put_back, take
from domain.effects import EffectKey, ReplacementOrder, ReplacementRequest

Subject: TypeAlias = Literal["replacement", "loan"]

_NOTE_REQUEST = """
insert into vendor_requests (case_reference, round, step, identifier, vendor, serial_number, articles, requested_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_NOTE_ORDER = """
insert into orders (case_reference, round, step, identifier, subject, vendor, rma_number, site, articles,
                    stock_location, ordered_at, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

_CALL_OFF_REQUEST = """
update vendor_requests set called_off_at = $4
where case_reference = $1 and round = $2 and step = $3 and called_off_at is null
returning true
"""

_CALL_OFF_ORDER = """
update orders set called_off_at = $4
where case_reference = $1 and round = $2 and step = $3 and called_off_at is null
returning stock_location, articles
"""


class Procurement:
    """Vendor requests and orders in PostgreSQL (R6, R7, R8)."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def note_request(self, request: ReplacementRequest) -> str:
        """Note that the vendor is asked for a replacement; answers with the identifier to send. Once for each key.

        Raises `asyncpg.ForeignKeyViolationError` for a vendor that the registry does not know.
        """
        key = request.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            articles = list(request.defective_articles)
            values = (key.identifier, request.vendor, request.serial_number, articles, request.now)
            await connection.execute(_NOTE_REQUEST, key.case, key.round, key.step, *values)
            return key.identifier

        return str(await self._effects.once(key, request.now, write))

    async def note_order(
        self, order: ReplacementOrder, *, subject: Subject = "replacement", stock_location: str | None = None
    ) -> str:
        """Note an order; answers with its identifier. Once for each key.

        The vendor ships, unless a stock location is named: then the parts leave our stock with the same note, and
        `OutOfStock` is raised, and nothing noted, when it has not got them all.
        """
        key = order.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            if stock_location is not None:
                await take(connection, stock_location, order.articles)
            what = (key.identifier, subject, order.vendor, order.rma_number, order.site, list(order.articles))
            when = (order.now, order.due_at)
            await connection.execute(_NOTE_ORDER, key.case, key.round, key.step, *what, stock_location, *when)
            return key.identifier

        return str(await self._effects.once(key, order.now, write))

    async def call_off_request(self, key: EffectKey, at: datetime) -> bool:
        """Note that the request is withdrawn. False when there is none under that key, or it was withdrawn before."""
        return bool(await self._pool.fetchval(_CALL_OFF_REQUEST, key.case, key.round, key.step, at))

    async def call_off_order(self, key: EffectKey, at: datetime) -> bool:
        """Note that the order is called off, and put parts of our own back. False as for `call_off_request`."""
        async with self._pool.acquire() as connection, connection.transaction():
            order = await connection.fetchrow(_CALL_OFF_ORDER, key.case, key.round, key.step, at)
            if order is None:
                return False
            articles: Sequence[str] = order["articles"]
            if order["stock_location"] is not None:
                await put_back(connection, order["stock_location"], articles)
            return True
