"""SPEC §5: no message of any content may fail a workflow or leave it stuck, and none disappears."""

from collections.abc import AsyncIterator

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.settings import Settings
from config.temporal import new_worker
from tests.house.toy_workflows import Ledger


def raw(encoding: bytes | None, data: bytes) -> RawValue:
    """A payload as some other client may have written it."""
    return RawValue(Payload(metadata={"encoding": encoding} if encoding else {}, data=data))


EXTERNAL_AS_PROTOBUF = {
    "encoding": b"json/protobuf",
    "messageType": b"temporal.api.sdk.v1.ExternalStorageReference",
}
EXTERNAL_MARK = "__temporal_external_storage_reference"

MESSAGES = {
    "no payload": ([], ""),
    "one": ([{"status": "lost"}], "{'status': 'lost'}"),
    "two payloads": ([1, {"a": 2}], "1 | {'a': 2}"),
    "null": ([None], "None"),
    "broken JSON": ([raw(b"json/plain", b"{oops")], "unreadable json/plain 5"),
    "lone surrogate": ([raw(b"json/plain", b'"\\ud800"')], "unreadable json/plain 8"),
    "nested too deep": ([raw(b"json/plain", b"[" * 100_000)], "unreadable json/plain 100000"),
    "bytes": ([raw(b"binary/plain", b"\x00\xff")], r"b'\x00\xff'"),
    "null with bytes": ([raw(b"binary/null", b"x")], "unreadable binary/null 1"),
    "protobuf": ([raw(b"binary/protobuf", b"\xff")], "unreadable binary/protobuf 1"),
    "unknown encoding": ([raw(b"binary/encrypted", b"abc")], "unreadable binary/encrypted 3"),
    "no encoding": ([raw(None, b"abc")], "unreadable <unknown> 3"),
    "external storage": (
        [raw(b"json/external-storage-reference", b"{}")],
        "unreadable json/external-storage-reference 2",
    ),
    "external storage as protobuf": (
        [RawValue(Payload(metadata=EXTERNAL_AS_PROTOBUF, data=b"{}"))],
        "unreadable json/protobuf 2",
    ),
    "external storage, marked": (
        [RawValue(Payload(metadata={"encoding": b"json/plain", EXTERNAL_MARK: b"true"}, data=b"7"))],
        "7",
    ),
    "encoding that is no text": ([raw(b"\xff", b"abc")], "unreadable \ufffd 3"),
}

each_message = pytest.mark.parametrize(
    ("payloads", "read"), MESSAGES.values(), ids=[name.replace(" ", "_") for name in MESSAGES]
)


@pytest.fixture
async def worker(temporal: WorkflowEnvironment, task_queue: str) -> AsyncIterator[Worker]:
    settings = Settings(task_queue=task_queue)
    async with new_worker(temporal.client, settings, workflows=[Ledger], activities=[]) as running:
        yield running


async def start(worker: Worker, name: str, *payloads: object) -> WorkflowHandle[Ledger, list[str]]:
    client: Client = worker.client
    return await client.start_workflow(
        "Ledger", args=payloads, id=f"{worker.task_queue}-{name}", task_queue=worker.task_queue
    )


async def lines(ledger: WorkflowHandle[Ledger, list[str]]) -> list[str]:
    return await ledger.query(Ledger.case)


def expected(name: str, read: str) -> str:
    return f"{name} | {read or None}"


@each_message
async def test_a_workflow_starts_with_any_arguments(worker: Worker, payloads: list[object], read: str) -> None:
    ledger = await start(worker, "start", *payloads)
    assert await lines(ledger) == [expected("init", read), expected("run", read)]


@each_message
async def test_a_named_signal_arrives_with_any_payload(worker: Worker, payloads: list[object], read: str) -> None:
    ledger = await start(worker, "signal")
    await ledger.signal("shipment", args=payloads)
    assert expected("shipment", read) in await lines(ledger)


@each_message
async def test_a_signal_of_unknown_name_arrives_with_any_payload(
    worker: Worker, payloads: list[object], read: str
) -> None:
    ledger = await start(worker, "unknown")
    await ledger.signal("livraison", args=payloads)
    assert ("livraison" + (f" | {read}" if read else "")) in await lines(ledger)


@each_message
async def test_an_update_arrives_with_any_payload(worker: Worker, payloads: list[object], read: str) -> None:
    ledger = await start(worker, "update")
    assert await ledger.execute_update("submit", args=payloads) == expected("submit", read)
