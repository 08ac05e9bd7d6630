"""No key, no name, no address and no telephone number can be read where the product keeps things (SPEC §7.5)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from database.pool import open_pool
from starter.cli import app
from tests.activities.smtp_servers import Server
from tests.durability.installation import Installation
from tests.mailgate.gate_process import GateProcess
from tests.payloads_on_the_wire import plain_client
from tests.secrecy import people
from tests.secrecy.conftest import DATABASE_FILE
from tests.secrecy.storage import dumped, files, stored_by_temporal
from tests.secrecy.tale import IN_STOCK, Tale
from tests.secrecy.traces import traces_of_keys, traces_of_people
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT
from tests.workflows.software_story import BRIDGE

Curative = Callable[..., Awaitable[str]]


@pytest.fixture
def curative(installation: Installation) -> Curative:
    """Runs `curative` with these arguments; what it prints."""

    async def run(*arguments: str) -> str:
        variables = {**installation.environment, "COLUMNS": "200"}
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=variables)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture
async def pool(installation: Installation) -> AsyncIterator[asyncpg.Pool]:
    """Connections to the installation's database, which has no key in stock but one."""
    async with await open_pool(installation.database_url) as pool:
        await pool.execute("delete from activation_keys where release = 'CMS-3.11'")
        yield pool


async def test_nothing_is_readable_wherever_keys_were_given_and_people_named(
    installation: Installation, mail_server: Server, gate: GateProcess, pool: asyncpg.Pool, curative: Curative
) -> None:
    await stocked(curative, installation.home, IN_STOCK)
    tale = Tale(installation, mail_server, gate, pool)
    await tale.a_key_of_the_stock()
    await asyncio.gather(
        tale.keys_of_the_vendor(), tale.a_key_as_a_signal(), tale.mails(), tale.a_call(), tale.a_case()
    )
    keys_were_delivered(mail_server)

    stored = {**await kept_by_temporal(installation), **tale.stored}
    assert traces_of_keys(people.keys(), stored) == []
    assert traces_of_people(people.people(), stored) == []

    logs = files(installation.home, "*.log")
    assert sorted(logs) == ["mailgate.log", "worker-1.log"]
    assert b'"level": "DEBUG"' in logs["worker-1.log"]
    assert b"mail taken" in logs["mailgate.log"]
    assert traces_of_keys(people.keys(), logs) == []
    assert traces_of_people(people.people(), logs) == []

    dump = await dumped(installation.database_url)
    assert BRIDGE.encode() in dump
    assert traces_of_keys(people.keys(), {"the dump": dump}) == []
    assert traces_of_keys(people.keys(), await shown(curative, pool)) == []
    await what_is_stored_readable_is_found(installation)


async def stocked(curative: Curative, home: Path, *keys: str) -> None:
    """Keys are imported from a file, which is thrown away."""
    file = home / "activation_keys.csv"
    file.write_text("\n".join(["release,key,serial_number", *(f"CMS-3.11,{key}," for key in keys)]))
    await curative("software", "keys", "import", str(file))
    file.unlink()


def keys_were_delivered(mail_server: Server) -> None:
    """Each of those that were given out went out by mail: they had been opened, and travelled."""
    letters = "".join(str(mail.get_body(("plain",))) for mail in mail_server.received)
    assert [key for key in (IN_STOCK, people.ON_PAPER, people.FOR_ANY, people.SIGNALLED) if key not in letters] == []


async def kept_by_temporal(installation: Installation) -> Mapping[str, bytes]:
    """All that Temporal has, exported, and its file."""
    exported = await stored_by_temporal(installation.temporal.client)
    workflows = {"Assistance", "Curative", "EquipmentReturn", "LateLetters", "SoftwareUpdate"}
    assert [name for name in workflows if not any(name in place for place in exported)] == []
    file = files(installation.home, f"{DATABASE_FILE}*")
    assert BRIDGE.encode() in b"".join(file.values())
    return {**exported, **file}


async def shown(curative: Curative, pool: asyncpg.Pool) -> Mapping[str, bytes]:
    """What the commands print of every request, and of the case in which somebody quotes a key."""
    requests = await pool.fetch("select reference from software_requests")
    asked: list[tuple[str, ...]] = [("software", "show", row["reference"], "--json") for row in requests]
    asked += [("software", "show", requests[0]["reference"]), ("show", PARIS_BRIDGE, "--json"), ("show", PARIS_BRIDGE)]
    asked += [("software", "list"), ("call", "list", "--json"), ("list", "--json")]
    return {" ".join(command): (await curative(*command)).encode() for command in asked}


async def what_is_stored_readable_is_found(installation: Installation) -> None:
    """The search is none that never finds anything: from a client without keys, it finds all."""
    stranger = await plain_client(installation.temporal.client)
    case = stranger.get_workflow_handle(f"curative-{PARIS_ENDPOINT}")
    await case.signal("note", {"text": f"{people.OWNER} has {people.ON_PAPER}"})
    stored = await kept_by_temporal(installation)
    assert {place.split(" in ")[1] for place in traces_of_keys([people.ON_PAPER], stored)} >= {
        f"the history of CurativeMaintenanceWorkflow {case.id}"
    }
    assert any(DATABASE_FILE in place for place in traces_of_keys([people.ON_PAPER], stored))
    assert traces_of_people([people.OWNER], stored)
