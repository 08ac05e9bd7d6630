"""What is handled by levels, owners and clocks, whichever process it is: a curative case, a call (R2, R3, SPEC §4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from domain.contact import Contact
from domain.coverage import Coverage, EquipmentCard
from domain.inbox import HeardMessage
from domain.journal import Journaled
from domain.letters import Letter
from domain.messages import ContactAttempt, Message
from domain.promises import Promise, PromiseName
from domain.service_hours import ServiceHours
from domain.visit_plan import Reminder
from domain.waits import Party, Wait, added_up, too_old


class Handled(Journaled, BaseModel):
    """The part of a state that diagnosis, clocks, letters and publication work on."""

    reference: str
    workflow_id: str
    run_id: str
    opened_at: datetime
    reported_at: datetime
    equipment: EquipmentCard | None = None
    coverage: Coverage | None = None
    service_hours: ServiceHours = ServiceHours()
    blocking_since: datetime | None = None
    """When somebody said that the fault is blocking."""

    since: datetime
    """The instant from which the present stage counts: when what led to it happened, however late it was typed in."""

    stage_has_begun: bool = False
    """What the stage does first was done: an execution that goes on does not do it again."""
    level: int = 1
    owner: str = "level 1"
    assigned_to: str | None = None
    """Who was made owner by a message: they stay it through the stages, until somebody else is."""
    next_action: str = "Check the entitlement"
    waits: list[Wait] = []
    contact: Contact = Contact()
    reminder: Reminder | None = None

    effects_begun: dict[str, int] = {}
    """How often each kind of effect was begun: their keys are numbered."""
    letters: list[Letter] = []
    """What is on its way to people outside, and not handed over yet."""

    promises: list[Promise] = []
    promises_begun: dict[PromiseName, int] = {}
    """How often each was begun: their ids are numbered, also when the oldest ones do not travel on."""

    heard: dict[str, HeardMessage] = {}

    recorded_version: int = 0
    recorded_lines: int = 0
    """How much of it the read model has."""

    @property
    def is_open(self) -> bool:
        """It has not reached its end."""
        raise NotImplementedError

    @property
    def promise_round(self) -> int:
        """The round that a promise which begins now belongs to."""
        raise NotImplementedError

    @property
    def stage_shown(self) -> str:
        """The stage, for the journal."""
        raise NotImplementedError

    @property
    def is_recorded(self) -> bool:
        """Whether the read model has the newest version."""
        return self.recorded_version == self.version

    @property
    def is_blocking(self) -> bool:
        """The fault is blocking, by the first report or by a later one (R2)."""
        return self.blocking_since is not None

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

    @property
    def waits_to_measure(self) -> tuple[Wait, ...]:
        """What of it is to be added up."""
        return tuple(wait.model_copy() for wait in too_old(self.waits))

    def add_up(self, waits: Sequence[Wait], business: Sequence[timedelta]) -> None:
        """These were measured: they are known as a sum for each party from now on."""
        self.waits = added_up(self.waits, waits, business)

    def has_gone(self, letter: Letter, at: datetime) -> None:
        """A letter was handed over, or given up."""

    def awaits_the_customer(self, name: PromiseName) -> bool:
        """That clock stands still for something that the customer was asked for: here, for log files."""
        return name is PromiseName.LEVEL_2_DIAGNOSIS and self.reminder is not None

    def heed_contact(self, message: Message, at: datetime) -> None:
        """A customer who says something is reached; so many attempts that reach nobody, and the clocks wait."""
        if isinstance(message, ContactAttempt) and not message.reached:
            self._heed_failed_attempt(message, at)
        elif message.said_by.startswith("customer:") or _reached_the_customer(message):
            self.hear_of_the_customer(at)

    def hear_of_the_customer(self, at: datetime) -> None:
        """The customer is reached."""
        self.contact.reached(at)

    def _heed_failed_attempt(self, attempt: ContactAttempt, at: datetime) -> None:
        if not attempt.is_about_the_customer or self.coverage is None:
            return
        terms, tz = self.coverage.terms, self.coverage.provider.tz
        self.contact.failed(
            at, attempts=terms.contact_attempts, days=terms.contact_days, hours=self.service_hours, tz=tz
        )


def _reached_the_customer(message: Message) -> bool:
    return isinstance(message, ContactAttempt) and message.is_about_the_customer
