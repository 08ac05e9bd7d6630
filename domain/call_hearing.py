"""What a call has been told and has not used yet, and what it makes of a message at once (SPEC §5)."""

from collections.abc import Callable
from datetime import datetime

from domain.assistance import AssistanceCall
from domain.call_messages import CALL_MESSAGES, Call, IncidentReport
from domain.call_reception import CALL_INTERRUPTING, call_fits, receive_call_message
from domain.hearing import Verdict
from domain.inbox import HeardMessage, PendingMessage
from domain.journal import Disposition
from domain.messages import Assignment, ContactAttempt, Message, MessageRefused, Note, RemoteDiagnosis
from domain.reception import Reception


class CallHearing:
    """The ears of a call."""

    def __init__(self, call: AssistanceCall, now: Callable[[], datetime]) -> None:
        self._call = call
        self._now = now

    @property
    def opened_at(self) -> datetime:
        """When the workflow began."""
        return self._call.opened_at

    @property
    def heard(self) -> dict[str, HeardMessage]:
        """The ids of the messages heard."""
        return self._call.heard

    @property
    def reference(self) -> str:
        """What a message that names a case must name."""
        return self._call.reference

    @property
    def begins_at(self) -> datetime:
        """When the call was picked up."""
        return min(self._call.opened_at, self._call.reported_at)

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
        self._call.write(entered_at, actor, kind, disposition, text, at=at)

    def receive(self, message: Message, now: datetime) -> Verdict:
        """Decide, and change nothing. Raises MessageRefused."""
        reception, text = receive_call_message(self._call, message, now)
        return Verdict(Disposition(reception.value), text)

    def learn(self, message: Message, verdict: Verdict) -> None:
        """Use it at once, or let it wait for its turn."""
        call, at = self._call, message.instant
        call.heed_contact(message, at)
        if call.is_by_mail and _spoke_to_them(message):
            call.called_back_at = at
        if isinstance(message, Call):
            if message.impact == "blocking" and not message.is_by_mail and call.blocking_since is None:
                call.blocking_since = at
        elif isinstance(message, Assignment):
            call.owner = call.assigned_to = message.owner
            call.next_action = message.next_action or call.next_action
        elif not isinstance(message, (Note, ContactAttempt)):
            self._let_it_wait(message, verdict)

    def _let_it_wait(self, message: Message, verdict: Verdict) -> None:
        was_kept = verdict.disposition is Disposition.KEPT
        comes_first = message.kind in CALL_INTERRUPTING
        waiting = PendingMessage.of(message, self._now(), was_kept=was_kept, comes_first=comes_first)
        self._call.said.append(waiting)

    @property
    def is_interrupted(self) -> bool:
        """Whether something is to be answered before anything else."""
        return any(pending.comes_first for pending in self._call.said)

    def take_interruption(self) -> Message | None:
        """The first message that is answered before anything else; those that no longer fit are journaled."""
        return self._take(lambda pending: pending.comes_first)

    def take(self, *kinds: str) -> Message | None:
        """The first message of these kinds that can be used now; those that no longer fit are journaled."""
        return self._take(lambda pending: pending.kind in kinds and not pending.comes_first)

    def has(self, *kinds: str) -> bool:
        """Whether a message of these kinds could be taken now."""
        return any(pending.kind in kinds and self._is_usable(pending) for pending in self._call.said)

    def _is_usable(self, pending: PendingMessage) -> bool:
        try:
            return call_fits(self._call, pending.message(CALL_MESSAGES)) is Reception.TAKEN
        except MessageRefused:
            return True  # taking it is what journals that it no longer fits

    def _take(self, is_wanted: Callable[[PendingMessage], bool]) -> Message | None:
        for pending in [pending for pending in self._call.said if is_wanted(pending)]:
            message = pending.message(CALL_MESSAGES)
            try:
                verdict = call_fits(self._call, message)
            except MessageRefused as refusal:
                self._drop(pending, str(refusal))
                continue
            if verdict is Reception.TAKEN:
                self._call.said.remove(pending)
                if pending.was_kept:
                    self._note(message, Disposition.NOTED, f"{message.summary} [kept until now, and used]")
                return message
        return None

    def drop_all(self, reason: str) -> None:
        """Journal everything that waits, and forget it."""
        for pending in list(self._call.said):
            self._drop(pending, reason)

    def _drop(self, pending: PendingMessage, reason: str) -> None:
        self._call.said.remove(pending)
        message = pending.message(CALL_MESSAGES)
        self._note(message, Disposition.REFUSED, f"{message.summary} – {reason}")

    def _note(self, message: Message, disposition: Disposition, text: str) -> None:
        self.write(self._now(), message.said_by, message.kind, disposition, text, at=message.happened_at)


def _spoke_to_them(message: Message) -> bool:
    """Whoever says so has called back, or was called."""
    if isinstance(message, ContactAttempt):
        return message.reached and message.is_about_the_customer
    return isinstance(message, (RemoteDiagnosis, IncidentReport))
