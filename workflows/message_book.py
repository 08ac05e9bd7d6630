"""What every inbox does: an id is heard once, an instant is believed or not, nothing passes unjournaled (SPEC §5)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from domain.hearing import Hearing
from domain.inbox import HeardMessage
from domain.journal import Disposition
from domain.masking import said_without_secrets, without_secrets
from domain.messages import Message, MessageRefused

HEARD = 4_000
"""How many ids of messages are remembered, the newest of them."""

SHOWN_PAYLOAD = 500
"""How much of a message that does not fit is shown in the journal, in characters."""

Word = TypeVar("Word", bound=Message)


class MessageBook:
    """Keeps the book of one workflow: what it has heard, and what it was told that does not fit."""

    def __init__(self, hearing: Hearing, now: Callable[[], datetime]) -> None:
        self._hearing = hearing
        self._now = now

    def repeated(self, message: Message, digest: str) -> HeardMessage | None:
        """What was answered to the message the first time; None when it is new.

        Raises MessageRefused when its id was used for a message with other content.
        """
        heard = self._hearing.heard.get(message.message_id or "")
        if heard is not None and heard.digest != digest:
            raise MessageRefused("message_id", f"{message.message_id!r} was used for a message with other content")
        return heard

    def remember(self, message: Message, digest: str, disposition: str, text: str) -> None:
        """Remember what was answered to a message that has an id, for its repeats."""
        heard = self._hearing.heard
        if message.message_id is not None:
            heard[message.message_id] = HeardMessage(digest=digest, disposition=disposition, text=text)
        while len(heard) > HEARD:
            heard.pop(next(iter(heard)))

    def dated(self, message: Word, sent_at: datetime | None) -> Word:
        """The message with the instant at which it was sent: believed when it lies within the life of the case."""
        if message.happened_at is not None or sent_at is None:
            return message
        in_its_life = self._hearing.opened_at <= sent_at <= self._now()
        return message.model_copy(update={"at": sent_at}) if in_its_life else message

    def refuse(self, kind: str, payloads: tuple[object, ...], refusal: MessageRefused) -> None:
        """Journal a message that nobody waits for an answer to, and that does not fit; keys in it are masked."""
        payload = payloads[0] if len(payloads) == 1 else payloads
        shown = ascii(without_secrets(kind, payload))[:SHOWN_PAYLOAD]
        text = f"{_printable(said_without_secrets(str(refusal), kind, payload))} – {shown}"
        self._hearing.write(self._now(), "unknown:unnamed", _printable(kind), Disposition.REFUSED, text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()[:1_000]
