"""What messages are told to: it journals each, and knows the ids that it has heard (SPEC §5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.inbox import HeardMessage
from domain.journal import Disposition
from domain.messages import Message


class Hearing(Protocol):
    """The state of a workflow that takes messages."""

    @property
    def opened_at(self) -> datetime:
        """When the workflow began."""

    @property
    def heard(self) -> dict[str, HeardMessage]:
        """What was answered to the messages that had an id, by their ids."""

    def write(
        self,
        entered_at: datetime,
        actor: str,
        kind: str,
        disposition: Disposition,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """Append a line to the journal."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a message, and one sentence on it for whoever sent it."""

    disposition: Disposition = Disposition.TAKEN
    text: str = "taken"


class DirectHearing(Hearing, Protocol):
    """The state of a workflow that decides on each message at once, by what it is now."""

    @property
    def reference(self) -> str:
        """What a message that names a case must name."""

    @property
    def begins_at(self) -> datetime:
        """Nothing that is said of it can have happened before."""

    def receive(self, message: Message, now: datetime) -> Verdict:
        """Decide, and change nothing. Raises MessageRefused with the field and the reason when it does not fit."""

    def learn(self, message: Message, verdict: Verdict) -> None:
        """Take in what was decided on; the message has its instant, and is journaled."""
