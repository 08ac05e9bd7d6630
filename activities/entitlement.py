"""Entitlement: the registry is asked once, when a case opens (R14)."""

from datetime import UTC, datetime

from temporalio import activity

from database.registry import Registry
from domain.business_time import both, business_calendar
from domain.calendars import CalendarError
from domain.effects import EntitlementQuestion
from domain.entitlement import Entitlement, assess_curative

CALENDARS_ANSWER_FROM = datetime(2020, 1, 2, tzinfo=UTC)
"""The beginning of the calendars' tables."""


class EntitlementActivities:
    """Reads the registry and decides with `domain.entitlement`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @activity.defn
    async def check_entitlement(self, question: EntitlementQuestion) -> Entitlement:
        """Say whether curative maintenance covers the equipment on the provider's local day of the report."""
        on = question.reported_at.date()
        record = await self._registry.find(question.serial_number, on)
        if record is not None:
            local_day = business_calendar(record.provider_calendar).local_day(question.reported_at)
            if local_day != on:
                on = local_day
                record = await self._registry.find(question.serial_number, on)
        entitlement = assess_curative(record, question.serial_number, on, question.exception)
        return entitlement if entitlement.coverage is None else _with_calendars_that_count(entitlement)


def _with_calendars_that_count(entitlement: Entitlement) -> Entitlement:
    """The entitlement, unless its calendars could not answer for a delivery or a visit later on: refused at once."""
    assert entitlement.coverage is not None
    try:
        site, provider = business_calendar(entitlement.coverage.site), business_calendar(entitlement.coverage.provider)
        both(site, provider).next_opening(CALENDARS_ANSWER_FROM)
    except CalendarError as error:
        reason = f"the calendars of site and provider cannot be used together: {error}"
        return Entitlement(coverage=None, equipment=entitlement.equipment, rejected_because=reason)
    return entitlement
