"""A registry of a history's own: sites, rooms, technicians, depots, parts and loan units that no other history shares.

So the same seed tells the same history, whatever else is told beside it, and what is left can be counted.
"""

from dataclasses import dataclass
from random import Random

import asyncpg

from tests.workflows.random_words import Surroundings

CONSUMABLE = "FUS-5X20-T2A"
"""An article that belongs to no configuration of the sample."""

# What decides who fits whom (skills, features, region) has the suffix too.
_COPIES = (
    """
    insert into sites (code, customer, name, address, calendar, delivery_zone, contact_email, region)
    select site.code || $2, site.customer, site.name, site.address, site.calendar, site.delivery_zone,
           site.contact_email, site.region || $2
    from sites site join equipment on equipment.customer = site.customer
    where serial_number = $1 and site.code not like '%~%'
    """,
    """
    insert into rooms (code, site, name)
    select room.code || $2, room.site || $2, room.name
    from rooms room join equipment on equipment.room = room.code where serial_number = $1
    """,
    """
    insert into equipment_types (name, vendor, category, skills, features)
    select name || $2 || better.mark, vendor, category, skills || $2::text, features || array[$2, better.mark]
    from equipment_types join equipment on equipment.type = equipment_types.name,
         (values (''), ('+')) better (mark)
    where serial_number = $1
    """,
    """
    insert into technicians (code, name, email, skills, region)
    select technician.code || $2, technician.name, technician.email, technician.skills || $2::text,
           technician.region || $2
    from technicians technician
    join equipment on serial_number = $1
    join equipment_types type on type.name = equipment.type
    where technician.skills @> type.skills and technician.code not like '%~%'
      and technician.region in (select region from sites where customer = equipment.customer)
    """,
    """
    insert into articles (reference, designation, vendor, consumable)
    select reference || $2, designation, vendor, consumable from articles
    where reference in (select article from configuration_lines where serial_number = $1)
    """,
    """
    insert into locations (code, name, region)
    select site.code || '-' || depot || $2, 'depot ' || depot, site.region || $2
    from sites site join equipment on equipment.site = site.code, generate_series(1, 2) depot
    where serial_number = $1
    """,
)

_EQUIPMENT = """
insert into equipment (serial_number, type, customer, site, room, software_version)
select $3, type || $2, customer, site || $2, room || $2, software_version from equipment where serial_number = $1
"""

_CONFIGURATION = """
insert into configuration_lines (serial_number, article, quantity)
select $3, article || $2, quantity from configuration_lines where serial_number = $1
"""

_COVERAGE = """
insert into coverage (serial_number, contract, customer)
select $2, contract, customer from coverage where serial_number = $1
"""

_SURROUNDINGS = """
select array(select code from sites where code like '%' || $1 order by code) as sites,
       array(select code from locations where code like '%' || $1 order by code) as depots,
       array(select reference from articles where reference like '%' || $1 order by reference) as articles,
       array(select name from equipment_types
             where name like '%' || $1 or name like '%' || $1 || '+' order by name) as types
"""


@dataclass(frozen=True)
class OwnRegistry:
    """What there is at the beginning. `pieces` are two of the same kind in the same room."""

    suffix: str
    pieces: tuple[str, str]
    parts: int
    """How many parts are in stock, of all articles together."""
    surroundings: Surroundings


async def own_registry(pool: asyncpg.Pool, original: str, random: Random, mark: int) -> OwnRegistry:
    """Copy what stands around that equipment of the sample, under a suffix; parts and loan units are few."""
    suffix = f"~{mark}"
    pieces = (f"{original}-{mark}A", f"{original}-{mark}B")
    async with pool.acquire() as connection, connection.transaction():
        for copy in _COPIES:
            await connection.execute(copy, original, suffix)
        for piece in pieces:
            await connection.execute(_EQUIPMENT, original, suffix, piece)
            await connection.execute(_CONFIGURATION, original, suffix, piece)
            await connection.execute(_COVERAGE, original, piece)
        sites, depots, articles, types = await connection.fetchrow(_SURROUNDINGS, suffix)
        parts = [(depot, article, random.randrange(3)) for depot in depots for article in articles]
        await connection.executemany("insert into stock (location, article, quantity) values ($1, $2, $3)", parts)
        units = [(f"LOAN-{mark}-{number}", random.choice(types), random.choice(depots)) for number in range(3)]
        await connection.executemany(
            "insert into loan_units (serial_number, type, location) values ($1, $2, $3)",
            units[: random.choice([0, 1, 1, 2, 3])],
        )
    surroundings = Surroundings(
        pieces=pieces,
        sites=(*sites, "BRU-LIL", "NOWHERE"),
        configured=tuple(articles),
        others=(CONSUMABLE, "NO-SUCH-ARTICLE"),
    )
    return OwnRegistry(suffix, pieces, sum(quantity for _, _, quantity in parts), surroundings)
