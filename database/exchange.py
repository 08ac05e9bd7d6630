"""Standard exchange in the registry: what was installed takes the place of what was removed (R7)."""

from datetime import datetime

import asyncpg

_INSTALL = """
insert into equipment as known (serial_number, type, customer, site, room, software_version)
select $2, type, customer, site, room, software_version
from equipment
where serial_number = $1 and replaced_by is null
on conflict (serial_number) do update set
    (type, customer, site, room, software_version, replaced_by, removed_at)
    = row(excluded.type, excluded.customer, excluded.site, excluded.room, excluded.software_version, null, null)
where known.replaced_by is not null
returning true
"""

_IN_SERVICE = "select exists (select from equipment where serial_number = $1 and replaced_by is null)"

_REMOVE = "update equipment set replaced_by = $2, removed_at = $3 where serial_number = $1"


class AlreadyInService(Exception):
    """The serial number that was installed stands in the registry as equipment in service elsewhere."""


async def exchange(connection: asyncpg.Connection, removed: str, installed: str, at: datetime) -> bool:
    """Let `installed` take the place, the contracts and the configuration of `removed`, in the caller's transaction.

    False, and nothing changes, when `removed` is not equipment in service: a sub-assembly, or exchanged before.
    Equipment that was removed once may come back. Raises AlreadyInService when `installed` is in service already.
    """
    if not await connection.fetchval(_IN_SERVICE, removed):
        return False
    if not await connection.fetchval(_INSTALL, removed, installed):
        raise AlreadyInService(f"{installed} is in service already: check the serial number that was installed.")
    for table in ("coverage", "configuration_lines"):
        await connection.execute(f"delete from {table} where serial_number = $1", installed)
        await connection.execute(f"update {table} set serial_number = $2 where serial_number = $1", removed, installed)
    await connection.execute(_REMOVE, removed, installed, at)
    return True
