"""What the customer is told of how their case goes: taken, ordered, dispatched, restored, closed (SPEC §3)."""

from collections.abc import Iterable
from datetime import datetime

from domain.bilingual import Both
from domain.case import CaseState, Outcome
from domain.causes import in_both
from domain.messages import Shipment
from domain.promises import BusinessHours, Promise
from domain.words import About, Words, words


def report_acknowledged(about: About, case: CaseState, promise: Promise) -> Words:
    """The report is taken: what happens next, by when, and why by then (R2, R4, R6)."""
    assert case.report is not None
    assert case.coverage is not None
    assert case.equipment is not None
    budget = promise.budget
    cutoff = case.coverage.provider.delivery_cutoff
    exception = case.report.exception if case.coverage.basis != "contract" else None
    return words(
        "report_acknowledged",
        about,
        received_at=case.reported_at,
        symptom=case.report.symptom,
        is_blocking=case.is_blocking,
        level=case.level,
        due=promise.due_at,
        minutes=int(budget.amount.total_seconds() // 60) if isinstance(budget, BusinessHours) else 0,
        counted_from=case.service_hours.open_from(promise.started_at),
        transit_days=case.equipment.transit_days,
        cutoff=Both(f"{cutoff:%Hh%M}", f"{cutoff:%H:%M}"),
        recurrence_of=case.recurrence_of,
        moved_from=case.moved_from,
        exception=exception.kind if exception else None,
    )


def report_rejected(about: About, reason: str) -> Words:
    """The report is not covered, and why (R14)."""
    return words("report_rejected", about, reason=in_both(reason))


def logs_asked(about: About, findings: str) -> Words:
    """Log files are asked for, and what level 2 wrote of it (R3)."""
    return words("logs_asked", about, findings=findings)


def diagnosis_resumed(about: About, due_at: datetime) -> Words:
    """What was to restore service has not, or was contested: level 2 goes on (R9)."""
    return words("diagnosis_resumed", about, due=due_at)


def replacement_ordered(about: About, articles: Iterable[str], due_at: datetime, *, from_stock: bool) -> Words:
    """The replacement is approved and ordered, and by when it is delivered (R6)."""
    return words("replacement_ordered", about, articles=tuple(articles), due=due_at, from_stock=from_stock)


def replacement_dispatched(about: About, news: Shipment, due_at: datetime | None) -> Words:
    """The replacement is on its way (R6); `due_at` is None when its delivery is late already."""
    parcel = ", ".join(text for text in (news.carrier, news.tracking_number) if text)
    return words("replacement_dispatched", about, parcel=parcel, expected=news.expected_at, due=due_at)


def delivery_trouble(about: About, cause: str, due_at: datetime | None, *, is_ordered_again: bool) -> Words:
    """The replacement does not come as it should, and what is done about it (R8)."""
    return words("delivery_trouble", about, cause=in_both(cause), due=due_at, is_ordered_again=is_ordered_again)


def replacement_delivered(about: About, delivered_at: datetime) -> Words:
    """The replacement is there, and no slot is free for the visit yet (R10)."""
    return words("replacement_delivered", about, delivered_at=delivered_at)


def service_restored(about: About, contest_by: datetime) -> Words:
    """Service is restored: confirm it, or contest it by then; silence confirms (SPEC §3)."""
    return words("service_restored", about, contest_by=contest_by)


def case_closed(about: About, outcome: Outcome, reason: str) -> Words:
    """The case is closed, and how it ended."""
    return words("case_closed", about, outcome=outcome.value, reason=in_both(reason))
