"""A curative case: everything that one execution must know to go on, as plain data (DESIGN §2.1, §2.5)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel

from domain.contact import Contact
from domain.coverage import Coverage, EquipmentCard
from domain.inbox import HeardMessage, PendingMessage
from domain.journal import Journaled
from domain.letters import Letter
from domain.loan import Loan
from domain.messages import Report
from domain.promises import Promise, PromiseName
from domain.rounds import Commitment, Round
from domain.service_hours import ServiceHours
from domain.slots import Slot
from domain.visit_plan import Reminder, VisitPlan


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


class Party(StrEnum):
    """Who has the ball."""

    SUPPORT = "support"
    VENDOR = "vendor"
    CARRIER = "carrier"
    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    NOBODY = "nobody"


class Wait(BaseModel):
    """A span of the case spent waiting for one party; `business` is the provider's time in it, known at the end."""

    party: Party
    since: datetime
    until: datetime | None = None
    business: timedelta | None = None


class CaseState(Journaled, BaseModel):
    """The state of one case. Plain and serialisable: carried over when the execution continues as new."""

    reference: str
    workflow_id: str
    run_id: str
    opened_at: datetime
    reported_at: datetime
    serial_number: str
    report: Report | None = None
    moved_from: str | None = None
    """The case whose report this is: it was meant for this equipment from the beginning."""
    recurrence_of: str | None = None
    equipment: EquipmentCard | None = None
    coverage: Coverage | None = None
    service_hours: ServiceHours = ServiceHours()
    check_pending: bool = False
    is_acknowledged: bool = False
    """Whoever reported was told that the case is taken, and by when something happens."""
    blocking_since: datetime | None = None
    """When somebody said that the fault is blocking."""

    since: datetime
    """The instant from which the present stage counts: when what led to it happened, however late it was typed in."""

    stage: Stage = Stage.REGISTERED
    stage_has_begun: bool = False
    """What the stage does first was done: an execution that goes on does not do it again."""
    outcome: Outcome | None = None
    outcome_reason: str | None = None
    closed_at: datetime | None = None
    level: int = 1
    owner: str = "level 1"
    assigned_to: str | None = None
    """Who was made owner by a message: they stay it through the stages, until somebody else is."""
    next_action: str = "Check the entitlement"
    waits: list[Wait] = []
    contact: Contact = Contact()
    reminder: Reminder | None = None
    silence_at: datetime | None = None
    """When the customer's silence confirms that service is restored."""

    rounds: list[Round] = []
    commitments: list[Commitment] = []
    """What was begun and would have to be undone, in the order in which it was begun."""
    effects_begun: dict[str, int] = {}
    """How often each kind of effect was begun: their keys are numbered."""
    letters: list[Letter] = []
    """What is on its way to people outside, and not handed over yet."""

    promises: list[Promise] = []
    promises_begun: dict[PromiseName, int] = {}
    """How often each was begun: their ids are numbered, also when the oldest ones do not travel on."""
    slots: list[Slot] = []
    visit: VisitPlan = VisitPlan()
    loan: Loan | None = None
    delivery_missed_through: str | None = None

    pending: list[PendingMessage] = []
    heard: dict[str, HeardMessage] = {}

    recorded_version: int = 0
    recorded_lines: int = 0
    """How much of it the read model has."""

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
    def is_blocking(self) -> bool:
        """The fault is blocking, by the first report or by a later one (R2)."""
        return self.blocking_since is not None

    @property
    def can_be_answered(self) -> bool:
        """Whoever reports can be told: the first due instant, or that the case was rejected."""
        return self.outcome is not None or any(promise.due_at is not None for promise in self.promises)

    @property
    def waiting_for(self) -> Party:
        """Who has the ball now."""
        return self.waits[-1].party if self.waits and self.is_open else Party.NOBODY

    @property
    def waiting_since(self) -> datetime:
        """Since when they have it."""
        return self.waits[-1].since if self.waits else self.opened_at

    def latest(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, however it stands."""
        return next((promise for promise in reversed(self.promises) if promise.name is name), None)

    def owed(self, name: PromiseName) -> Promise | None:
        """The latest promise of that name, if it still has to be kept: running, paused, or overdue."""
        owed = [promise for promise in self.promises if promise.name is name and promise.is_owed]
        return owed[-1] if owed else None

    def wait_for(self, party: Party, since: datetime) -> None:
        """Hand the ball over at that instant, or when the last one had it: no time is spent waiting for two."""
        if self.waits and self.waits[-1].until is None:
            if self.waits[-1].party is party:
                return
            since = max(since, self.waits[-1].since)
            self.waits[-1].until = since
        self.waits.append(Wait(party=party, since=since))
