"""From a promise's ledger and the calendars to its instants: one engine for every promise (SPEC §4, DESIGN §2.4).

What a contractual clock sees of the provider's calendar is only weekends and public holidays; internal and underpinning
clocks see its closures too (R1).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from domain import readings
from domain.business_time import BusinessCalendar, both, business_calendar, open_all_day
from domain.calendars import CalendarSpec, Reading
from domain.deadlines import DeadlineQuestion, Deadlines, MissedThrough, NextDayDelivery
from domain.delivery import approval_cutoff, delivery_due, loan_due
from domain.open_time import OpenTime
from domain.promises import (
    ApprovalCutoff,
    BusinessHours,
    HeldBefore,
    NextBusinessDay,
    Projection,
    Promise,
    PromiseKind,
    PromiseName,
    SoftwareReading,
    StrictestReading,
)
from domain.service_hours import ServiceHours

HOURS_BEFORE = timedelta(days=14)
HOURS_AFTER = timedelta(days=120)
"""How much of the provider's open hours around now a case carries with it."""

Span: TypeAlias = tuple[datetime, datetime]


def answer(question: DeadlineQuestion) -> Deadlines:
    """Answer every part of a question. Raises CalendarError past the end of the calendars' tables."""
    coverage = question.coverage
    provider = business_calendar(coverage.provider)
    return Deadlines(
        projections=tuple(
            project(promise, coverage.provider, coverage.site, question.now) for promise in question.promises
        ),
        later={name: provider.add(start, amount) for name, (start, amount) in question.later.items()},
        waited=tuple(provider.elapsed(wait.since, wait.until or question.now) for wait in question.waits),
        missed_through=next_day_missed_through(question.next_day, coverage.provider, coverage.site)
        if question.next_day
        else None,
        service_hours=_hours_around(provider, question.hours_from) if question.hours_from else None,
    )


def _hours_around(provider: BusinessCalendar, start: datetime) -> ServiceHours:
    return ServiceHours(intervals=provider.intervals(start - HOURS_BEFORE, start + HOURS_AFTER))


def project(promise: Promise, provider: CalendarSpec, site: CalendarSpec, now: datetime) -> Projection:
    """The due instant and the warning points of a promise, pauses counted; one that is open is counted up to `now`.

    A pause adds the business time that it held, on the promise's own calendar, to the due instant.
    """
    clock = clock_of(promise, provider, site)
    started_at = _started_at(promise, business_calendar(_seen_by(promise, provider)))
    due_at = due_without_pauses(promise, provider, site)
    budget = clock.elapsed(started_at, due_at)
    before = promise.held_before
    paused = before.amount if before else timedelta(0)
    due_at = clock.add(due_at, paused) if paused else due_at
    spans = [(max(start, started_at), max(end, started_at)) for start, end in promise.paused_spans(now)]
    held_until = dict[datetime, timedelta]()
    for start, end in spans:
        if start < due_at:
            held_until[end] = held = clock.elapsed(start, end)
            paused += held
            due_at = clock.add(due_at, held) if held else due_at
    fired = _fired_before(promise)
    start = clock.add(started_at, before.amount) if before and before.amount else started_at
    warnings = [
        (point, fired.get(point) or _warning_at(point, clock, start, due_at, budget, spans))
        for point in promise.warning_points
    ]
    return Projection(
        id=promise.id,
        started_at=started_at,
        due_at=due_at,
        paused=paused,
        warnings=tuple(sorted(warnings, key=lambda warning: warning[1])),
        held_before=_held_before(promise, held_until),
    )


def _held_before(promise: Promise, held_until: Mapping[datetime, timedelta]) -> HeldBefore | None:
    """The oldest pauses added up, when there are too many to know them one by one for ever."""
    old = promise.old_pauses
    if not old:
        return promise.held_before
    before = promise.held_before or HeldBefore(until=promise.started_at)
    until = max(pause.ended_at for pause in old if pause.ended_at is not None)
    held = [amount for end, amount in held_until.items() if end <= until]
    return HeldBefore(
        count=before.count + len(old), amount=before.amount + sum(held, timedelta(0)), until=max(before.until, until)
    )


