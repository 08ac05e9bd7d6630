"""What every message has in common."""

import re
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from domain.instants import Instant
from domain.serial_numbers import normalise_serial_number

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=4_000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
"""A text that says something: a reason, a symptom, a remark."""

_ACTOR = re.compile(r"[a-z][a-z0-9_]{0,30}:.{1,200}")

SerialNumber = Annotated[str, AfterValidator(normalise_serial_number)]


def _role_and_name(text: str) -> str:
    if not _ACTOR.fullmatch(text):
        raise ValueError(f"write it as role:name, as in supervisor:R. Martin, not {text[:80]!r}")
    return text


Actor = Annotated[str, AfterValidator(_role_and_name)]


class MessageRefused(Exception):
    """A message that does not fit. `field` names what to mend, `reason` says why; `str()` is both, one sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Message(BaseModel):
    """What every message may carry: its own id, the case it is meant for, who says it, and when it happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    message_id: Name | None = None
    case: Name | None = None
    actor: Actor | None = None
    at: Instant | None = None

    @property
    def happened_at(self) -> datetime | None:
        """The instant at which it happened, when the message tells it."""
        return self.at

    @property
    def instant(self) -> datetime:
        """The instant at which it happened, of a message that was accepted: then it has one."""
        assert self.happened_at is not None
        return self.happened_at

    @property
    def speaker(self) -> str:
        """Who said it, as `role:name`, when the message names no actor."""
        return "support:unnamed"

    @property
    def summary(self) -> str:
        """One line for the journal."""
        return ""

    @property
    def said_by(self) -> str:
        """The actor of the journal line."""
        return self.actor or self.speaker
