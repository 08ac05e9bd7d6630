"""The one inbox of a case: signals and updates come in here, stages take out (SPEC §5, DESIGN §2.5)."""

from dataclasses import dataclass
from datetime import datetime

from domain.inbox import HeardMessage, PendingMessage, digest
from domain.journal import Disposition
from domain.masking import without_secrets
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import (
    Assignment,
    ContactAttempt,
    Message,
    MessageRefused,
    Note,
    Report,
    parse_message,
)
from domain.payloads import Undecodable
from domain.reception import Reception, concerns, interrupts, receive
from workflows.waiting_messages import WaitingMessages

KEPT_TOGETHER = 400_000
"""How much may wait for its turn, in bytes: what an execution carries over when it continues as new is limited."""

HEARD = 4_000
"""How many ids of messages a case remembers, the newest of them."""

SHOWN_PAYLOAD = 500
"""How much of a message that does not fit is shown in the journal, in characters."""


@dataclass(frozen=True)
class Decision:
    """What becomes of a message that arrived: decided before anything is changed."""

    message: Message
    digest: str
    reception: Reception
    text: str
    is_repeat: bool = False
    mark: str = ""
    """What the journal says of its instant: nothing, or that it was entered late."""


class Inbox(WaitingMessages):
    """Decides on messages, keeps those that are not used yet, and writes every one of them into the journal."""

    def decide(self, kind: str, payloads: tuple[object, ...], sent_at: datetime | None = None) -> Decision:
        """Decide on a message without changing anything. Raises MessageRefused with the field and the reason.

        A message that tells no instant happened when it was sent, if that is known, else now.
        """
        message = parse_message(kind, _only_one(kind, payloads))
        fingerprint = digest(message)
        heard = self._case.heard.get(message.message_id or "")
        if heard is not None:
            if heard.digest != fingerprint:
                raise MessageRefused("message_id", f"{message.message_id!r} was used for a message with other content")
            return Decision(message, fingerprint, Reception(heard.disposition), heard.text, is_repeat=True)
        dated = self._dated(message, sent_at)
        verdict, text = receive(self._case, dated, self._now())
        if verdict is Reception.KEPT:
            self._check_there_is_room()
        return Decision(dated, fingerprint, verdict, text, mark=self._mark(message))

    def _check_there_is_room(self) -> None:
        waiting = sum(len(str(kept.payload).encode()) for kept in self._case.pending)
        if waiting > KEPT_TOGETHER:
            raise MessageRefused("kind", "too much waits for its turn already: say it again when its stage has come")

    def _dated(self, message: Message, sent_at: datetime | None) -> Message:
        """The message with the instant at which it was sent: believed when it lies within the life of the case."""
        if message.happened_at is not None or sent_at is None:
            return message
        in_its_life = self._case.opened_at <= sent_at <= self._now()
        return message.model_copy(update={"at": sent_at}) if in_its_life else message

    def accept_opening(self, report: Report) -> None:
        """Journal the report with which the case starts; its repeat, by its message id, changes nothing."""
        opening = Decision(report, digest(report), Reception.TAKEN, "taken", mark=self._mark(report))
        self.accept(opening)

    def accept(self, decision: Decision) -> None:
        """Let a decision take effect: journal it, and use the message at once or keep it for its stage."""
        if decision.is_repeat:
            return
        message, case = decision.message, self._case
        disposition = Disposition(decision.reception.value)
        if message.message_id is not None:
            self._remember(message.message_id, decision)
        self._write(message, disposition, message.summary + decision.mark)
        self._heed_contact(message)
        if isinstance(message, Report):
            self._heed_impact(message)
        elif isinstance(message, Assignment):
            case.owner = case.assigned_to = message.owner
            case.next_action = message.next_action or case.next_action
        elif not isinstance(message, (Note, ContactAttempt)):
            waiting = PendingMessage.of(
                message,
                self._now(),
                about=concerns(case, message),
                was_kept=disposition is Disposition.KEPT,
                comes_first=interrupts(message),
            )
            case.pending.append(waiting)

    def _remember(self, message_id: str, decision: Decision) -> None:
        heard = self._case.heard
        heard[message_id] = HeardMessage(digest=decision.digest, disposition=decision.reception, text=decision.text)
        while len(heard) > HEARD:
            heard.pop(next(iter(heard)))

    def _heed_contact(self, message: Message) -> None:
        """A customer who says something is reached; so many attempts that reach nobody, and the clocks wait."""
        case = self._case
        if isinstance(message, ContactAttempt) and not message.reached:
            if message.is_about_the_customer and case.coverage is not None:
                terms, tz = case.coverage.terms, case.coverage.provider.tz
                case.contact.failed(
                    message.happened_at or self._now(),
                    attempts=terms.contact_attempts,
                    days=terms.contact_days,
                    hours=case.service_hours,
                    tz=tz,
                )
        elif message.said_by.startswith("customer:") or _reached_the_customer(message):
            case.contact.reached(message.happened_at or self._now())
            for plan in case.visits_planned:
                plan.hear_of_the_customer()

    def _heed_impact(self, report: Report) -> None:
        if report.impact == "blocking" and self._case.blocking_since is None:
            self._case.blocking_since = report.happened_at or self._now()

    def refuse(self, kind: str, payloads: tuple[object, ...], refusal: MessageRefused) -> None:
        """Journal a message that nobody waits for an answer to, and that does not fit."""
        shown = ascii(without_secrets(kind, payloads[0] if len(payloads) == 1 else payloads))[:SHOWN_PAYLOAD]
        self._case.write(
            self._now(),
            "unknown:unnamed",
            _printable(kind),
            Disposition.REFUSED,
            f"{_printable(str(refusal))} – {shown}",
        )

    def _mark(self, message: Message) -> str:
        """An instant well before its entry is marked, so that nobody reads the two for one (SPEC §4)."""
        at = message.happened_at
        return " [entered late]" if at is not None and self._now() - at > CLOCK_TOLERANCE else ""


def _reached_the_customer(message: Message) -> bool:
    return isinstance(message, ContactAttempt) and message.is_about_the_customer


def _only_one(kind: str, payloads: tuple[object, ...]) -> object:
    if len(payloads) != 1 or payloads[0] is None:
        count = "none" if not payloads or payloads == (None,) else str(len(payloads))
        raise MessageRefused("payload", f"{kind[:80]} takes one JSON object as its payload, and got {count}")
    if isinstance(payloads[0], Undecodable):
        raise MessageRefused("payload", f"{kind[:80]} takes one JSON object; {payloads[0].encoding} cannot be read")
    return payloads[0]


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()[:1_000]
