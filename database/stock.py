"""Spare parts in our own stock: reserved for a case, used by it or given back; never fewer than none (R6, R7)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from database.locations import nearest_locations
from domain.effects import CallOff, Restock, StockAnswer, StockRequest
from domain.picking import OutOfStock, Pick, pick

# In one order for all, so that two who want the same pieces wait for each other and never deadlock.
_QUEUE = """
select location, article, quantity
from stock
where article in (select jsonb_array_elements_text($1))
order by location, article
for no key update
"""

_TAKE = "update stock set quantity = quantity - $3 where location = $1 and article = $2"

_RESERVE = """
insert into stock_reservations (case_reference, round, step, location, article, quantity, state)
values ($1, $2, $3, $4, $5, $6, 'reserved')
"""

_END = """
with ended as (
    update stock_reservations set state = $4
    where case_reference = $1 and round = $2 and step = $3 and state = 'reserved'
    returning location, article, quantity
)
select location, article, quantity from ended order by location, article
"""

_END_ALL = """
with ended as (
    update stock_reservations set state = 'given_back' where case_reference = $1 and state = 'reserved'
    returning location, article, quantity
)
select location, article, sum(quantity) from ended group by location, article order by location, article
"""

_USED = """
select round, step, location, quantity
from stock_reservations
where case_reference = $1 and article = $2 and state = 'used'
order by round desc, step desc, location
for update
"""

_USED_LESS = """
update stock_reservations
set quantity = case when quantity > $6 then quantity - $6 else quantity end,
    state = case when quantity > $6 then state else 'given_back' end
where case_reference = $1 and round = $2 and step = $3 and location = $4 and article = $5
"""

_PUT_BACK = """
insert into stock (location, article, quantity) values ($1, $2, $3)
on conflict (location, article) do update set quantity = stock.quantity + excluded.quantity
"""

_LEVELS = """
select location, article, quantity
from stock
where quantity > 0 and article in (select jsonb_array_elements_text($1))
order by article, quantity desc, location
"""


class Stock:
    """The stock in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._effects = Effects(pool)

    async def reserve(self, request: StockRequest) -> StockAnswer:
        """Reserve all of the articles or none, each from the nearest depot that has as many; once for each key.

        An article comes from several depots only when no single one has all of it.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            return (await _reserve(connection, request)).model_dump(mode="json")

        return StockAnswer.model_validate(await self._effects.once(request.key, request.now, write))

    async def give_back(self, call_off: CallOff) -> None:
        """Put back what is still reserved under that key. Repeating it changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            for place in await _end(connection, call_off, "given_back"):
                await connection.execute(_PUT_BACK, *place)

    async def use(self, call_off: CallOff) -> None:
        """What is reserved under that key has left the house: it does not come back by `give_back`."""
        await _end(self._pool, call_off, "used")

    async def restock(self, restock: Restock) -> None:
        """Put back what a case used and returned, to the depots that it came from; once for each key.

        No more comes back than the case took: what was never ours is left alone.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            for article, quantity in sorted(Counter(restock.articles).items()):
                await _restock(connection, restock.key.case, article, quantity)
            return True

        await self._effects.once(restock.key, restock.now, write)

    async def levels(self, articles: Iterable[str]) -> Sequence[Pick]:
        """Where those articles are free, the fullest depot of each first; nothing for what is nowhere."""
        return [Pick(*row) for row in await self._pool.fetch(_LEVELS, sorted(set(articles)))]


async def give_back_all(connection: asyncpg.Connection, case: str) -> None:
    """Put back whatever is still reserved for that case, under any key, in the caller's transaction."""
    for place in await connection.fetch(_END_ALL, case):
        await connection.execute(_PUT_BACK, *place)


async def _reserve(connection: asyncpg.Connection, request: StockRequest) -> StockAnswer:
    wanted, key = Counter(request.articles), request.key
    levels = [Pick(*row) for row in await connection.fetch(_QUEUE, sorted(wanted))]
    try:
        picks = pick(wanted, levels, await nearest_locations(connection, request.site))
    except OutOfStock as out:
        return StockAnswer(missing=out.articles)
    await connection.executemany(_TAKE, picks)
    await connection.executemany(_RESERVE, [(key.case, key.round, key.step, *one) for one in picks])
    return StockAnswer(locations=tuple(dict.fromkeys(one.location for one in picks)))


async def _restock(connection: asyncpg.Connection, case: str, article: str, quantity: int) -> None:
    """The latest that was taken comes back first."""
    left = quantity
    for round_, step, location, used in await connection.fetch(_USED, case, article):
        back = min(left, used)
        if back:
            await connection.execute(_USED_LESS, case, round_, step, location, article, back)
            await connection.execute(_PUT_BACK, location, article, back)
        left -= back


async def _end(
    connection: asyncpg.Connection | asyncpg.Pool, call_off: CallOff, state: Literal["used", "given_back"]
) -> Sequence[Pick]:
    key = call_off.of
    return [Pick(*row) for row in await connection.fetch(_END, key.case, key.round, key.step, state)]
