"""The registry as a case reads it: equipment, site, vendor and the contract that counts on a day."""

from collections.abc import Sequence
from datetime import date

import asyncpg
from pydantic import BaseModel, ConfigDict

from database.lineage import Lineage, lineage
from domain.calendars import CalendarSpec
from domain.registry import Contract, RegistryRecord, Site

_SITE = """jsonb_build_object(
    'code', site.code, 'name', site.name, 'address', site.address, 'delivery_zone', site.delivery_zone,
    'region', site.region, 'contact_email', site.contact_email, 'calendar', site_calendar.spec)"""

_CONTRACT = """jsonb_build_object(
    'reference', contract.reference, 'customer', contract.customer, 'starts_on', contract.starts_on,
    'ends_on', contract.ends_on, 'services', contract.services, 'terms', contract.terms)"""

_PROVIDER_CALENDAR = """
(select spec from provider join calendars on calendars.code = provider.calendar) as provider_calendar
"""

_IN_FORCE = "$2 between contract.starts_on and contract.ends_on"
_ENDS_LAST = "contract.ends_on desc, contract.reference"

_FIND = f"""
select
    jsonb_build_object(
        'serial_number', equipment.serial_number, 'type', equipment.type, 'category', type.category,
        'skills', type.skills,
        'software_version', equipment.software_version, 'room', equipment.room,
        'configuration', coalesce((
            select jsonb_agg(jsonb_build_object(
                'quantity', line.quantity,
                'article', jsonb_build_object(
                    'reference', article.reference, 'designation', article.designation,
                    'consumable', article.consumable)) order by article.reference)
            from configuration_lines line join articles article on article.reference = line.article
            where line.serial_number = equipment.serial_number), '[]')) as equipment,
    customer.code as customer,
    customer.name as customer_name,
    {_SITE} as site,
    jsonb_build_object('code', vendor.code, 'name', vendor.name, 'email', vendor.email,
                       'calendar', vendor_calendar.spec) as vendor,
    (select {_CONTRACT} from coverage join contracts contract on contract.reference = coverage.contract
     where coverage.serial_number = equipment.serial_number
     order by {_IN_FORCE} desc, {_ENDS_LAST} limit 1) as contract,
    {_PROVIDER_CALENDAR}
from equipment
join equipment_types type on type.name = equipment.type
join vendors vendor on vendor.code = type.vendor
join calendars vendor_calendar on vendor_calendar.code = vendor.calendar
join sites site on site.code = equipment.site
join calendars site_calendar on site_calendar.code = site.calendar
join customers customer on customer.code = equipment.customer
where equipment.serial_number = $1 and equipment.replaced_by is null
"""

_FIND_SITE = f"""
select
    {_SITE} as site,
    (select {_CONTRACT} from contracts contract where contract.customer = site.customer
     order by {_IN_FORCE} desc,
              exists (select from coverage join equipment using (serial_number)
                      where coverage.contract = contract.reference and equipment.site = site.code) desc,
              {_ENDS_LAST} limit 1) as contract,
    {_PROVIDER_CALENDAR}
from sites site
join calendars site_calendar on site_calendar.code = site.calendar
where site.code = $1
"""

_LIST_SITES = """
select site.code, site.name, site.customer, customer.name as customer_name, site.delivery_zone
from sites site join customers customer on customer.code = site.customer
order by site.customer, site.code
"""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteRecord(_Record):
    """What decides a promise at a site: its calendar, the contract that counts there, the provider."""

    site: Site
    contract: Contract | None
    provider_calendar: CalendarSpec


class SiteSummary(_Record):
    """One line of the list of sites."""

    code: str
    name: str
    customer: str
    customer_name: str
    delivery_zone: str


class Registry:
    """Reads the registry; every question is one round trip."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, serial_number: str, on: date) -> RegistryRecord | None:
        """Everything about a piece of equipment, or None when the registry knows no such one in service.

        The contract is the one in force on that day (the provider's local day), else the one that ends last,
        so that the caller can say why it does not count; None when none ever covered the equipment (R14).
        """
        row = await self._pool.fetchrow(_FIND, serial_number, on)
        return RegistryRecord.model_validate(dict(row)) if row else None

    async def site(self, code: str, on: date) -> SiteRecord | None:
        """What decides a promise at the site on that day, or None when there is no such site.

        The contract is chosen as by `find`, among all of the customer's; of two in force, the one that covers
        equipment at the site.
        """
        row = await self._pool.fetchrow(_FIND_SITE, code, on)
        return SiteRecord.model_validate(dict(row)) if row else None

    async def lineage(self, serial_number: str) -> Lineage:
        """What stands in the place of that serial number now, and what stood there before it (R7)."""
        return await lineage(self._pool, serial_number)

    async def sites(self) -> Sequence[SiteSummary]:
        """All sites, by customer and code."""
        return [SiteSummary.model_validate(dict(row)) for row in await self._pool.fetch(_LIST_SITES)]
