"""From a mail over SMTP to what follows in Temporal, with nothing replaced (R12, R4, SPEC §7)."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.settings import Settings
from config.temporal import new_worker
from database.calls import CallFilter, CallStore
from database.software_requests import SoftwareFilter, SoftwareRequestStore
from database.triage import Triage
from domain.assistance import assistance_workflow_id
from mailgate.gate import fingerprint_of, key_of
from mailgate.process import open_gate
from mailgate.reading.mail import read_mail
from starter.messenger import ClientMessenger
from starter.software_desk import SoftwareDesk
from tests.durability.stoppable_postgres import StoppablePostgres
from tests.durability.waiting import until
from tests.durability.wire import running_wire
from tests.mailgate.conftest import Receive
from tests.mailgate.corpus import written
from tests.mailgate.gate_process import GateProcess
from tests.mailgate.talking import give, talking
from worker import registrations


def mail_of_its_own(text: str = "Merci d'envoyer la dernière version pour FTT2608B2KR et pour le RMX 1800.") -> bytes:
    """A mail of a requester whom no other test knows. The request stays open: one item lacks its serial number."""
    raw = written(text, subject="Demande", sender=f"Camille Petit <c.petit+{uuid4().hex[:8]}@brunel.example>")
    return raw.replace(b"<x@brunel.example>", f"<{uuid4()}@brunel.example>".encode())


@pytest.fixture
def environment(temporal: WorkflowEnvironment, database_url: str, task_queue: str, tmp_path: Path) -> Mapping[str, str]:
    """The variables that lead a process to the test's servers."""
    return {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "DATABASE_URL": database_url,
        "CURATIVE_DATA_DIR": str(tmp_path),
        "CURATIVE_TASK_QUEUE": task_queue,
    }


