"""What was asked of vendors and what was ordered: noted exactly once, under the identifier that goes out with it."""

from datetime import datetime

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from domain.effects import EffectKey, ReplacementOrder, ReplacementRequest, Rerouting

_NOTE_REQUEST = """
insert into vendor_requests (case_reference, round, step, identifier, vendor, serial_number, articles, requested_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_NOTE_ORDER = """
insert into orders (case_reference, round, step, identifier, subject, vendor, rma_number, site, articles,
                    from_stock, ordered_at, due_at)
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
returning true
"""

_REROUTE_ORDER = """
update orders set site = $5, due_at = $6, rerouted_at = $4
where case_reference = $1 and round = $2 and step = $3 and called_off_at is null
returning true
"""


class Procurement:
    """Vendor requests and orders in PostgreSQL (R6, R7, R8)."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def note_request(self, request: ReplacementRequest) -> str | None:
        """Note that the vendor is asked for a replacement; answers with the identifier to send. Once for each key.

        None, and nothing is noted, when the request was called off before anybody had come so far.
        Raises `asyncpg.ForeignKeyViolationError` for a vendor that the registry does not know.
        """
        key = request.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            articles = list(request.defective_articles)
            values = (key.identifier, request.vendor, request.serial_number, articles, request.now)
            await connection.execute(_NOTE_REQUEST, key.case, key.round, key.step, *values)
            return key.identifier

        return _identifier(await self._effects.once(key, request.now, write))

    async def note_order(self, order: ReplacementOrder) -> str | None:
        """Note an order; answers with its identifier. Once for each key; None as for a request.

        The vendor ships, unless the order says `from_stock`: then the parts are those that the case has reserved.
        """
        key = order.key

        async def write(connection: asyncpg.Connection) -> JsonValue:
            what = (key.identifier, order.subject, order.vendor, order.rma_number, order.site, list(order.articles))
            when = (order.now, order.due_at)
            await connection.execute(_NOTE_ORDER, key.case, key.round, key.step, *what, order.from_stock, *when)
            return key.identifier

        return _identifier(await self._effects.once(key, order.now, write))

    async def call_off_request(self, key: EffectKey, at: datetime) -> bool:
        """Note that the request is withdrawn. False when there is none under that key, or it was withdrawn before.

        One that is on its way, and was not noted yet, never will be.
        """
        return await self._call_off(_CALL_OFF_REQUEST, key, at)

    async def call_off_order(self, key: EffectKey, at: datetime) -> bool:
        """Note that the order is called off; parts of our own are given back apart. False as for `call_off_request`."""
        return await self._call_off(_CALL_OFF_ORDER, key, at)

    async def _call_off(self, statement: str, key: EffectKey, at: datetime) -> bool:
        async with self._pool.acquire() as connection, connection.transaction():
            await self._effects.forestall(connection, key, at)
            return bool(await connection.fetchval(statement, key.case, key.round, key.step, at))

    async def reroute_order(self, rerouting: Rerouting) -> bool:
        """Note where the order goes now, and when it is due there. False when there is none, or it was called off."""
        key, values = rerouting.order, (rerouting.now, rerouting.site, rerouting.due_at)
        return bool(await self._pool.fetchval(_REROUTE_ORDER, key.case, key.round, key.step, *values))


def _identifier(noted: JsonValue) -> str | None:
    return noted if isinstance(noted, str) else None
