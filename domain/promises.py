"""Promises: what is owed, by when, and how it ended (SPEC §4). A promise is a ledger: budget, pauses, outcome.

The ledger alone says everything; `projection` turns it and the calendars into instants. Nothing here counts business
time, so that workflows carry these models and judge with them.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.calendars import Reading


class PromiseKind(StrEnum):
    """To whom something is owed: to ourselves, to us by the vendor, or to the customer (SLA)."""

    INTERNAL = "internal"
    UNDERPINNING = "underpinning"
    CONTRACTUAL = "contractual"


class PromiseState(StrEnum):
    """How a promise stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class PromiseName(StrEnum):
    """The promises of SPEC §4."""

    LEVEL_1_ANSWER = "level_1_answer"
    LEVEL_2_DIAGNOSIS = "level_2_diagnosis"
    VENDOR_REQUEST_SENT = "vendor_request_sent"
    VENDOR_VALIDATION = "vendor_validation"
    REPLACEMENT_DELIVERY = "replacement_delivery"
    LOAN_AVAILABLE = "loan_available"
    VISIT_PLANNING = "visit_planning"
    SOFTWARE_DELIVERY = "software_delivery"
    SOFTWARE_DELIVERY_TARGET = "software_delivery_target"


class _Budget(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BusinessHours(_Budget):
    """So much time inside the provider's service hours, from `started_at` on."""

    type: Literal["business_hours"] = "business_hours"
    amount: timedelta


class ApprovalCutoff(_Budget):
    """Until 16:00 of the first day on which the request can still be approved "before 16:00" (R6)."""

    type: Literal["approval_cutoff"] = "approval_cutoff"


class NextBusinessDay(_Budget):
    """By the end of the site's service hours on the next day open for both, plus transit days (R6)."""

    type: Literal["next_business_day"] = "next_business_day"
    transit_days: int = 0


class SoftwareReading(_Budget):
    """The "72h ouvrées" under one of their readings (R13)."""

    type: Literal["software_reading"] = "software_reading"
    reading: Reading
    hours: int = 72


class StrictestReading(_Budget):
    """The "72h ouvrées" under whichever reading ends first: what an internal target runs on (R13)."""

    type: Literal["strictest_reading"] = "strictest_reading"
    hours: int = 72


Budget = Annotated[
    BusinessHours | ApprovalCutoff | NextBusinessDay | SoftwareReading | StrictestReading, Field(discriminator="type")
]


class Pause(BaseModel):
    """A span in which the clock did not run: whom we waited for, and why. Open while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None = None
    actor: str
    reason: str


PAUSES_KEPT = 20
"""How many of the newest pauses a promise knows one by one; what older ones have held is added up."""


class HeldBefore(BaseModel):
    """What the oldest pauses of a promise come to: how many, and how much business time they held.

    They all lie before `until`; nothing that is typed in later moves the clock before it.
    """

    model_config = ConfigDict(frozen=True)

    count: int = 0
    amount: timedelta = timedelta(0)
    until: datetime


class WarningMark(BaseModel):
    """A warning point: fires at most once, at `due_at` or when the system is back."""

    point: str
    due_at: datetime
    fired_at: datetime | None = None


class Promise(BaseModel):
    """One promise of one case. `id` is the name and the round, as `level_2_diagnosis.1`.

    `due_at` is None until it was projected; `paused` is business time on the promise's own calendar.
    """

    id: str
    name: PromiseName
    kind: PromiseKind
    round: int
    budget: Budget
    warning_points: tuple[str, ...] = ()
    started_at: datetime
    due_at: datetime | None = None
    state: PromiseState = PromiseState.RUNNING
    ended_at: datetime | None = None
    pauses: list[Pause] = []
    held_before: HeldBefore | None = None
    """What pauses before these have held."""
    paused: timedelta = timedelta(0)
    warnings: list[WarningMark] = []
    is_told_at_risk: bool = False
    alerts: list[str] = []
    """The letters by which people were told of its clock: untrue once it turns out to be met."""

    @property
    def is_open(self) -> bool:
        """It still has to be kept: it runs, or pauses."""
        return self.state in (PromiseState.RUNNING, PromiseState.PAUSED)

    @property
    def is_overdue(self) -> bool:
        """The clock found it breached, and what it promises has not happened yet."""
        return self.state is PromiseState.BREACHED and self.ended_at is None

    @property
    def is_owed(self) -> bool:
        """What it promises has not happened yet, and is still wanted."""
        return self.is_open or self.is_overdue

    def pause(self, at: datetime, actor: str, reason: str) -> bool:
        """Stop the clock from `at` on, unless it is stopped, has ended, or had run out by then.

        A breach that the clock found after `at` is taken back: what counts is when things happened (SPEC §4). False
        when nothing was stopped.
        """
        ran_out = self.due_at is not None and at >= self.due_at
        if not self.is_owed or self._stands_still or ran_out:
            return False
        self.state = PromiseState.PAUSED
        self.pauses.append(Pause(started_at=max(at, self.started_at), actor=actor, reason=reason))
        return True

    def end_pause(self, at: datetime) -> None:
        """Close the open pause at `at`; the clock runs again once the due instant was projected anew."""
        if self.state is PromiseState.PAUSED:
            self.pauses[-1].ended_at = max(at, self.pauses[-1].started_at)

    def runs_on(self) -> bool:
        """Let the clock run again when its pauses are over; False when it is not to run."""
        if self.state is not PromiseState.PAUSED or self._stands_still:
            return False
        self.state = PromiseState.RUNNING
        return True

    @property
    def _stands_still(self) -> bool:
        """A pause is open; one that was ended is over, also while the new instants are being asked for."""
        return self.state is PromiseState.PAUSED and self.pauses[-1].ended_at is None

    @property
    def ledger(self) -> tuple[Budget, datetime, HeldBefore | None, tuple[Pause, ...]]:
        """What its instants follow from, as it stands now."""
        return self.budget, self.started_at, self.held_before, tuple(pause.model_copy() for pause in self.pauses)

    @property
    def old_pauses(self) -> list[Pause]:
        """The oldest pauses, when there are more than are kept one by one: over, and no newer one reaches into them."""
        pauses = sorted(self.pauses, key=lambda pause: pause.started_at)
        old = pauses[: max(len(pauses) - PAUSES_KEPT, 0)]
        while old and not _is_before(old, pauses[len(old)]):
            old.pop()
        return old

    def paused_spans(self, until: datetime) -> list[tuple[datetime, datetime]]:
        """When the clock stood still, in order; an open pause counts up to `until`.

        A pause that was typed in late may reach into another one: their common time is in one span, counted once.
        """
        spans: list[tuple[datetime, datetime]] = []
        earliest = max(self.started_at, self.held_before.until) if self.held_before else self.started_at
        for pause in sorted(self.pauses, key=lambda pause: pause.started_at):
            start = max(pause.started_at, earliest)
            end = max(pause.ended_at or until, start)
            if spans and start <= spans[-1][1]:
                start, end = spans[-1][0], max(end, spans.pop()[1])
            spans.append((start, end))
        return spans

    def keeps(self, at: datetime) -> bool:
        """Whether what happened at `at` keeps the promise: at or before the due instant, for the vendor's only before.

        A clock that stands still cannot run out: what ends a pause keeps the promise.
        """
        if self.state is PromiseState.PAUSED or self.due_at is None:
            return True
        return at < self.due_at if self.name is PromiseName.VENDOR_VALIDATION else at <= self.due_at

    def fulfil(self, at: datetime) -> bool:
        """End the promise by what happened at `at`, however late it was typed in (SPEC §4): met or breached.

        A breach that was closed already is taken back by what turns out to have happened in time. False when nothing
        was owed any more, and nothing changed.
        """
        kept = self.keeps(at)
        if not self.is_owed and not (self.state is PromiseState.BREACHED and kept):
            return False
        self.end_pause(at)
        self.state = PromiseState.MET if kept else PromiseState.BREACHED
        self.ended_at = at
        return True

    def breach(self) -> None:
        """The clock ran out with nothing done; `ended_at` stays open until it is done after all."""
        if self.state is PromiseState.RUNNING:
            self.state = PromiseState.BREACHED

    def cancel(self, at: datetime) -> None:
        """Nothing is owed any more. A breach stays a breach."""
        if self.is_overdue:
            self.ended_at = at
        if self.is_open:
            self.end_pause(at)
            self.state = PromiseState.CANCELLED
            self.ended_at = at

    def next_instant(self) -> datetime | None:
        """When the clock must look at this promise again: the next warning that did not fire, or the due instant."""
        if self.state is not PromiseState.RUNNING or self.due_at is None:
            return None
        return min([warning.due_at for warning in self.warnings if warning.fired_at is None], default=self.due_at)


def _is_before(pauses: list[Pause], other: Pause) -> bool:
    """All are over before it: one that ends in the instant in which it begins is one span with it."""
    return all(pause.ended_at is not None and pause.ended_at < other.started_at for pause in pauses)


class Projection(BaseModel):
    """The instants of a promise as its ledger stands: the answer of `projection.project`."""

    model_config = ConfigDict(frozen=True)

    id: str
    started_at: datetime
    due_at: datetime
    paused: timedelta
    warnings: tuple[tuple[str, datetime], ...]
    held_before: HeldBefore | None = None
    """What the oldest pauses come to, added up from now on."""

    def apply(self, promise: Promise) -> None:
        """Write the instants into the ledger; warnings that fired keep their mark."""
        fired = {warning.point: warning.fired_at for warning in promise.warnings}
        promise.started_at = self.started_at
        promise.due_at = self.due_at
        promise.paused = self.paused
        if self.held_before is not None and self.held_before != promise.held_before:
            old = promise.old_pauses
            promise.pauses = [pause for pause in promise.pauses if pause not in old]
            promise.held_before = self.held_before
        promise.warnings = [
            WarningMark(point=point, due_at=due_at, fired_at=fired.get(point)) for point, due_at in self.warnings
        ]
