"""The question a workflow asks of business time, and its answer: instants, never calendars (DESIGN §2.3)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarError
from domain.case import Coverage, Wait
from domain.ledgers import projected
from domain.promises import BusinessHours, Projection, Promise, PromiseKind
from domain.service_hours import ServiceHours


class MissedThrough(StrEnum):
    """Through whom delivery on the day after the incident was missed (R6)."""

    US = "us"
    VENDOR = "vendor"
    LATE_REPORT = "late_report"


class NextDayDelivery(BaseModel):
    """The instants that decide whether J+1 was kept: report, request and approval."""

    model_config = ConfigDict(frozen=True)

    reported_at: datetime
    requested_at: datetime
    approved_at: datetime


class DeadlineQuestion(BaseModel):
    """Project these promises; add these amounts of the provider's business time; show the open hours around now.

    `waits` are measured in the provider's business time, in their order.
    """

    model_config = ConfigDict(frozen=True)

    now: datetime
    coverage: Coverage
    promises: tuple[Promise, ...] = ()
    later: dict[str, tuple[datetime, timedelta]] = {}
    waits: tuple[Wait, ...] = ()
    next_day: NextDayDelivery | None = None
    hours_from: datetime | None = None


class Deadlines(BaseModel):
    """The answer to a DeadlineQuestion, part by part."""

    model_config = ConfigDict(frozen=True)

    projections: tuple[Projection, ...] = ()
    later: dict[str, datetime] = {}
    waited: tuple[timedelta, ...] = ()
    missed_through: MissedThrough | None = None
    service_hours: ServiceHours | None = None


def answer_in(hours: ServiceHours, question: DeadlineQuestion) -> Deadlines | None:
    """The answer as the provider's hours alone give it, which a case carries; None when it takes the calendars.

    What is internal and counted in the provider's hours needs no more, as far as they are known.
    """
    if question.hours_from is not None or question.next_day is not None:
        return None
    try:
        return Deadlines(
            projections=tuple(_in_hours(promise, hours, question.now) for promise in question.promises),
            later={name: hours.add(start, amount) for name, (start, amount) in question.later.items()},
            waited=tuple(hours.elapsed(wait.since, wait.until or question.now) for wait in question.waits),
        )
    except CalendarError:
        return None


def _in_hours(promise: Promise, hours: ServiceHours, now: datetime) -> Projection:
    if not isinstance(promise.budget, BusinessHours) or promise.kind is PromiseKind.CONTRACTUAL:
        raise CalendarError(f"{promise.name} is not counted in the provider's own hours: ask the calendar.")
    started_at = hours.next_opening(promise.started_at)
    return projected(promise, hours, started_at, hours.add(started_at, promise.budget.amount), now)
