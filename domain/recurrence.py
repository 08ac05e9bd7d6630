"""Recurrences: a report soon after a case has closed inherits the terms of that case (R14)."""

from datetime import datetime

from domain.business_time import business_calendar
from domain.calendars import CalendarError
from domain.entitlement import Entitlement, PastCase, equipment_card
from domain.registry import RegistryRecord


def assess_recurrence(record: RegistryRecord, past: PastCase, reported_at: datetime) -> Entitlement | None:
    """The entitlement that a report inherits from a case that closed shortly before; None when it inherits none.

    Shortly: within the recurrence of that case's terms, in the provider's business time; a report that was taken
    before the closing and entered after it counts too. The terms and the calendars are those of that case, also when
    the contract has ended meanwhile (R14); but equipment that stands elsewhere now has its new site's calendar, and
    equipment that has become another customer's inherits nothing.
    """
    transit_days = past.coverage.terms.transit_days.get(record.site.delivery_zone)
    if past.customer != record.customer or transit_days is None or not _is_soon(past, reported_at):
        return None
    inherited = {"basis": f"recurrence of {past.reference}"}
    moved = {"site": record.site.calendar} if past.site != record.site.code else {}
    return Entitlement(
        coverage=past.coverage.model_copy(update={**inherited, **moved}),
        equipment=equipment_card(record).model_copy(update={"transit_days": transit_days}),
        recurrence_of=past.reference,
    )


def _is_soon(past: PastCase, reported_at: datetime) -> bool:
    try:
        elapsed = business_calendar(past.coverage.provider).elapsed(past.closed_at, reported_at)
    except CalendarError:
        return False
    return elapsed <= past.coverage.terms.recurrence
