"""Rounds of intervention (*passages*): from a diagnosis to the test that ends it, as often as it takes (R9)."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from domain.effects import EffectKey
from domain.exchange import ExchangeLine
from domain.messages import RemoteDiagnosis

ROUNDS_SHOWN = 50
"""How many of the newest rounds travel with a case."""

CommitmentKind: TypeAlias = Literal["vendor_request", "stock", "order", "visit"]


class Round(BaseModel):
    """One round, and what it has led to so far."""

    number: int = 1
    reason: str
    began_at: datetime
    ended_at: datetime | None = None

    finding: RemoteDiagnosis | None = None
    lines: tuple[ExchangeLine, ...] = ()
    from_stock: bool = False
    is_urgent: bool = False
    """A part was dead on arrival: the next one is asked for at once (R9)."""
    is_owed_to_the_customer: bool = False
    """It began because service is not restored after all: the customer is told by when the diagnosis goes on (R9)."""
    is_vendor_reminded: bool = False
    is_silence_told: bool = False
    chasing: list[EffectKey] = []
    """The letters by which the vendor was chased: needless once there is an answer."""
    requested_at: datetime | None = None
    approved_at: datetime | None = None
    rma_number: str | None = None
    orders: int = 0
    ordered_again_because: str | None = None
    """How the parcel before the present one failed."""
    failed_from_stock: bool = False
    """What versions before said of that parcel, in place of `CaseState.failed_parcels`."""
    is_breach_heeded: bool = False
    tracking_number: str | None = None
    """Of the parcel that is on its way."""
    dispatched_at: datetime | None = None
    delivered_at: datetime | None = None
    left_on_site: tuple[str, ...] = ()
    """What earlier rounds have delivered, and nobody has accounted for yet: it is used, or comes back."""
    left_from_stock: tuple[str, ...] = ()
    """Which of it came from our own stock, whatever this round's parts come from."""

    @property
    def articles_on_site(self) -> tuple[str, ...]:
        """What was delivered, in this round or left over from another, named once a piece."""
        return (*self.left_on_site, *(self.ordered_articles if self.delivered_at else ()))

    @property
    def own_articles_on_site(self) -> tuple[str, ...]:
        """Which of them came from our own stock."""
        return (*self.left_from_stock, *(self.ordered_articles if self.delivered_at and self.from_stock else ()))

    def leave_parts_on_site(self) -> None:
        """What was delivered stays there for another visit."""
        self.left_on_site, self.left_from_stock = self.articles_on_site, self.own_articles_on_site

    def forget_parts_left(self) -> None:
        """What earlier rounds left on site is accounted for."""
        self.left_on_site, self.left_from_stock = (), ()

    @property
    def ordered_articles(self) -> tuple[str, ...]:
        """What is replaced, named once a piece (R7)."""
        return tuple(line.article for line in self.lines if line.is_ordered for _ in range(line.quantity))


def order_step(number: int) -> str:
    """The step of the key of that order of a round, counted from 1: each has its own."""
    return "replacement-order" if number == 1 else f"replacement-order-{number}"


class RoundView(BaseModel):
    """A round as people see it."""

    model_config = ConfigDict(frozen=True)

    number: int
    reason: str
    began_at: datetime
    ended_at: datetime | None
    finding: str | None
    lines: tuple[ExchangeLine, ...]
    rma_number: str | None
    dispatched_at: datetime | None
    delivered_at: datetime | None


def view_of_round(round_: Round) -> RoundView:
    """Show a round as it stands."""
    return RoundView(
        number=round_.number,
        reason=round_.reason,
        began_at=round_.began_at,
        ended_at=round_.ended_at,
        finding=round_.finding.summary[:500] if round_.finding else None,
        lines=round_.lines,
        rma_number=round_.rma_number,
        dispatched_at=round_.dispatched_at,
        delivered_at=round_.delivered_at,
    )


class Commitment(BaseModel):
    """Something that was begun under a key: noted before it is done, so that it can always be undone."""

    model_config = ConfigDict(frozen=True)

    kind: CommitmentKind
    key: EffectKey
    what: str
