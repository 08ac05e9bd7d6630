"""What took the place of what: the chain of standard exchanges in the registry (R7)."""

import asyncpg
from pydantic import BaseModel, ConfigDict

_LINEAGE = """
with recursive later as (
    select serial_number, replaced_by from equipment where serial_number = $1
    union
    select next.serial_number, next.replaced_by from equipment next join later on next.serial_number = later.replaced_by
), earlier as (
    select serial_number from equipment where replaced_by = $1
    union
    select one.serial_number from equipment one join earlier on one.replaced_by = earlier.serial_number
)
select (select serial_number from later where replaced_by is null) as in_service,
       array(select serial_number::text from earlier order by 1) as predecessors
"""


class Lineage(BaseModel):
    """A serial number's place in the chain: what stands in its place now, and what stood there before it."""

    model_config = ConfigDict(frozen=True)

    in_service: str | None
    """None for what the registry does not know; the serial number itself when nothing took its place."""
    predecessors: tuple[str, ...]


async def lineage(connection: asyncpg.Connection | asyncpg.Pool, serial_number: str) -> Lineage:
    """Follow the exchanges from that serial number in both directions."""
    return Lineage.model_validate(dict(await connection.fetchrow(_LINEAGE, serial_number)))


async def exchanged_for(connection: asyncpg.Connection | asyncpg.Pool, serial_number: str) -> tuple[str, ...]:
    """The whole chain that the serial number is part of; nothing for what the registry does not know."""
    last = (await lineage(connection, serial_number)).in_service
    return (last, *(await lineage(connection, last)).predecessors) if last is not None else ()
