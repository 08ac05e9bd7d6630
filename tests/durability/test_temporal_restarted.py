"""Temporal's server is killed and starts again on its database file: every open case goes on (SPEC §7.1)."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from domain.calendars import WEEKDAYS
from domain.case import Stage
from domain.public_holidays import public_holidays
from starter.answers import ReportStatus
from starter.desk import Desk
from starter.dev_server import DevServer, running_dev_server
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once
from tests.durability.exchange import lead
from tests.durability.installation import Installation
from tests.durability.waiting import until
from tests.mailgate.gate_process import GateProcess
from tests.mailgate.talking import give
from tests.mailgate.test_end_to_end import mail_of_its_own
from tests.workflows.case_story import CaseStory, report

AT_THEIR_STAGES = {
    Stage.VENDOR_VALIDATION: "FTT2608B2KR",
    Stage.SITE_SCHEDULING: "WZP27155V3Y",
    Stage.RESTORED: "FTT26494WXN",
}
SILENT = "FOC2735Y3TT"
SHORT_TERMS = {"level_1_answer": "PT4S"}


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevServer]:
    async with running_dev_server(tmp_path_factory.mktemp("temporal"), ui=False) as running:
        yield running


@pytest.fixture
async def installation(
    server: DevServer, database_url: str, task_queue: str, tmp_path: Path
) -> AsyncIterator[Installation]:
    """One with a Temporal of its own, on the clock of everybody."""
    made = Installation(WorkflowEnvironment.from_client(server.client), database_url, task_queue, tmp_path)
    yield made
    await made.shut_down()


async def _never_closes(database: asyncpg.Connection) -> None:
    """The provider is open whenever this test runs, and level 1 answers within seconds."""
    today = datetime.now(UTC).date()
    holidays = [str(day) for day in public_holidays("Métropole", today.year) if abs(day - today) <= timedelta(days=1)]
    hours = {"week": {day: [["00:00", "24:00"]] for day in WEEKDAYS}, "worked_holidays": holidays}
    await database.execute("update calendars set spec = spec || $1::jsonb where code = 'PROVIDER'", json.dumps(hours))
    await database.execute("update contracts set terms = terms || $1::jsonb", json.dumps(SHORT_TERMS))


async def _restarts(server: DevServer) -> None:
    """Kill the server, and wait until the one that takes its place answers."""
    before = server.service.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)

    async def answers() -> bool:
        try:
            return server.service.pid != before and await server.client.service_client.check_health()
        except RPCError:
            return False

    await until(answers, "Temporal is back")


async def test_open_cases_go_on_though_temporal_was_killed(
    installation: Installation, server: DevServer, database: asyncpg.Connection
) -> None:
    """Cases at several stages, and a timer that rings after the restart; the worker was never touched."""
    await _never_closes(database)
    await installation.start_worker()
    desk = Desk(server.client, task_queue=installation.task_queue)

    async def reported(serial_number: str) -> CaseStory:
        answer = await desk.report_incident(report(serial_number))
        assert answer.status is ReportStatus.ACCEPTED
        return installation.joined(answer.workflow_id)

    async def up_to(stage: Stage, serial_number: str) -> CaseStory:
        return await lead(await reported(serial_number), stage)

    cases = await asyncio.gather(*(up_to(stage, serial) for stage, serial in AT_THEIR_STAGES.items()))
    silent = await reported(SILENT)
    await _restarts(server)
    await silent.reaches(Stage.REMOTE_DIAGNOSIS, level=2)
    assert "nobody at level 1 has acted in time: escalated to level 2" in await silent.journal()
    for case in [silent, *cases]:
        await lead(case, Stage.CLOSED)
        closed = await case.handle.result()
        assert closed["outcome"] == "restored"
        await assert_all_is_recorded(database, closed)
        await assert_every_effect_once(database, closed["reference"])


async def test_an_acknowledged_report_exists_though_worker_and_temporal_were_killed_at_once(
    installation: Installation, server: DevServer
) -> None:
    worker = await installation.start_worker()
    desk = Desk(server.client, task_queue=installation.task_queue)
    answer = await desk.report_incident(report("FTT27177WBH"))
    await asyncio.gather(worker.kill(), _restarts(server))
    await installation.start_worker()
    case = installation.joined(answer.workflow_id)
    view = await case.reaches(Stage.REMOTE_DIAGNOSIS)
    assert (view["reference"], view["symptom"]) == (answer.reference, "black screen")
    assert (await case.diagnosed(1, "resolved"))["disposition"] == "taken"


async def test_a_mail_that_came_while_temporal_was_frozen_is_taken_once(
    server: DevServer, database_url: str, task_queue: str, tmp_path: Path
) -> None:
    """451 says to the sending server that it must keep the mail; given again, it is taken once (R12)."""
    where = {"TEMPORAL_ADDRESS": server.address, "TEMPORAL_CONFIG_FILE": os.devnull, "DATABASE_URL": database_url}
    own = {"CURATIVE_DATA_DIR": str(tmp_path), "CURATIVE_TASK_QUEUE": task_queue}
    gate, mail = GateProcess({**where, **own}, tmp_path), mail_of_its_own()
    try:
        await gate.start()
        assert server.service.pid is not None
        os.kill(server.service.pid, signal.SIGSTOP)
        try:
            assert (await give(gate.port, mail)).startswith("451")
        finally:
            os.kill(server.service.pid, signal.SIGCONT)
        assert [(await give(gate.port, mail))[:3] for _ in range(2)] == ["250", "250"]
        assert await gate.stop() == 0
    finally:
        await gate.kill()

    async def one_is_started() -> bool:
        return (await server.client.count_workflows(f"TaskQueue = '{task_queue}'")).count == 1

    await until(one_is_started, "one software request is started")
