"""The question a workflow asks of business time, and its answer: instants, never calendars (DESIGN §2.3)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.coverage import Coverage
from domain.promises import Projection, Promise
from domain.service_hours import ServiceHours
from domain.waits import Wait


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
