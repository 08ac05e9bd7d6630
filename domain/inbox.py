"""What a case has been told and not used yet, and the ids of the messages it has heard (SPEC §5)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.messages import CASE_MESSAGES, Message
from domain.slots import Subject


def digest(message: Message) -> str:
    """A fingerprint of what a message says: two messages with one id must agree in it."""
    content = json.dumps([message.kind, message.model_dump(mode="json", exclude_unset=True)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


class PendingMessage(BaseModel):
    """A message that waits for its turn."""

    model_config = ConfigDict(frozen=True)

    kind: str
    payload: dict[str, JsonValue]
    about: Subject = "replacement"
    was_kept: bool = False
    comes_first: bool = False
    """It is answered before anything else, whatever the stage."""

    @classmethod
    def of(
        cls,
        message: Message,
        entered_at: datetime,
        *,
        about: Subject = "replacement",
        was_kept: bool = False,
        comes_first: bool = False,
    ) -> "PendingMessage":
        """Keep that message as plain data; it happened when it arrived, unless it tells its own instant."""
        dated = message if message.happened_at else message.model_copy(update={"at": entered_at})
        payload = dated.model_dump(mode="json", exclude_none=True)
        return cls(kind=message.kind, payload=payload, about=about, was_kept=was_kept, comes_first=comes_first)

    def message(self, messages: Mapping[str, type[Message]] = CASE_MESSAGES) -> Message:
        """The message again, as one of those that a process takes."""
        return messages[self.kind].model_validate(self.payload)


class HeardMessage(BaseModel):
    """What was answered to a message that had an id, for its repeats."""

    model_config = ConfigDict(frozen=True)

    digest: str
    disposition: str
    text: str
