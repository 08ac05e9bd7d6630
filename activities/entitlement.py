"""Entitlement: the registry is asked once, when a case opens (R14)."""

from temporalio import activity

from database.registry import Registry
from domain.business_time import business_calendar
from domain.effects import EntitlementQuestion
from domain.entitlement import Entitlement, assess_curative


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
        return assess_curative(record, question.serial_number, on, question.exception)
