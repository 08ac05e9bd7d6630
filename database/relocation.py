"""Equipment that stands at another site than the registry says (a correction)."""

from collections.abc import Mapping

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from database.lineage import lineage
from domain.effects import Relocation, RelocationAnswer

_SITE = """
select site.name, site.region, site.contact_email, site.customer, site.delivery_zone, calendar.spec as calendar
from sites site join calendars calendar on calendar.code = site.calendar
where site.code = $1
"""

_CUSTOMER = "select customer from equipment where serial_number = $1 and replaced_by is null for update"

_TRANSIT_DAYS = "select (terms -> 'transit_days' -> $2::text)::integer from contracts where reference = $1"

_MOVE = "update equipment set site = $2, room = null where serial_number = $1 and site <> $2"


class Sites:
    """Where equipment stands, as PostgreSQL knows it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._effects = Effects(pool)

    async def relocate(self, relocation: Relocation) -> RelocationAnswer:
        """Move the equipment in the registry, or say in one sentence why it cannot be; once for each key.

        Of a serial number that was exchanged, what took its place is moved (R7). The site must be one of the
        equipment's customer, and the contract must name transit days for its delivery zone (R6). The room at the new
        site is not known; at the site where it stands already it stays.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            return (await _relocate(connection, relocation)).model_dump(mode="json")

        return RelocationAnswer.model_validate(await self._effects.once(relocation.key, relocation.now, write))


async def _relocate(connection: asyncpg.Connection, relocation: Relocation) -> RelocationAnswer:
    code = relocation.site.strip()
    serial_number = (await lineage(connection, relocation.serial_number)).in_service or relocation.serial_number
    customer = await connection.fetchval(_CUSTOMER, serial_number)
    site = await connection.fetchrow(_SITE, code)
    if customer is None:
        return _refused(f"serial number {serial_number} is no equipment in service")
    if site is None:
        return _refused(f"there is no site {code}: give one of its customer's sites")
    if site["customer"] != customer:
        return _refused(f"site {code} is {site['customer']}'s, and the equipment is {customer}'s: give one of theirs")
    transit_days = await connection.fetchval(_TRANSIT_DAYS, relocation.contract, site["delivery_zone"])
    if transit_days is None:
        zone = site["delivery_zone"]
        return _refused(f"contract {relocation.contract} names no transit days for delivery zone {zone} of site {code}")
    await connection.execute(_MOVE, serial_number, code)
    return _answer(code, site, transit_days)


def _answer(code: str, site: Mapping[str, JsonValue], transit_days: int) -> RelocationAnswer:
    told = {column: site[column] for column in ("region", "contact_email", "calendar")}
    return RelocationAnswer.model_validate(
        {"site": code, "site_name": site["name"], "transit_days": transit_days, **told}
    )


def _refused(reason: str) -> RelocationAnswer:
    return RelocationAnswer(refused_because=reason)
