"""What is said of a software request: the request itself, what clears it up, keys, news (R12, SPEC §5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self, TypeGuard

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from domain.instants import Instant
from domain.masking import Secret
from domain.messages import (
    Assignment,
    Caller,
    Cancellation,
    CoverageException,
    Message,
    Name,
    Note,
    SerialNumber,
    Words,
)
from domain.outside_mail import OutsideMail

MOST_ITEMS = 200
MOST_KEYS = 20
LONGEST_KEY = 2_000


class StatedItem(BaseModel):
    """A piece of equipment as the requester names it: serial number and type, or one of them (R12)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial_number: SerialNumber | None = None
    type: Name | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.serial_number is None and self.type is None:
            raise ValueError("give its serial number, or its type at least")
        return self


class SoftwareRequest(Message):
    """Software is asked for (R12). `received_at` is when the call was picked up or the mail came in.

    `tell` is the workflow id of a curative case that waits for the answer.
    """

    kind = "request"
    requested_by: Caller
    channel: Literal["phone", "email"] = "phone"
    received_at: Instant | None = None
    items: Annotated[tuple[StatedItem, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    mail: OutsideMail | None = None
    exception: CoverageException | None = None
    tell: Name | None = None

    @model_validator(mode="after")
    def _each_piece_is_of_one_type(self) -> Self:
        types: dict[str, str] = {}
        for item in self.items:
            if item.serial_number is not None and item.type is not None:
                first = types.setdefault(item.serial_number, item.type)
                if first.casefold() != item.type.casefold():
                    raise ValueError(f"items: {item.serial_number} is stated as {first!r} and as {item.type!r}")
        return self

    @property
    def happened_at(self) -> datetime | None:
        return self.received_at or self.at

    @property
    def speaker(self) -> str:
        return f"customer:{self.requested_by.name}"

    @property
    def summary(self) -> str:
        count = len(self.items)
        return f"software is asked for, for {count} {'piece' if count == 1 else 'pieces'} of equipment"

    @property
    def distinct_items(self) -> Sequence[StatedItem]:
        """What is asked for, a serial number once; two pieces that are named by their type only are two."""
        found: dict[str, StatedItem] = {}
        others: list[StatedItem] = []
        for item in self.items:
            if item.serial_number is None:
                others.append(item)
            elif item.serial_number not in found or found[item.serial_number].type is None:
                found[item.serial_number] = item
        return [*found.values(), *others]


class Clarification(Message):
    """What a piece of equipment is, when the request left it open. Without a type, what the registry says is right.

    `item` is the number of the item that is meant, as the question gave it.
    """

    kind = "clarification"
    serial_number: SerialNumber
    type: Name | None = None
    item: Annotated[int, Field(ge=1, le=MOST_ITEMS, strict=True)] | None = None

    @property
    def speaker(self) -> str:
        return "customer:unnamed"

    @property
    def summary(self) -> str:
        about = f"item {self.item}: " if self.item else ""
        return f"{about}{self.serial_number} is {self.type or 'of the type that the registry says'}"


def _keys(value: object) -> tuple[Secret, ...]:
    """The keys of a message; what is wrong with them is said without repeating any."""
    texts = [each.reveal() if isinstance(each, Secret) else each for each in value] if _is_list(value) else []
    keys = [" ".join(text.split()) for text in texts if isinstance(text, str)]
    if not 1 <= len(keys) <= MOST_KEYS or len(keys) < len(texts) or not all(_is_key(key) for key in keys):
        raise ValueError(f"give 1 to {MOST_KEYS} keys in a list, each a text of 1 to {LONGEST_KEY} printable signs")
    return tuple(Secret(key) for key in dict.fromkeys(keys))


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, list | tuple)


def _is_key(text: str) -> bool:
    return bool(text) and text.isprintable() and len(text) <= LONGEST_KEY


class ActivationKeys(Message):
    """The vendor issues keys for a piece of equipment (R11)."""

    kind = "activation_keys"
    serial_number: SerialNumber
    keys: Annotated[tuple[Secret, ...], BeforeValidator(_keys)]

    @property
    def speaker(self) -> str:
        return "vendor:unnamed"

    @property
    def summary(self) -> str:
        return f"for {self.serial_number}: {', '.join(str(key) for key in self.keys)}"


class Withdrawal(Message):
    """A curative case that waited for the answer on a piece of equipment waits no more (R3)."""

    kind = "withdrawal"
    tell: Name
    serial_number: SerialNumber
    reason: Words

    @property
    def speaker(self) -> str:
        return f"case:{self.tell}"

    @property
    def summary(self) -> str:
        return f"{self.tell} waits no more for {self.serial_number} – {self.reason}"


class KeysGranted(Message):
    """The stock has something for a request that waits in line: it is to look. From our own store."""

    kind = "keys_granted"

    @property
    def speaker(self) -> str:
        return "system:stock of keys"

    @property
    def summary(self) -> str:
        return "the stock of keys has something for this request"


SOFTWARE_MESSAGES: dict[str, type[Message]] = {
    model.kind: model
    for model in (
        SoftwareRequest,
        Clarification,
        ActivationKeys,
        KeysGranted,
        Withdrawal,
        Cancellation,
        Assignment,
        Note,
    )
}
"""What is said of a request: one model a kind."""
