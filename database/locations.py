"""Depots, by how near they are to a site."""

from collections.abc import Sequence

import asyncpg

from domain.nearness import Position, nearness

_POSITIONS = """
select 'site' as kind, code, region, latitude, longitude from sites where code = $1
union all
select 'location', code, region, latitude, longitude from locations
"""


async def nearest_locations(connection: asyncpg.Connection, site: str) -> Sequence[str]:
    """The codes of all depots, the one nearest to the site first (`domain.nearness`)."""
    where = Position(site, None, None, None)
    depots = []
    for kind, *position in await connection.fetch(_POSITIONS, site):
        if kind == "site":
            where = Position(*position)
        else:
            depots.append(Position(*position))
    return [depot.code for depot in sorted(depots, key=lambda depot: nearness(where, depot))]
