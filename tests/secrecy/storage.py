"""What is stored of us, as anybody may copy it: Temporal's histories, lists and file, PostgreSQL's dump."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from temporalio.client import Client

from starter.embedded_postgres import binaries

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


async def stored_by_temporal(client: Client) -> Mapping[str, bytes]:
    """Of every workflow: its history exported as JSON, its line in a list, and its description. Nothing is decoded."""
    found: dict[str, bytes] = {}
    async for execution in client.list_workflows():
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        name = f"{execution.workflow_type} {execution.id}"
        found[f"the history of {name}"] = as_bytes(json.loads((await handle.fetch_history()).to_json()))
        found[f"the list's line of {name}"] = as_bytes(plain(execution.raw_info))
        found[f"the description of {name}"] = as_bytes(plain((await handle.describe()).raw_description))
    return found


async def dumped(database_url: str) -> bytes:
    """PostgreSQL as `pg_dump` writes it: every schema, every table."""
    process = await asyncio.create_subprocess_exec(
        *(binaries() / "pg_dump", "--dbname", database_url), stdout=asyncio.subprocess.PIPE
    )
    dump, _ = await process.communicate()
    assert process.returncode == 0
    return dump


def files(directory: Path, pattern: str) -> Mapping[str, bytes]:
    """The bytes of these files."""
    return {path.name: path.read_bytes() for path in directory.glob(pattern)}


def plain(message: Message) -> dict[str, Any]:
    """A message of Temporal's as the `temporal` command shows it with `-o json`."""
    return MessageToDict(message)


def as_bytes(exported: object) -> bytes:
    """Every text in something exported, and what stands in it in base64."""
    return b"\n".join(_texts(exported))


def _texts(value: object) -> Iterator[bytes]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield str(name).encode()
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value.encode()
        if _BASE64.fullmatch(value) and len(value) % 4 == 0:
            yield b64decode(value)