def clock_of(promise: Promise, provider: CalendarSpec, site: CalendarSpec) -> OpenTime:
    """The open time in which a promise, and a pause of it, is counted."""
    ours = business_calendar(_seen_by(promise, provider))
    match promise.budget:
        case NextBusinessDay():
            return _shared(_seen_by(promise, provider), site)
        case SoftwareReading(reading=reading):
            return _of_the_reading(reading, ours)
        case StrictestReading(hours=hours):
            return _of_the_reading(readings.strictest_reading(ours, promise.started_at, hours), ours)
        case _:
            return ours


def _of_the_reading(reading: Reading, ours: BusinessCalendar) -> OpenTime:
    return open_all_day(ours) if reading is Reading.BUSINESS_DAY_CLOCK else ours


def due_without_pauses(promise: Promise, provider: CalendarSpec, site: CalendarSpec) -> datetime:
    """When a promise would be due had its clock never stopped."""
    ours = business_calendar(_seen_by(promise, provider))
    match promise.budget:
        case BusinessHours(amount=amount):
            return ours.add(ours.next_opening(promise.started_at), amount)
        case ApprovalCutoff():
            return approval_cutoff(ours, promise.started_at)
        case NextBusinessDay(transit_days=days):
            due = loan_due if promise.name is PromiseName.LOAN_AVAILABLE else delivery_due
            return due(ours, business_calendar(site), promise.started_at, days)
        case SoftwareReading(reading=reading, hours=hours):
            return readings.due(reading, ours, promise.started_at, hours)
        case StrictestReading(hours=hours):
            return readings.strictest(ours, promise.started_at, hours)


def _seen_by(promise: Promise, provider: CalendarSpec) -> CalendarSpec:
    """A contractual clock does not see the provider's own closures (R1)."""
    return provider.contractual() if promise.kind is PromiseKind.CONTRACTUAL else provider


@lru_cache(maxsize=256)
def _shared(provider: CalendarSpec, site: CalendarSpec) -> OpenTime:
    return both(business_calendar(provider), business_calendar(site))


def _started_at(promise: Promise, ours: BusinessCalendar) -> datetime:
    """Hours start at reception when we are open, else at the next opening; a cut-off looks at the instant itself (R4).

    So do the readings that count whole days by the clock: what comes on Friday evening starts on Monday morning (R13).
    """
    counted_in_hours = isinstance(promise.budget, (BusinessHours, SoftwareReading, StrictestReading))
    return ours.next_opening(promise.started_at) if counted_in_hours else promise.started_at


def _fired_before(promise: Promise) -> dict[str, datetime]:
    """Warnings that have fired stay where they were, once pauses are added up: some of these may have come after."""
    if promise.held_before is None:
        return {}
    return {warning.point: warning.due_at for warning in promise.warnings if warning.fired_at is not None}


def _warning_at(
    point: str, clock: OpenTime, started_at: datetime, due_at: datetime, budget: timedelta, spans: list[Span]
) -> datetime:
    """A fraction of the budget counts from the start, past the pauses that came before it; an offset from the due."""
    if point.startswith("-"):
        return max(clock.add(due_at, -timedelta(minutes=int(point[1:-1]))), started_at)
    at = clock.add(started_at, budget * int(point[:-1]) / 100)
    for start, end in spans:
        if start < at:
            at = clock.add(at, clock.elapsed(start, end))
    return min(at, due_at)


def next_day_missed_through(
    delivery: NextDayDelivery, provider: CalendarSpec, site: CalendarSpec
) -> MissedThrough | None:
    """Whether the approval missed delivery on the day after the incident, and through whom (R6).

    Day J is the day of the report; one reported at or after the cut-off could not have been kept by anybody.
    """
    ours = business_calendar(provider.contractual())
    there = business_calendar(site)
    cutoff = approval_cutoff(ours, delivery.reported_at)
    if delivery_due(ours, there, delivery.approved_at) <= delivery_due(ours, there, delivery.reported_at):
        reported_on = ours.local_day(delivery.reported_at)
        after_cutoff = ours.is_business_day(reported_on) and ours.local_day(cutoff) != reported_on
        return MissedThrough.LATE_REPORT if after_cutoff else None
    return MissedThrough.US if delivery.requested_at >= cutoff else MissedThrough.VENDOR
