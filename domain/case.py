"""A curative case: everything that one execution must know to go on, as plain data (DESIGN §2.1, §2.5)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.diagnosis import DiagnosisSoFar
from domain.effects import ReplacementRequest
from domain.handling import Handled
from domain.inbox import PendingMessage
from domain.letters import Letter
from domain.loan import Loan
from domain.messages import Report
from domain.parcels import FailedParcel
from domain.promises import PromiseName
from domain.rounds import Commitment, Round
from domain.slots import Slot
from domain.software_wait import SoftwareWait
from domain.visit_plan import VisitPlan
from domain.waits import Party, Wait

__all__ = ["CaseState", "Outcome", "Party", "Stage", "Wait"]


class Stage(StrEnum):
    """The stages of SPEC §3, in the order of a round."""

    REGISTERED = "registered"
    REMOTE_DIAGNOSIS = "remote_diagnosis"
    VENDOR_VALIDATION = "vendor_validation"
    SHIPMENT = "shipment"
    SITE_SCHEDULING = "site_scheduling"
    ON_SITE = "on_site"
    RESTORED = "restored"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    RESTORED = "restored"
    RESOLVED_REMOTELY = "resolved_remotely"
    RESOLVED_BY_SOFTWARE = "resolved_by_software"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    MOVED = "moved"


class CaseState(Handled, BaseModel):
    """The state of one case. Plain and serialisable: carried over when the execution continues as new."""

    serial_number: str
    report: Report | None = None
    moved_from: str | None = None
    """The case whose report this is: it was meant for this equipment from the beginning."""
    diagnosis: DiagnosisSoFar | None = None
    """What a call had found, when the case begins where a diagnosis by phone ended."""
    recurrence_of: str | None = None
    check_pending: bool = False
    is_acknowledged: bool = False
    """Whoever reported was told that the case is taken, and by when something happens."""
    stage: Stage = Stage.REGISTERED
    outcome: Outcome | None = None
    outcome_reason: str | None = None
    closed_at: datetime | None = None
    silence_at: datetime | None = None
    """When the customer's silence confirms that service is restored."""

    rounds: list[Round] = []
    failed_parcels: list[FailedParcel] = []
    """What was ordered again, and may be spoken of or turn up yet."""
    commitments: list[Commitment] = []
    """What was begun and would have to be undone, in the order in which it was begun."""
    slots: list[Slot] = []
    visit: VisitPlan = VisitPlan()
    loan: Loan | None = None
    software: SoftwareWait | None = None
    """What was asked for last, when software is at fault."""
    delivery_missed_through: str | None = None

    pending: list[PendingMessage] = []

    @property
    def is_open(self) -> bool:
        """It has not reached its end."""
        return self.stage is not Stage.CLOSED

    @property
    def is_ending(self) -> bool:
        """How it ends is decided: what is left to do is to undo, to write down, to close."""
        return self.outcome is not None

    @property
    def round(self) -> Round:
        """The present round; every case that was reported has one."""
        return self.rounds[-1]

    @property
    def visits_planned(self) -> list[VisitPlan]:
        """The plans of the visits that there are: of the replacement or the repair, and of the loan equipment."""
        return [self.visit, *([self.loan.visit] if self.loan else [])]

    @property
    def can_be_answered(self) -> bool:
        """Whoever reports can be told: the first due instant, or that the case was rejected."""
        return self.outcome is not None or any(promise.due_at is not None for promise in self.promises)

    @property
    def stage_shown(self) -> str:
        """The stage, for the journal."""
        return self.stage.value

    @property
    def promise_round(self) -> int:
        """The round that a promise which begins now belongs to."""
        return self.round.number

    def has_gone(self, letter: Letter, at: datetime) -> None:
        """The request to the vendor has left the house: the round knows when."""
        if isinstance(letter, ReplacementRequest) and letter.key.round == self.round.number:
            self.round.requested_at = at

    def awaits_the_customer(self, name: PromiseName) -> bool:
        """That clock stands still for log files that were asked for, or for the choice of a slot."""
        if name is PromiseName.VISIT_PLANNING:
            return any(slot.subject == "replacement" and slot.is_held for slot in self.slots)
        return super().awaits_the_customer(name)

    def hear_of_the_customer(self, at: datetime) -> None:
        """The customer is reached; offers that were left unanswered count no more."""
        super().hear_of_the_customer(at)
        for plan in self.visits_planned:
            plan.hear_of_the_customer()
