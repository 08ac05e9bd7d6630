"""What is to be done with a mail: decided once, written down, and then done as often as it takes (R12).

Each action bears the id under which it is done, so that doing it again changes nothing.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskForSoftware(_Action):
    """A software request is opened, or joined."""

    do: Literal["ask_for_software"] = "ask_for_software"
    message_id: str
    request: dict[str, JsonValue]


class ReportBreakdown(_Action):
    """A call-back for level 1, with the report drafted: R4 asks for a call."""

    do: Literal["report_breakdown"] = "report_breakdown"
    message_id: str
    call: dict[str, JsonValue]


class ReplyItem(_Action):
    """What an answer says that a piece of equipment is."""

    serial_number: str | None = None
    type: str | None = None
    registered_type: str | None = None


class Join(_Action):
    """The mail goes to the case that it belongs to; when that takes nothing any more, something else is done."""

    do: Literal["join"] = "join"
    message_id: str
    reference: str
    actor: str
    text: str
    items: tuple[ReplyItem, ...] = ()
    otherwise: tuple["Action", ...] = ()


class FileForAPerson(_Action):
    """A person reads it."""

    do: Literal["file"] = "file"
    reason: str
    reference: str | None = None


class Ignore(_Action):
    """Nothing is done."""

    do: Literal["ignore"] = "ignore"
    reason: str


Action: TypeAlias = Annotated[
    AskForSoftware | ReportBreakdown | Join | FileForAPerson | Ignore, Field(discriminator="do")
]
Join.model_rebuild()


class Plan(BaseModel):
    """What one mail is, and what follows. `asked` are the serial numbers and types that it asks something for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    reason: str
    actions: tuple[Action, ...]
    asked: tuple[str, ...] = ()

    @property
    def starts_something(self) -> bool:
        """Whether somebody is answered because of it."""
        return any(isinstance(action, AskForSoftware | ReportBreakdown) for action in self.actions)


class Outcome(BaseModel):
    """What came of a mail: in a word, and to which case it led."""

    model_config = ConfigDict(frozen=True)

    word: str
    reference: str | None = None

    @classmethod
    def of(cls, outcomes: Sequence["Outcome"]) -> "Outcome":
        """The outcome of several actions."""
        words = "+".join(dict.fromkeys(outcome.word for outcome in outcomes)) or "ignored"
        return cls(word=words, reference=next((each.reference for each in outcomes if each.reference), None))
