"""The registry as a software request reads it: many pieces of equipment at once, and what there is for their types."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from database.lineage import lineage
from domain.calendars import CalendarSpec
from domain.software_assessment import SoftwareRecord
from domain.software_releases import Compatibility

_RECORDS = """
select
    equipment.serial_number, equipment.type, equipment.hardware_revision, equipment.software_version,
    customer.code as customer, customer.name as customer_name,
    site.code as site, site.name as site_name, site.contact_email,
    array(select contact_email from sites where customer = equipment.customer and contact_email is not null
          order by code) as contacts,
    vendor.code as vendor, vendor.name as vendor_name, vendor.email as vendor_email,
    (select jsonb_build_object(
         'reference', contract.reference, 'customer', contract.customer, 'starts_on', contract.starts_on,
         'ends_on', contract.ends_on, 'services', contract.services, 'terms', contract.terms)
     from coverage join contracts contract on contract.reference = coverage.contract
     where coverage.serial_number = equipment.serial_number
     order by $2 between contract.starts_on and contract.ends_on desc,
              contract.services @> array['software_evolution'] desc, contract.ends_on desc, contract.reference
     limit 1) as contract,
    site_calendar.spec as site_calendar,
    (select spec from provider join calendars on calendars.code = provider.calendar) as provider_calendar
from equipment
join equipment_types type on type.name = equipment.type
join vendors vendor on vendor.code = type.vendor
join sites site on site.code = equipment.site
join calendars site_calendar on site_calendar.code = site.calendar
join customers customer on customer.code = equipment.customer
where equipment.serial_number = any($1::text[]) and equipment.replaced_by is null
"""

_PROVIDER_CALENDAR = "select spec from provider join calendars on calendars.code = provider.calendar"

_COMPATIBILITIES = """
select
    jsonb_build_object(
        'code', release.code, 'version', release.version, 'released_on', release.released_on, 'notes', release.notes,
        'file_uri', release.file_uri, 'sha256', release.sha256, 'needs_key', release.needs_key) as release,
    compatible.type as equipment_type, compatible.hardware_revisions,
    compatible.from_version, compatible.up_to_version
from release_compatibility compatible join releases release on release.code = compatible.release
where compatible.type = any($1::text[])
order by release.code
"""

_INSTALL = """
update equipment set software_version = $2 where serial_number = $1 and replaced_by is null
returning true
"""


class SoftwareRegistry:
    """Reads the registry for software requests, and notes what was installed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def records(self, serial_numbers: Sequence[str], on: date) -> Sequence[SoftwareRecord]:
        """What is known of these pieces of equipment, of those that are in service.

        The contract is one in force on that day, if there is any, and of several one that covers software evolution.
        """
        rows = await self._pool.fetch(_RECORDS, serial_numbers, on)
        return [SoftwareRecord.model_validate(dict(row)) for row in rows]

    async def in_place_of(self, serial_number: str) -> str | None:
        """What stands in the place of a serial number that was exchanged (R7); None when it was not."""
        found = (await lineage(self._pool, serial_number)).in_service
        return found if found != serial_number else None

    async def compatibilities(self, types: Sequence[str]) -> Sequence[Compatibility]:
        """What there is for these types, released or to be released."""
        return [Compatibility.model_validate(dict(row)) for row in await self._pool.fetch(_COMPATIBILITIES, types)]

    async def provider_calendar(self) -> CalendarSpec:
        """Our own calendar."""
        return CalendarSpec.model_validate(await self._pool.fetchval(_PROVIDER_CALENDAR))

    async def known_types(self) -> Sequence[str]:
        """The names of all types of equipment."""
        return [row["name"] for row in await self._pool.fetch("select name from equipment_types order by name")]

    async def note_installed(self, serial_number: str, version: str) -> bool:
        """Somebody says that this version runs now; False when the registry knows no such equipment in service."""
        return bool(await self._pool.fetchval(_INSTALL, serial_number, version))
