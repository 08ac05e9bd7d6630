"""The one inbox of a case: signals and updates come in here, stages take out (SPEC §5, DESIGN §2.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseState
from domain.inbox import PendingMessage, digest
from domain.journal import Disposition
from domain.message_checks import CLOCK_TOLERANCE
from domain.messages import (
    Assignment,
    ContactAttempt,
    Message,
    MessageRefused,
    Note,
    Report,
    SoftwareNews,
    only_payload,
    parse_message,
)
from domain.reception import Reception, concerns, interrupts, receive
from workflows.message_book import MessageBook
from workflows.waiting_messages import WaitingMessages

KEPT_TOGETHER = 400_000
"""How much may wait for its turn, in bytes: what an execution carries over when it continues as new is limited."""


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

    def __init__(self, case: CaseState, now: Callable[[], datetime]) -> None:
        super().__init__(case, now)
        self._book = MessageBook(case, now)

    def decide(self, kind: str, payloads: tuple[object, ...], sent_at: datetime | None = None) -> Decision:
        """Decide on a message without changing anything. Raises MessageRefused with the field and the reason.

        A message that tells no instant happened when it was sent, if that is known, else now.
        """
        message = parse_message(kind, only_payload(kind, payloads))
        fingerprint = digest(message)
        heard = self._book.repeated(message, fingerprint)
        if heard is not None:
            return Decision(message, fingerprint, Reception(heard.disposition), heard.text, is_repeat=True)
        dated = self._book.dated(message, sent_at)
        verdict, text = receive(self._case, dated, self._now())
        if verdict is Reception.KEPT:
            self._check_there_is_room()
        return Decision(dated, fingerprint, verdict, text, mark=self._mark(message))

    def _check_there_is_room(self) -> None:
        waiting = sum(len(str(kept.payload).encode()) for kept in self._case.pending)
        if waiting > KEPT_TOGETHER:
            raise MessageRefused("kind", "too much waits for its turn already: say it again when its stage has come")

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
        self._book.remember(message, decision.digest, decision.reception, decision.text)
        self._write(message, disposition, message.summary + decision.mark)
        case.heed_contact(message, message.happened_at or self._now())
        if isinstance(message, Report):
            self._heed_impact(message)
        elif isinstance(message, Assignment):
            case.owner = case.assigned_to = message.owner
            case.next_action = message.next_action or case.next_action
        elif isinstance(message, SoftwareNews):
            if case.software is not None:
                case.software.hear(message.model_copy(update={"at": message.happened_at or self._now()}))
        elif not isinstance(message, (Note, ContactAttempt)):
            waiting = PendingMessage.of(
                message,
                self._now(),
                about=concerns(case, message),
                was_kept=disposition is Disposition.KEPT,
                comes_first=interrupts(case, message),
            )
            case.pending.append(waiting)

    def _heed_impact(self, report: Report) -> None:
        if report.impact == "blocking" and self._case.blocking_since is None:
            self._case.blocking_since = report.happened_at or self._now()

    def refuse(self, kind: str, payloads: tuple[object, ...], refusal: MessageRefused) -> None:
        """Journal a message that nobody waits for an answer to, and that does not fit."""
        self._book.refuse(kind, payloads, refusal)

    def _mark(self, message: Message) -> str:
        """An instant well before its entry is marked, so that nobody reads the two for one (SPEC §4)."""
        at = message.happened_at
        return " [entered late]" if at is not None and self._now() - at > CLOCK_TOLERANCE else ""
