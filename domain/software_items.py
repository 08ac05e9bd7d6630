"""The items of a software request: each a piece of equipment, each with an answer of its own (R11, R12)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.software_messages import StatedItem


class ItemState(StrEnum):
    """How far an item has come. What is answered stays answered."""

    CHECKING = "checking"
    CLARIFICATION = "clarification"
    """The requester is asked what it is: the type does not match, or there is no serial number."""
    AWAITING_KEY = "awaiting_key"
    READY = "ready"
    """Everything is there to be delivered; with a key, the key is given out."""
    DELIVERED = "delivered"
    UP_TO_DATE = "up_to_date"
    NO_RELEASE = "no_release"
    NOT_COVERED = "not_covered"
    UNKNOWN = "unknown"
    NOT_CLARIFIED = "not_clarified"
    CANCELLED = "cancelled"


ANSWERED = frozenset(
    {
        *(ItemState.DELIVERED, ItemState.UP_TO_DATE, ItemState.NO_RELEASE, ItemState.NOT_COVERED),
        *(ItemState.UNKNOWN, ItemState.NOT_CLARIFIED, ItemState.CANCELLED),
    }
)
DROPPED = frozenset({ItemState.NOT_CLARIFIED, ItemState.CANCELLED})
"""Answered by the requester's own silence or word: nothing was owed any more."""

NEWS = {
    ItemState.DELIVERED: "delivered",
    ItemState.UP_TO_DATE: "up_to_date",
}
"""What a curative case that waits for the item is told; every other answer is `refused`."""


class ItemCard(BaseModel):
    """What the registry says of a piece of equipment, as far as a request needs it."""

    model_config = ConfigDict(frozen=True)

    type: str
    customer: str
    customer_name: str
    contract: str
    site: str
    site_name: str
    vendor: str
    vendor_name: str
    vendor_email: str
    installed_version: str
    deliver_to: str
    """The registered contact to whom software and keys are sent; empty when none is registered."""
    is_theirs: bool = True
    """The requester writes from an address of the equipment's customer, or asked by phone: they may know what it is."""


class Item(BaseModel):
    """One item of a request. `serial_number` is what counts now: stated, clarified, or in the old one's place."""

    number: int
    stated: StatedItem
    serial_number: str | None = None
    type: str | None = None
    """The type as stated, until the registry's is known."""
    card: ItemCard | None = None
    release: str | None = None
    state: ItemState = ItemState.CHECKING
    reason: str = ""
    """Why it stands so, in one sentence, for people."""
    is_step: bool = False
    """A newer release exists, which cannot be installed from what runs now."""
    asked_at: datetime | None = None
    """When the requester was asked what it is."""
    clarified_at: datetime | None = None
    keys: tuple[str, ...] = ()
    """Masked."""
    place_in_line: int | None = None
    vendor_asked_at: datetime | None = None
    answered_at: datetime | None = None
    is_told: bool = False
    """The requester was told the answer, or needs not to be."""

    @property
    def is_answered(self) -> bool:
        """Nothing more will come of it."""
        return self.state in ANSWERED

    @property
    def name(self) -> str:
        """What people call it: its serial number, else its type."""
        return self.serial_number or self.type or f"item {self.number}"

    @property
    def contract(self) -> str | None:
        """The contract that covers it, when one does."""
        return self.card.contract if self.card and self.state is not ItemState.NOT_COVERED else None

    def ask(self, question: str, at: datetime) -> None:
        """The requester must say what it is."""
        self.state, self.reason, self.asked_at = ItemState.CLARIFICATION, question, at

    def clear_up(self, serial_number: str, stated_type: str | None, at: datetime) -> None:
        """The requester has said what it is: it is looked up anew."""
        self.serial_number, self.type = serial_number, stated_type
        self.state, self.reason, self.clarified_at = ItemState.CHECKING, "", at

    def answer(self, state: ItemState, reason: str, at: datetime) -> None:
        """Its answer, and since when it has it."""
        self.state, self.reason, self.answered_at = state, reason, at


def items_of(stated: tuple[StatedItem, ...]) -> list[Item]:
    """The items of a request, numbered from 1."""
    return [
        Item(number=number, stated=item, serial_number=item.serial_number, type=item.type)
        for number, item in enumerate(stated, start=1)
    ]
