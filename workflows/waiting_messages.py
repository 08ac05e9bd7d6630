"""What a case has been told and has not used yet: taken by its stage, answered first, or journaled as unused."""

from collections.abc import Callable
from datetime import datetime

from domain.case import CaseState
from domain.inbox import PendingMessage
from domain.journal import Disposition
from domain.messages import Cancellation, Message, MessageRefused
from domain.reception import Reception, fits, reception
from domain.slots import Subject


class WaitingMessages:
    """The messages that wait for their turn, in the order of history."""

    def __init__(self, case: CaseState, now: Callable[[], datetime]) -> None:
        self._case = case
        self._now = now

    def take(self, *kinds: str, about: Subject) -> Message | None:
        """The first message of these kinds that can be used now; those that no longer fit are journaled."""
        for pending in self._waiting(kinds, about):
            message = pending.message()
            if self._verdict(pending, message) is Reception.TAKEN:
                self._use(pending, message)
                return message
        return None

    @property
    def is_interrupted(self) -> bool:
        """Whether something is to be answered before anything else."""
        return any(pending.comes_first and self._is_usable(pending) for pending in self._case.pending)

    @property
    def is_cancelled(self) -> bool:
        """Whether the customer has called the case off, and nobody has answered it yet."""
        return any(pending.kind == Cancellation.kind for pending in self._case.pending)

    def take_interruption(self, *kinds: str) -> Message | None:
        """The first message that is answered before anything else, unless one of these kinds was there before it.

        Those that no longer fit are journaled.
        """
        for pending in list(self._case.pending):
            if not pending.comes_first:
                if pending in self._waiting(kinds, "replacement") and self._is_usable(pending):
                    return None
            elif self._verdict(pending, message := pending.message()) is Reception.TAKEN:
                self._use(pending, message)
                return message
        return None

    def _waiting(self, kinds: tuple[str, ...], about: Subject) -> list[PendingMessage]:
        return [
            kept for kept in self._case.pending if kept.kind in kinds and kept.about == about and not kept.comes_first
        ]

    def _use(self, pending: PendingMessage, message: Message) -> None:
        self._case.pending.remove(pending)
        if pending.was_kept:
            self._write(message, Disposition.NOTED, f"{message.summary} [kept until now, and used]")

    def _verdict(self, pending: PendingMessage, message: Message) -> Reception:
        """What can be done with it now; when it no longer fits, that is journaled."""
        try:
            return fits(self._case, message, self._now(), pending.about)
        except MessageRefused as refusal:
            self._case.pending.remove(pending)
            self._write(message, Disposition.REFUSED, f"{message.summary} – {refusal}")
            return Reception.OUT_OF_DATE

    def has(self, *kinds: str, about: Subject) -> bool:
        """Whether a message of these kinds could be taken now."""
        return any(self._is_usable(kept) for kept in self._waiting(kinds, about))

    def _is_usable(self, pending: PendingMessage) -> bool:
        try:
            return fits(self._case, pending.message(), self._now(), pending.about) is Reception.TAKEN
        except MessageRefused:
            return True  # taking it is what journals that it no longer fits

    def drop_out_of_date(self) -> None:
        """Journal what the stages before the present one left unused."""
        stage = self._case.stage
        for pending in self._of_the_replacement():
            if reception(stage, pending.kind) is Reception.OUT_OF_DATE:
                self._drop(pending, f"not used: the case has reached stage {stage}")

    def drop_round(self, reason: str) -> None:
        """Journal what waits for a stage of the round, and forget it: a new round begins without it (SPEC §5)."""
        for pending in self._of_the_replacement():
            self._drop(pending, reason)

    def _of_the_replacement(self) -> list[PendingMessage]:
        return [kept for kept in self._case.pending if kept.about == "replacement" and not kept.comes_first]

    def drop_loan(self, reason: str) -> None:
        """Journal what waits for loan equipment, and forget it."""
        for pending in [kept for kept in self._case.pending if kept.about == "loan"]:
            self._drop(pending, reason)

    def drop(self, kind: str, reason: str) -> None:
        """Journal what waits of one kind, and forget it."""
        for pending in self._of_the_replacement():
            if pending.kind == kind:
                self._drop(pending, reason)

    def drop_all(self, reason: str) -> None:
        """Journal everything that waits, and forget it."""
        for pending in list(self._case.pending):
            self._drop(pending, reason)

    def _drop(self, pending: PendingMessage, reason: str) -> None:
        self._case.pending.remove(pending)
        self._write(pending.message(), Disposition.REFUSED, f"{pending.message().summary} [{reason}]")

    def _write(self, message: Message, disposition: Disposition, text: str) -> None:
        self._case.write(self._now(), message.said_by, message.kind, disposition, text, at=message.happened_at)
