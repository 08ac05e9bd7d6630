"""From which depots articles are taken: the nearest that has them, and split only when none has them all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Pick(NamedTuple):
    """So many pieces of an article from one depot; or so many that a depot has."""

    location: str
    article: str
    quantity: int


class OutOfStock(Exception):
    """`articles` are those of which all depots together have not got enough; nothing is to be taken."""

    def __init__(self, articles: Sequence[str]) -> None:
        super().__init__(f"out of stock: {', '.join(articles)}")
        self.articles = tuple(articles)


def pick(wanted: Mapping[str, int], levels: Iterable[Pick], nearest: Sequence[str]) -> Sequence[Pick]:
    """What to take from where, all or nothing, in the order of `nearest` and then of the articles.

    `levels` is what the depots have, `nearest` the codes of the depots, the nearest first. Raises OutOfStock.
    """
    rank = {location: number for number, location in enumerate(nearest)}
    free = sorted((level for level in levels if level.quantity > 0), key=lambda level: rank[level.location])
    had = {article: [level for level in free if level.article == article] for article in wanted}
    missing = [article for article in sorted(wanted) if sum(level.quantity for level in had[article]) < wanted[article]]
    if missing:
        raise OutOfStock(missing)
    picks = [one for article in wanted for one in _pick_one(wanted[article], had[article])]
    return sorted(picks, key=lambda one: (rank[one.location], one.article))


def _pick_one(quantity: int, levels: Sequence[Pick]) -> Iterable[Pick]:
    whole = next((level for level in levels if level.quantity >= quantity), None)
    for level in levels if whole is None else [whole]:
        if quantity:
            taken = min(quantity, level.quantity)
            quantity -= taken
            yield level._replace(quantity=taken)
