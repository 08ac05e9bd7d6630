"""Is a call covered? The registry is asked when it comes in, and again when it is about other equipment (R14)."""

from temporalio import activity

from database.cases import CaseStore
from database.provider import ProviderDirectory
from database.registry import Registry
from domain.business_time import business_calendar
from domain.calendars import CalendarSpec
from domain.call_entitlement import CallEntitlement, not_identified
from domain.effects import CallQuestion
from domain.entitlement import assess_call
from domain.registry import Service

_OF_A_CALL = (Service.ASSISTANCE,)
_OF_A_BREAKDOWN = (Service.CURATIVE, Service.ASSISTANCE)
"""What entitles somebody to be answered: to be called back, by either."""


class CallEntitlementActivities:
    """Reads the registry, and decides with `domain.entitlement`."""

    def __init__(self, registry: Registry, provider: ProviderDirectory, cases: CaseStore) -> None:
        self._registry = registry
        self._provider = provider
        self._cases = cases

    @activity.defn
    async def check_call(self, question: CallQuestion) -> CallEntitlement:
        """Say whether phone assistance covers the equipment on the provider's local day of the call.

        A call that names none is answered all the same, under the sheet's own figures.
        """
        provider = (await self._provider.find()).calendar
        if question.serial_number is None:
            return CallEntitlement(provider=provider, coverage=not_identified(provider))
        return await self._about(question.serial_number, question, provider)

    async def _about(self, named: str, question: CallQuestion, provider: CalendarSpec) -> CallEntitlement:
        """What was exchanged is answered for what stands in its place (R7)."""
        serial_number = (await self._registry.lineage(named)).in_service or named
        on = business_calendar(provider).local_day(question.received_at)
        record = await self._registry.find(serial_number, on)
        services = _OF_A_BREAKDOWN if question.is_breakdown else _OF_A_CALL
        found = assess_call(record, serial_number, on, services, question.exception)
        return CallEntitlement(
            provider=provider,
            coverage=found.coverage,
            equipment=found.equipment,
            serial_number=serial_number,
            open_case=await self._cases.open_reference(serial_number),
            rejected_because=found.rejected_because,
        )
