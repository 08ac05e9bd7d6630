"""The inbox of a workflow that decides at once, by what it is now: a return, a software request, a call (SPEC §5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.hearing import DirectHearing, Verdict
from domain.inbox import digest
from domain.journal import Disposition
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import Message, MessageRefused, only_payload, parse_message_of
from domain.references import normalise_reference
from workflows.message_book import MessageBook


@dataclass(frozen=True)
class Decision:
    """What becomes of a message that arrived: decided before anything is changed."""

    message: Message
    digest: str
    verdict: Verdict
    is_repeat: bool = False


class DirectInbox:
    """Decides on messages, journals every one of them, and tells the state, which learns from them.

    `messages` are the kinds that it takes, each with its model; `whose` says of what, as "a return".
    """

    def __init__(
        self,
        hearing: DirectHearing,
        messages: Mapping[str, type[Message]],
        whose: str,
        now: Callable[[], datetime],
    ) -> None:
        self._hearing = hearing
        self._messages = messages
        self._whose = whose
        self._now = now
        self._book = MessageBook(hearing, now)

    def decide(self, kind: str, payloads: tuple[object, ...], sent_at: datetime | None = None) -> Decision:
        """Decide on a message without changing anything. Raises MessageRefused with the field and the reason.

        A message that tells no instant happened when it was sent, if that is known, else now.
        """
        message = parse_message_of(self._messages, self._whose, kind, only_payload(kind, payloads))
        fingerprint = digest(message)
        heard = self._book.repeated(message, fingerprint)
        if heard is not None:
            told = Verdict(Disposition(heard.disposition), heard.text)
            return Decision(message, fingerprint, told, is_repeat=True)
        self._check_it_is_meant_for_this(message)
        self._check_its_instant(message)
        dated = self._book.dated(message, sent_at)
        if dated.happened_at is None:
            dated = dated.model_copy(update={"at": self._now()})
        return Decision(dated, fingerprint, self._hearing.receive(dated, self._now()))

    def _check_it_is_meant_for_this(self, message: Message) -> None:
        own = self._hearing.reference
        if message.case is not None and own not in (message.case, normalise_reference(message.case)):
            raise MessageRefused("case", f"this belongs to {own}; the message is meant for {message.case!r}")

    def _check_its_instant(self, message: Message) -> None:
        at, now, begins_at = message.happened_at, self._now(), self._hearing.begins_at
        if at is None:
            return
        if at > now + CLOCK_TOLERANCE:
            raise MessageRefused("at", f"{at.isoformat()} lies ahead of the clock of {self._whose} ({_second(now)})")
        if at < begins_at:
            raise MessageRefused("at", f"{at.isoformat()} lies before it was asked for ({_second(begins_at)})")

    def accept_opening(self, message: Message) -> None:
        """Journal the message with which the workflow starts; its repeat, by its message id, changes nothing."""
        opening = message if message.happened_at else message.model_copy(update={"at": self._now()})
        self.accept(Decision(opening, digest(message), Verdict()))

    def accept(self, decision: Decision) -> None:
        """Let a decision take effect: journal it, and learn from it. A repeat changes nothing."""
        if decision.is_repeat:
            return
        message, verdict = decision.message, decision.verdict
        self._book.remember(message, decision.digest, verdict.disposition, verdict.text)
        self._hearing.write(
            self._now(), message.said_by, message.kind, verdict.disposition, message.summary, at=message.happened_at
        )
        self._hearing.learn(message, verdict)

    def refuse(self, kind: str, payloads: tuple[object, ...], refusal: MessageRefused) -> None:
        """Journal a message that nobody waits for an answer to, and that does not fit."""
        self._book.refuse(kind, payloads, refusal)


def _second(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
