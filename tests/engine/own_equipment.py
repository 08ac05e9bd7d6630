"""Equipment of a history's own, in a room of its own: so that histories do not stand in each other's way."""

import asyncpg

_COPY = """
with original as (
    select * from equipment where serial_number = $1
), room as (
    insert into rooms (code, site, name)
    select room.code || $2, room.site, room.name from rooms room join original on original.room = room.code
), copy as (
    insert into equipment (serial_number, type, customer, site, room, software_version)
    select serial_number || $2, type, customer, site, room || $2, software_version from original
), line as (
    insert into configuration_lines (serial_number, article, quantity)
    select serial_number || $2, article, quantity from configuration_lines where serial_number = $1
)
insert into coverage (serial_number, contract, customer)
select serial_number || $2, contract, customer from coverage where serial_number = $1
"""


async def copied_equipment(pool: asyncpg.Pool, serial_number: str, suffix: str) -> str:
    """The serial number, with that suffix, of a copy of that equipment: with its configuration and its contracts."""
    await pool.execute(_COPY, serial_number, suffix)
    return serial_number + suffix
