"""Parcels that did not arrive as they should, and how a later word on one of them is told from the next (R8)."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from domain.messages import Message, Shipment
from domain.rounds import Round

PARCELS_REMEMBERED = 20
"""How many of the newest parcels that failed travel with a case."""

COMES_AGAIN = frozenset({"partial", "refused_at_site"})
"""How a parcel can have failed that the carrier brings once more, or the vendor completes, under its first number."""


class FailedParcel(BaseModel):
    """A parcel of a replacement in whose place another one was ordered."""

    model_config = ConfigDict(frozen=True)

    round: int
    order: int
    """Which order of its round it was."""
    failed_because: str
    tracking_number: str | None
    articles: tuple[str, ...]
    from_stock: bool

    @property
    def stock_articles(self) -> tuple[str, ...]:
        """What of it came from our own stock."""
        return self.articles if self.from_stock else ()


def failed(round_: Round, news: Shipment) -> FailedParcel:
    """The present parcel of that round, which has failed as the news says."""
    return FailedParcel(
        round=round_.number,
        order=round_.orders,
        failed_because=news.status,
        tracking_number=news.tracking_number or round_.tracking_number,
        articles=round_.ordered_articles,
        from_stock=round_.from_stock,
    )


def failed_before(round_: Round) -> list[FailedParcel]:
    """What the state of an older version tells of a parcel that was ordered again."""
    if round_.ordered_again_because is None:
        return []
    parcel = FailedParcel(
        round=round_.number,
        order=round_.orders - 1,
        failed_because=round_.ordered_again_because,
        tracking_number=None,
        articles=round_.ordered_articles,
        from_stock=round_.failed_from_stock,
    )
    return [parcel]


def earlier_parcel(parcels: Sequence[FailedParcel], round_: Round, news: Shipment) -> FailedParcel | None:
    """The failed parcel that the news is about, when its tracking number says so; None for the present parcel."""
    number = news.tracking_number
    if number is None or number == round_.tracking_number:
        return None
    named = next((parcel for parcel in reversed(parcels) if parcel.tracking_number == number), None)
    return None if named is not None and _came_again(named, round_, news) else named


def _came_again(parcel: FailedParcel, round_: Round, news: Shipment) -> bool:
    """It is delivered after all, and nothing else is on its way: nobody sends another."""
    is_awaited = round_.number == parcel.round and round_.dispatched_at is None and round_.delivered_at is None
    return news.status == "delivered" and is_awaited and parcel.failed_because in COMES_AGAIN


def turned_up(parcels: Sequence[FailedParcel], round_: Round, message: Message) -> FailedParcel | None:
    """The lost parcel that is delivered after all: by its tracking number, in whatever round it was sent.

    Without one, it is the parcel that was lost last, as long as what was ordered in its place has not left: only one
    parcel is on its way then.
    """
    if not isinstance(message, Shipment) or message.status != "delivered" or message.subject != "replacement":
        return None
    named = earlier_parcel(parcels, round_, message)
    if named is not None:
        return named if named.failed_because == "lost" else None
    last = parcels[-1] if parcels else None
    if last is None or last.round != round_.number or last.failed_because != "lost":
        return None
    is_told_apart = message.tracking_number is not None and last.tracking_number is not None
    return last if round_.dispatched_at is None and round_.delivered_at is None and not is_told_apart else None
