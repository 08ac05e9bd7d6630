"""Entitlement: the registry is asked once, when a case opens (R14)."""

from datetime import UTC, date, datetime

from temporalio import activity

from database.cases import CaseStore
from database.lineage import Lineage
from database.registry import Registry
from domain.business_time import both, business_calendar
from domain.calendars import CalendarError
from domain.effects import EntitlementQuestion
from domain.entitlement import Entitlement, assess_curative
from domain.recurrence import assess_recurrence
from domain.registry import RegistryRecord

CALENDARS_ANSWER_FROM = datetime(2020, 1, 2, tzinfo=UTC)
"""The beginning of the calendars' tables."""


class EntitlementActivities:
    """Reads the registry and the closed cases, and decides with `domain.entitlement`."""

    def __init__(self, registry: Registry, cases: CaseStore) -> None:
        self._registry = registry
        self._cases = cases

    @activity.defn
    async def check_entitlement(self, question: EntitlementQuestion) -> Entitlement:
        """Say whether curative maintenance covers the equipment on the provider's local day of the report.

        A serial number that was exchanged belongs to the one in service; and any of them to whichever has the case
        that is open, as the one that exchanged it (R7). No two fresh cases send a report to and fro: what was
        exchanged never gets past its registration. A recurrence inherits the coverage of the case before it (R14).
        """
        family = await self._registry.lineage(question.serial_number)
        elsewhere = await self._elsewhere(question.serial_number, family)
        if elsewhere is not None:
            return Entitlement(coverage=None, equipment=None, belongs_to=elsewhere)
        record, on = await self._read(question)
        past = await self._cases.last_closed([question.serial_number, *family.predecessors])
        inherited = assess_recurrence(record, past, question.reported_at) if record and past else None
        entitlement = inherited or assess_curative(record, question.serial_number, on, question.exception)
        return entitlement if entitlement.coverage is None else _with_calendars_that_count(entitlement)

    async def _elsewhere(self, serial_number: str, family: Lineage) -> str | None:
        """The serial number whose case the report belongs to, when it is another one.

        The case that is open for the place comes first, under whichever serial number it was begun; else what stands
        there now.
        """
        if family.in_service in (None, serial_number):
            return await self._cases.open_case(family.predecessors) if family.predecessors else None
        assert family.in_service is not None
        place = await self._registry.lineage(family.in_service)
        others = [known for known in (family.in_service, *place.predecessors) if known != serial_number]
        return await self._cases.open_case(others) or family.in_service

    async def _read(self, question: EntitlementQuestion) -> tuple[RegistryRecord | None, date]:
        """What the registry says on the provider's local day of the report, and that day."""
        on = question.reported_at.date()
        record = await self._registry.find(question.serial_number, on)
        if record is not None:
            local_day = business_calendar(record.provider_calendar).local_day(question.reported_at)
            if local_day != on:
                on = local_day
                record = await self._registry.find(question.serial_number, on)
        return record, on


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
