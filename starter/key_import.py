"""Activation keys imported while requests wait: sealed, given to the oldest in line, and these told (R11)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import asyncpg
from pydantic import BaseModel, ConfigDict
from temporalio.service import RPCError

from config.secrets import SecretBox
from config.settings import Settings
from config.temporal import EngineUnreachable, connect
from database.activation_keys import KeyStore, StockedKey
from database.registry_csv.errors import Findings, LineError, RegistryErrors
from database.registry_csv.forms import ACTIVATION_KEYS
from database.registry_csv.sheets import read_form
from domain.software_messages import KeysGranted
from starter.connections import quiet_runtime
from starter.console import complain
from starter.engine import engine_answer


class KeyImport(BaseModel):
    """What became of the keys of a file, and how many requests were served by them and told so."""

    model_config = ConfigDict(frozen=True)

    added: int
    known: int
    served: int
    told: int


async def import_keys(
    pool: asyncpg.Pool, secrets: SecretBox, file: Path, now: datetime
) -> tuple[KeyImport, Sequence[str]]:
    """Load a file of keys, all of it or nothing, and serve the line; answers with the workflows that are to be told.

    Raises RegistryErrors, which quotes no key.
    """
    findings = Findings()
    sheet = read_form(file, ACTIVATION_KEYS, findings)
    findings.raise_if_any()
    stock = KeyStore(pool, secrets)
    releases = sorted({row.release for row in sheet.rows})
    async with pool.acquire() as connection, connection.transaction():
        known = {row["code"] for row in await connection.fetch("select code from releases")}
        for number, row in sheet.numbered:
            if row.release not in known:
                findings.add(file.name, number, f"release {row.release!r} is not in the registry: import it first")
        findings.raise_if_any()
        keys = [StockedKey(row.release, row.key, row.serial_number) for row in sheet.rows]
        added = await stock.add(connection, keys)
        if added.misplaced:
            raise RegistryErrors(
                LineError(file.name, 0, f"key {key} is in the stock for another release already")
                for key in added.misplaced
            )
    to_be_told = await stock.serve_the_line(releases, now)
    summary = KeyImport(added=added.added, known=added.known, served=len(to_be_told), told=0)
    return summary, to_be_told


async def tell_if_reachable(settings: Settings, workflow_ids: Sequence[str]) -> int:
    """Tell these requests that the stock has something for them; how many were told.

    One that is not reached, or all of them while the engine is away, sees it by itself within two days.
    """
    if not workflow_ids:
        return 0
    try:
        client = await connect(settings, runtime=quiet_runtime())
    except EngineUnreachable as away:
        complain(f"{away} The keys are given; who waits will see them within two days.")
        return 0
    told = 0
    for workflow_id in workflow_ids:
        with suppress(RPCError):
            await engine_answer(client.get_workflow_handle(workflow_id).signal(KeysGranted.kind, {}))
            told += 1
    return told
