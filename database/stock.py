"""Spare parts in our own stock: never fewer than none."""

from collections import Counter
from collections.abc import Iterable, Sequence

import asyncpg
from pydantic import BaseModel, ConfigDict

_TAKE = """
update stock set quantity = quantity - $3
where location = $1 and article = $2 and quantity >= $3
returning true
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


class OutOfStock(Exception):
    """The location has not got that many of an article; another location or the vendor may."""


class StockLevel(BaseModel):
    """So many pieces of an article at a location."""

    model_config = ConfigDict(frozen=True)

    location: str
    article: str
    quantity: int


async def stock_levels(pool: asyncpg.Pool, articles: Iterable[str]) -> Sequence[StockLevel]:
    """Where those articles are in stock, the fullest location of each first; nothing for what is nowhere."""
    rows = await pool.fetch(_LEVELS, sorted(set(articles)))
    return [StockLevel.model_validate(dict(row)) for row in rows]


async def take(connection: asyncpg.Connection, location: str, articles: Iterable[str]) -> None:
    """Take the articles (named once a piece) from the location, in the caller's transaction.

    Raises OutOfStock, upon which the caller's transaction must not be committed.
    """
    for article, quantity in sorted(Counter(articles).items()):
        if not await connection.fetchval(_TAKE, location, article, quantity):
            raise OutOfStock(f"{location} has not got {quantity} of article {article}: take it elsewhere.")


async def put_back(connection: asyncpg.Connection, location: str, articles: Iterable[str]) -> None:
    """Return the articles (named once a piece) to the location, in the caller's transaction."""
    for article, quantity in sorted(Counter(articles).items()):
        await connection.execute(_PUT_BACK, location, article, quantity)
