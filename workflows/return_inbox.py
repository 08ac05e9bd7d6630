"""The inbox of a return: decides on messages and writes every one of them into the journal (SPEC §5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.inbox import HeardMessage, digest
from domain.journal import Disposition
from domain.messages import MessageRefused
from domain.references import normalise_reference
from domain.return_messages import ReturnMessage, ReturnNews, parse_return_message
from domain.returns import EquipmentReturn

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of the return's clock an instant may lie."""

SHOWN_PAYLOAD = 500
"""How much of a message that does not fit is shown in the journal, in characters."""

TAKEN = "taken"


@dataclass(frozen=True)
class Decision:
    """A message that fits, with the instant at which it happened; or the repeat of one that was taken."""

    message: ReturnMessage
    digest: str
    is_repeat: bool = False


class ReturnInbox:
    """Takes what is said of a return at once: nothing is ever kept for later."""

    def __init__(self, tracked: EquipmentReturn, now: Callable[[], datetime]) -> None:
        self._tracked = tracked
        self._now = now

    def decide(self, kind: str, payloads: tuple[object, ...], sent_at: datetime | None = None) -> Decision:
        """Decide on a message without changing anything. Raises MessageRefused with the field and the reason.

        A message that tells no instant happened when it was sent, if that is known, else now.
        """
        message = parse_return_message(kind, payloads)
        fingerprint = digest(message)
        heard = self._tracked.heard.get(message.message_id or "")
        if heard is not None:
            if heard.digest != fingerprint:
                raise MessageRefused("message_id", f"{message.message_id!r} was used for a message with other content")
            return Decision(message, fingerprint, is_repeat=True)
        self._check(message)
        return Decision(self._dated(message, sent_at), fingerprint)

    def _check(self, message: ReturnMessage) -> None:
        tracked, now = self._tracked, self._now()
        if tracked.order is None or not tracked.is_open:
            raise MessageRefused("kind", f"{message.kind} is out of date: the return is {tracked.state}")
        case = tracked.order.key.case
        if message.case is not None and case not in (message.case, normalise_reference(message.case)):
            raise MessageRefused("case", f"this return belongs to {case}; the message is meant for {message.case!r}")
        if message.at is None:
            return
        if message.at > now + CLOCK_TOLERANCE:
            raise MessageRefused("at", f"{message.at.isoformat()} lies ahead of the return's clock ({_second(now)})")
        asked_at = min(tracked.opened_at, tracked.order.now)
        if message.at < asked_at:
            raise MessageRefused("at", f"{message.at.isoformat()} lies before it was asked for ({_second(asked_at)})")

    def _dated(self, message: ReturnMessage, sent_at: datetime | None) -> ReturnMessage:
        if message.at is not None:
            return message
        now = self._now()
        in_its_life = sent_at is not None and self._tracked.opened_at <= sent_at <= now
        return message.model_copy(update={"at": sent_at if in_its_life else now})

    def accept(self, decision: Decision) -> None:
        """Let a decision take effect: journal it, and learn from it."""
        message, tracked = decision.message, self._tracked
        if decision.is_repeat:
            return
        if message.message_id is not None:
            heard = HeardMessage(digest=decision.digest, disposition=TAKEN, text=TAKEN)
            tracked.heard[message.message_id] = heard
        summary, at = message.summary, message.happened_at
        tracked.write(self._now(), message.said_by, message.kind, Disposition.TAKEN, summary, at=at)
        if isinstance(message, ReturnNews):
            tracked.learn(message)

    def refuse(self, kind: str, payloads: tuple[object, ...], refusal: MessageRefused) -> None:
        """Journal a message that nobody waits for an answer to, and that does not fit."""
        shown = ascii(payloads[0] if len(payloads) == 1 else payloads)[:SHOWN_PAYLOAD]
        text = f"{_printable(str(refusal))} – {shown}"
        self._tracked.write(self._now(), "unknown:unnamed", _printable(kind), Disposition.REFUSED, text)


def _second(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()[:1_000]
