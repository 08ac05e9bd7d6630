"""Standard exchange in the registry: what was installed takes the place of what was removed (R7)."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg
from pydantic import JsonValue

from database.effects import Effects
from database.lineage import lineage
from domain.effects import SerialExchangeAnswer, SerialExchanges
from domain.serial_numbers import SerialNumberError, normalise_serial_number

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

_IN_SERVICE = "select true from equipment where serial_number = $1 and replaced_by is null for update"

_REMOVE = "update equipment set replaced_by = $2, removed_at = $3 where serial_number = $1"


class AlreadyInService(Exception):
    """The serial number that was installed stands in the registry as equipment in service elsewhere."""


async def exchange(connection: asyncpg.Connection, removed: str, installed: str, at: datetime) -> bool:
    """Let `installed` take the place, the contracts and the configuration of `removed`, in the caller's transaction.

    False, and nothing changes, when `removed` is not equipment in service: a sub-assembly, or exchanged before.
    Equipment that was removed once may come back. Raises AlreadyInService, and changes nothing, when `installed` is in
    service already.
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


class SerialNumbers:
    """The exchanges that technicians report, carried out in the registry."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._effects = Effects(pool)

    async def exchange(self, wish: SerialExchanges) -> SerialExchangeAnswer:
        """Carry out each exchange by itself: one that is refused leaves the others be. Once for each key.

        Answers with one sentence for each, in the order in which they were given.
        """

        async def write(connection: asyncpg.Connection) -> JsonValue:
            return list(await _results(connection, wish.exchanges, wish.now))

        return SerialExchangeAnswer.model_validate({"results": await self._effects.once(wish.key, wish.now, write)})


async def _results(connection: asyncpg.Connection, pairs: Iterable[tuple[str, str]], at: datetime) -> Iterable[str]:
    return [await _result(connection, removed, installed, at) for removed, installed in pairs]


async def _result(connection: asyncpg.Connection, removed: str, installed: str, at: datetime) -> str:
    """What became of one exchange, in one sentence."""
    try:
        removed, installed = normalise_serial_number(removed), normalise_serial_number(installed)
        if await exchange(connection, removed, installed, at):
            return f"{installed} takes the place of {removed}, with its contracts and its configuration"
    except SerialNumberError as error:
        return f"{removed} for {installed} is not carried out in the registry: {error}"
    except AlreadyInService as error:
        return f"{removed} for {installed} is refused: {error}"
    successor = (await lineage(connection, removed)).in_service
    if successor is not None:
        return f"{removed} is out of service already: {successor} stands in its place"
    return f"{removed} is no equipment in service: {installed} for it is noted as a sub-assembly"
