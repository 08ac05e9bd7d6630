"""Why a promise of a case is due when it is due: what its budget counts, and what its pauses added (SPEC §4)."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.business_time import BusinessCalendar, business_calendar
from domain.calendars import CalendarSpec
from domain.delivery import effective_day
from domain.explanations import explain_add, explain_delivery, explain_due
from domain.projection import clock_of
from domain.promises import (
    ApprovalCutoff,
    BusinessHours,
    NextBusinessDay,
    Pause,
    Promise,
    PromiseKind,
    SoftwareReading,
    StrictestReading,
)
from domain.readings import strictest_reading


class PromiseExplanation(BaseModel):
    """One promise explained, as lines of plain text in the order of time; instants are in the calendars' zones."""

    model_config = ConfigDict(frozen=True)

    id: str
    due_at: datetime | None
    lines: tuple[str, ...]


def explain_promise(promise: Promise, provider: CalendarSpec, site: CalendarSpec) -> PromiseExplanation:
    """Explain the due instant of a promise from its ledger and the case's calendars. Raises CalendarError."""
    contractual = promise.kind is PromiseKind.CONTRACTUAL
    ours = business_calendar(provider.contractual() if contractual else provider)
    lines = [*_counted(promise, ours, business_calendar(site))]
    pauses = [_pause(pause, promise, provider, site) for pause in promise.pauses]
    if (before := promise.held_before) is not None:
        until = _instant(before.until.astimezone(ours.zone))
        pauses.insert(0, f"Paused {before.count} times before, until {until}: {_hours(before.amount)} added.")
    if pauses and promise.due_at is not None:
        lines += [*pauses, f"With the pauses: due {_instant(promise.due_at.astimezone(ours.zone))}."]
    return PromiseExplanation(id=promise.id, due_at=promise.due_at, lines=tuple(lines))


def _counted(promise: Promise, ours: BusinessCalendar, site: BusinessCalendar) -> tuple[str, ...]:
    match promise.budget:
        case BusinessHours(amount=amount):
            return explain_add(ours, ours.next_opening(promise.started_at), amount).lines()
        case NextBusinessDay(transit_days=days):
            return explain_delivery(ours, site, promise.started_at, days).lines()
        case SoftwareReading(reading=reading, hours=hours):
            return explain_due(reading, ours, promise.started_at, hours).lines()
        case StrictestReading(hours=hours):
            reading = strictest_reading(ours, promise.started_at, hours)
            return explain_due(reading, ours, promise.started_at, hours).lines()
        case ApprovalCutoff():
            return _cutoff(promise, ours)


def _cutoff(promise: Promise, ours: BusinessCalendar) -> tuple[str, ...]:
    """The first day on which the request can still be approved in time, and the days passed over to it."""
    asked = promise.started_at.astimezone(ours.zone)
    day, last = asked.date(), effective_day(ours, asked)
    passed = []
    while day < last:
        why = ours.why_closed(day) or f"{ours.spec.delivery_cutoff:%H:%M} has passed"
        passed.append(f"{day:%a %Y-%m-%d}: not counted, {why} (provider)")
        day += timedelta(days=1)
    due_at = datetime.combine(last, ours.spec.delivery_cutoff, ours.zone)
    return (f"Asked {_instant(asked)}: to be approved before the cut-off.", *passed, f"Due {_instant(due_at)}.")


def _pause(pause: Pause, promise: Promise, provider: CalendarSpec, site: CalendarSpec) -> str:
    """Whom we waited for, from when to when, and what that added on the promise's own calendar."""
    clock = clock_of(promise, provider, site)
    why = f"({pause.actor}: {pause.reason})"
    if pause.ended_at is None:
        return f"Paused since {_instant(pause.started_at.astimezone(clock.zone))} {why}."
    start, end = (at.astimezone(clock.zone) for at in (max(pause.started_at, promise.started_at), pause.ended_at))
    return f"Paused {_instant(start)} to {_instant(end)} {why}: {_hours(clock.elapsed(start, max(start, end)))} added."


def _instant(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}{at.isoformat()[-len('+00:00') :]}"


def _hours(amount: timedelta) -> str:
    minutes = int(amount.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}"