@pytest.fixture
def settings(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same for this process."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.fixture
async def worker(
    pool: asyncpg.Pool, temporal: WorkflowEnvironment, settings: Settings, task_queue: str
) -> AsyncIterator[Worker]:
    """A worker as `worker.py` builds it."""
    workflows, activities = registrations(pool, settings, ClientMessenger(temporal.client, task_queue))
    async with new_worker(temporal.client, settings, workflows=workflows, activities=activities) as running:
        yield running


@pytest.fixture
async def opened(temporal: WorkflowEnvironment) -> AsyncIterator[list[WorkflowHandle[object, object]]]:
    """What a test opens; it is terminated at the end."""
    handles: list[WorkflowHandle[object, object]] = []
    yield handles
    for handle in handles:
        with suppress(RPCError):  # it has ended by itself
            await handle.terminate("the test is over")


@pytest.fixture
async def process(environment: Mapping[str, str], tmp_path: Path) -> AsyncIterator[GateProcess]:
    """The mail gate as a process; not started yet."""
    made = GateProcess(environment, tmp_path)
    yield made
    await made.kill()


async def requests_of(temporal: WorkflowEnvironment, pool: asyncpg.Pool, task_queue: str) -> list[str]:
    """The references of the software requests that the read model has, once it has one."""
    store = SoftwareRequestStore(pool)

    async def is_there() -> bool:
        return bool(await store.list(SoftwareFilter(), 10))

    await until(is_there, "the request is in the read model")
    return [row.reference for row in await store.list(SoftwareFilter(), 10)]


async def test_a_mail_becomes_a_request_that_says_what_was_understood(
    settings: Settings,
    worker: Worker,
    temporal: WorkflowEnvironment,
    pool: asyncpg.Pool,
    task_queue: str,
    receive: Receive,
    opened: list[WorkflowHandle[object, object]],
) -> None:
    raw = mail_of_its_own()
    async with open_gate(settings) as (gate, _, _), receive(gate) as place:
        assert (await give(place.smtp_port, raw)).startswith("250")
        assert (await give(place.smtp_port, raw)).startswith("250")
        (reference,) = await requests_of(temporal, pool, task_queue)
        desk = SoftwareDesk(temporal.client, task_queue, SoftwareRequestStore(pool))
        view = (await desk.show(reference)).view
        opened.append(temporal.client.get_workflow_handle(view.workflow_id))
        assert [(item.serial_number, item.stated_type) for item in view.items] == [
            ("FTT2608B2KR", None),
            (None, "Poly RMX 1800"),
        ]
        assert view.channel == "email"

        answer = written("Une précision : c'est pour la salle 401.", subject="Re: votre demande")
        thread = f"In-Reply-To: <{reference}.1.notice-requester-1@curative.invalid>\r\n".encode()
        assert (await give(place.smtp_port, thread + answer)).startswith("250")
    journal = (await desk.show(reference)).view.journal
    assert any("salle 401" in line.text and line.actor == "customer:Camille Petit" for line in journal)


async def test_a_reply_with_the_serial_number_goes_on_with_the_item_that_lacked_it(
    settings: Settings,
    worker: Worker,
    temporal: WorkflowEnvironment,
    pool: asyncpg.Pool,
    task_queue: str,
    receive: Receive,
    opened: list[WorkflowHandle[object, object]],
) -> None:
    raw = mail_of_its_own("Bonjour, il nous faut la nouvelle version pour notre RMX 1800, merci.")
    async with open_gate(settings) as (gate, _, _), receive(gate) as place:
        assert (await give(place.smtp_port, raw)).startswith("250")
        (reference,) = await requests_of(temporal, pool, task_queue)
        desk = SoftwareDesk(temporal.client, task_queue, SoftwareRequestStore(pool))

        async def is_unclear() -> bool:
            return (await desk.show(reference)).view.items[0].state == "clarification"

        await until(is_unclear, "the requester is asked for the serial number")
        answer = written("Le voici : rmx18-2146-50462", subject=f"Re: {reference}")
        assert (await give(place.smtp_port, answer)).startswith("250")
    view = (await desk.show(reference)).view
    opened.append(temporal.client.get_workflow_handle(view.workflow_id))
    assert view.items[0].serial_number == "RMX18-2146-50462"


async def test_a_breakdown_becomes_a_call_back_with_its_report_drafted(
    settings: Settings,
    worker: Worker,
    temporal: WorkflowEnvironment,
    pool: asyncpg.Pool,
    receive: Receive,
    opened: list[WorkflowHandle[object, object]],
) -> None:
    raw = mail_of_its_own("Bonjour, le Room Kit FTT2542UZUK n'affiche plus d'image. Merci de rappeler.")
    opened.append(temporal.client.get_workflow_handle(assistance_workflow_id(key_of(fingerprint_of(read_mail(raw))))))
    store = CallStore(pool)

    async def is_recorded() -> bool:
        return bool(await store.list(CallFilter(), 10))

    async with open_gate(settings) as (gate, _, _), receive(gate) as place:
        assert (await give(place.smtp_port, raw)).startswith("250")
        await until(is_recorded, "the call is in the read model")
        (row,) = await store.list(CallFilter(), 10)
        answer = written("C'est en salle 101.", subject=f"Re: {row.reference}")
        assert (await give(place.smtp_port, answer)).startswith("250")

        async def tells_the_room() -> bool:
            return "salle 101" in str(await store.find(row.reference))

        await until(tells_the_room, "the read model has the answer in the call's journal")
    view = await store.find(row.reference)
    assert view is not None
    draft = view["drafted_report"]
    assert isinstance(draft, dict)
    assert draft["serial_number"] == "FTT2542UZUK"


async def test_without_a_worker_the_request_is_recorded_and_250_is_said(
    settings: Settings,
    temporal: WorkflowEnvironment,
    pool: asyncpg.Pool,
    task_queue: str,
    receive: Receive,
    opened: list[WorkflowHandle[object, object]],
) -> None:
    raw = mail_of_its_own()
    async with open_gate(settings) as (gate, _, _), receive(gate) as place:
        assert (await give(place.smtp_port, raw)).startswith("250")
        workflows, activities = registrations(pool, settings, ClientMessenger(temporal.client, task_queue))
        async with new_worker(temporal.client, settings, workflows=workflows, activities=activities):
            (reference,) = await requests_of(temporal, pool, task_queue)
            desk = SoftwareDesk(temporal.client, task_queue, SoftwareRequestStore(pool))
            view = (await desk.show(reference)).view
    opened.append(temporal.client.get_workflow_handle(view.workflow_id))


async def test_while_postgresql_is_away_451_is_said_and_250_when_it_is_back(
    temporal: WorkflowEnvironment, environment: Mapping[str, str], tmp_path: Path, process: GateProcess
) -> None:
    postgres = StoppablePostgres(tmp_path / "postgres")
    await postgres.prepare()
    process.environment = {**environment, "DATABASE_URL": postgres.url}
    mail = written("Bonjour, à quelle adresse faut-il vous écrire ?")
    try:
        await process.start()
        await postgres.stop()
        assert (await give(process.port, mail)).startswith("451")
        await postgres.start()
        assert (await give(process.port, mail)).startswith("250")
        assert await process.stop() == 0
    finally:
        await postgres.stop()
    assert "petit" not in process.log_file.read_text()


async def test_before_temporal_is_there_451_is_said(environment: Mapping[str, str], process: GateProcess) -> None:
    process.environment = {**environment, "TEMPORAL_ADDRESS": "127.0.0.1:9"}
    await process.begin()
    await process.says("waiting")
    assert (await give(process.port, mail_of_its_own())).startswith("451")
    assert await process.stop() == 0


async def test_killed_between_the_request_and_250_the_mail_is_given_again_and_changes_nothing(
    temporal: WorkflowEnvironment,
    environment: Mapping[str, str],
    settings: Settings,
    worker: Worker,
    pool: asyncpg.Pool,
    task_queue: str,
    process: GateProcess,
    opened: list[WorkflowHandle[object, object]],
) -> None:
    raw = mail_of_its_own()
    async with running_wire(temporal.client.service_client.config.target_host) as wire:
        process.environment = {**environment, "TEMPORAL_ADDRESS": wire.address}
        await process.start()
        wire.cut_after("SoftwareUpdateWorkflow")
        async with talking(process.port) as talk:
            assert (await talk.begin()).startswith("354")
            talk.send(raw)
            await wire.is_cut()
            (reference,) = await requests_of(temporal, pool, task_queue)
            await process.kill()
            assert await talk.hear() == ""
        wire.mend()
        await process.start()
        assert (await give(process.port, raw)).startswith("250")
        assert await process.stop() == 0
    assert await requests_of(temporal, pool, task_queue) == [reference]
    view = (await SoftwareDesk(temporal.client, task_queue, SoftwareRequestStore(pool)).show(reference)).view
    opened.append(temporal.client.get_workflow_handle(view.workflow_id))
    assert [line.kind for line in view.journal].count("request") == 1


async def test_sigterm_lets_what_is_being_taken_be_finished(
    temporal: WorkflowEnvironment, environment: Mapping[str, str], process: GateProcess, pool: asyncpg.Pool
) -> None:
    await process.start()
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table triage")
        async with talking(process.port) as talk:
            assert (await talk.begin()).startswith("354")
            talk.send(written("Bonjour, que coûte une extension de garantie ?"))

            async def is_decided() -> bool:
                return bool(await pool.fetchval("select count(*) from mail_intake"))

            await until(is_decided, "it is decided what to do")
            stopping = asyncio.create_task(process.stop())
            await connection.execute("select 1")
            await asyncio.sleep(0)
            await connection.execute("rollback")
            assert (await talk.hear()).startswith("250")
        assert await stopping == 0
    assert await Triage(pool, None).count_open() == 1  # type: ignore[arg-type]  # nothing is opened
