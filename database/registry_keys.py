"""Activation keys of a registry: sealed as they are loaded, never changed, never shown (R11, SPEC §7.5)."""

import asyncpg

from database.activation_keys import KeyStore, StockedKey
from database.registry_csv.errors import LineError, RegistryErrors
from database.registry_csv.rows import ActivationKeyRow
from database.registry_csv.sheets import Sheet


async def load_keys(connection: asyncpg.Connection, stock: KeyStore, sheet: Sheet[ActivationKeyRow]) -> dict[str, int]:
    """Put the keys of a file into the stock, on a connection with a transaction; how many were added and known.

    Raises RegistryErrors for one that is in the stock for another release already.
    """
    added = await stock.add(connection, (StockedKey(row.release, row.key, row.serial_number) for row in sheet.rows))
    if added.misplaced:
        lines = {str(row.key): number for number, row in sheet.numbered}
        raise RegistryErrors(
            LineError(sheet.form.file, lines.get(key, 0), f"key {key} is in the stock for another release already")
            for key in added.misplaced
        )
    return {"added": added.added, "unchanged": added.known}
