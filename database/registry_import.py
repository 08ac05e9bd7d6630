"""Load a registry from a directory of CSV files: all of it, or nothing and every reason why (docs/registry.md)."""

import asyncio
from pathlib import Path

import asyncpg
from pydantic import BaseModel, ConfigDict

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore
from database.registry_csv.checked import CheckedRegistry, check_directory
from database.registry_csv.errors import LineError, RegistryErrors
from database.registry_csv.records import TableRecords, records_of
from database.registry_keys import load_keys
from database.upsert import differ, overwrite

__all__ = [
    "SAMPLE_DIRECTORY",
    "FileSummary",
    "ImportSummary",
    "LineError",
    "RegistryErrors",
    "check_directory",
    "import_directory",
    "load_sample_if_empty",
]

SAMPLE_DIRECTORY = Path(__file__).parent / "sample"
"""A registry to try the product with: fictitious customers, equipment as it is sold."""

LOAD_TIMEOUT = 60.0
"""Seconds that one statement of an import may take."""

_LOCK = 7_250_836_102_946_319
_LISTED_WHOLE = ("coverage", "configuration_lines")
"""Tables whose file lists all that a piece of equipment has: what it does not list is taken out."""


class FileSummary(BaseModel):
    """What an import did with the lines of one file; `removed` counts what the file does not list any more."""

    model_config = ConfigDict(frozen=True)

    file: str
    added: int
    changed: int
    unchanged: int
    removed: int


class ImportSummary(BaseModel):
    """What an import did, file by file in the order of loading."""

    model_config = ConfigDict(frozen=True)

    files: tuple[FileSummary, ...]


async def import_directory(pool: asyncpg.Pool, directory: Path, secrets: SecretBox | None = None) -> ImportSummary:
    """Load a registry in one transaction. What is there already is updated; importing again changes nothing.

    Lines that the registry knows and the files do not list are left as they are, but for the coverage and the
    configuration of the equipment that is listed. Raises RegistryErrors, and loads nothing, when anything is wrong.

    Activation keys are sealed with `secrets`, else with the box of this process, which is asked for only when there
    are keys: raises SettingsError when it has no key ring.
    """
    registry = await asyncio.to_thread(check_directory, directory)
    async with pool.acquire() as connection, connection.transaction():
        await _lock(connection)
        return await _load(connection, registry, _keys(pool, registry, secrets))


async def load_sample_if_empty(pool: asyncpg.Pool, secrets: SecretBox | None = None) -> bool:
    """Load the sample registry unless there is one; False when there is. Safe from several processes at once."""
    if await _is_loaded(pool):
        return False
    registry = await asyncio.to_thread(check_directory, SAMPLE_DIRECTORY)
    async with pool.acquire() as connection, connection.transaction():
        await _lock(connection)
        if await _is_loaded(connection):
            return False
        await _load(connection, registry, _keys(pool, registry, secrets))
        return True


def _keys(pool: asyncpg.Pool, registry: CheckedRegistry, secrets: SecretBox | None) -> KeyStore | None:
    """The stock that keys go into, when there are any."""
    if not registry.sheets.activation_keys.rows:
        return None
    return KeyStore(pool, secrets or SecretBox.of(Settings()))


async def _is_loaded(connection: asyncpg.Connection | asyncpg.Pool) -> bool:
    return bool(await connection.fetchval("select exists (select from provider)"))


async def _lock(connection: asyncpg.Connection) -> None:
    await connection.execute("select pg_advisory_xact_lock($1)", _LOCK, timeout=LOAD_TIMEOUT)


async def _load(connection: asyncpg.Connection, registry: CheckedRegistry, stock: KeyStore | None) -> ImportSummary:
    serial_numbers = [equipment.serial_number for equipment in registry.sheets.equipment.rows]
    try:
        files = [await _load_table(connection, table, serial_numbers) for table in records_of(registry)]
        await connection.execute("set constraints all immediate", timeout=LOAD_TIMEOUT)
        if stock is not None:
            counts = await load_keys(connection, stock, registry.sheets.activation_keys)
            files.append(FileSummary(file=registry.sheets.activation_keys.form.file, changed=0, removed=0, **counts))
    except asyncpg.IntegrityConstraintViolationError as conflict:
        reason = f"it contradicts what the registry holds and the files do not list: {conflict.detail or conflict}"
        raise RegistryErrors([LineError(f"table {conflict.table_name}", 0, reason)]) from None
    return ImportSummary(files=tuple(files))


async def _load_table(connection: asyncpg.Connection, table: TableRecords, serial_numbers: list[str]) -> FileSummary:
    removed = 0
    if table.table in _LISTED_WHOLE:
        removed = await connection.fetchval(_removal(table), table.records, serial_numbers, timeout=LOAD_TIMEOUT)
    added, changed = 0, 0
    if table.records:
        added, changed = await connection.fetchrow(_upsert(table), table.records, timeout=LOAD_TIMEOUT)
    unchanged = len(table.records) - added - changed
    return FileSummary(file=table.file, added=added, changed=changed, unchanged=unchanged, removed=removed)


def _upsert(table: TableRecords) -> str:
    """Names of tables and columns come from the code, values from the one parameter."""
    columns = ", ".join(table.records[0])
    return f"""
        with written as (
            insert into {table.table} as old ({columns})
            select {columns} from jsonb_populate_recordset(null::{table.table}, $1)
            on conflict ({", ".join(table.key)}) do update set {overwrite(columns)}
            where {differ("old", columns)}
            returning xmax = 0 as added
        )
        select count(*) filter (where added), count(*) filter (where not added) from written
    """


def _removal(table: TableRecords) -> str:
    key = ", ".join(table.key)
    return f"""
        with removed as (
            delete from {table.table}
            where serial_number in (select jsonb_array_elements_text($2))
              and ({key}) not in (select {key} from jsonb_populate_recordset(null::{table.table}, $1))
            returning 1
        )
        select count(*) from removed
    """
