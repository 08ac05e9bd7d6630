"""PostgreSQL is stopped: nobody waits for it, nothing is lost, and what was owed to it is written when it is back."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from domain.case import Stage
from starter.answers import ReportStatus
from starter.desk import Desk
from starter.software_desk import SoftwareDesk
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once, is_recorded
from tests.durability.exchange import WORDS, comes_to, lead, next_stage
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.durability.stoppable_postgres import StoppablePostgres
from tests.workflows.case_story import CaseStory, paris, report

AT_THEIR_STAGES = {
    Stage.REMOTE_DIAGNOSIS: "FOC2735Y3TT",
    Stage.VENDOR_VALIDATION: "FTT2608B2KR",
    Stage.SHIPMENT: "FTT27177WBH",
    Stage.SITE_SCHEDULING: "WZP27155V3Y",
    Stage.ON_SITE: "FTT2542UZUK",
    Stage.RESTORED: "FTT26494WXN",
}


@pytest.fixture(scope="module")
async def postgres() -> AsyncIterator[StoppablePostgres]:
    with tempfile.TemporaryDirectory(prefix="curative-tests-") as home:
        server = StoppablePostgres(Path(home) / "postgres")
        await server.prepare()
        yield server
        await server.stop()


@pytest.fixture
async def installation(
    temporal: WorkflowEnvironment,
    postgres: StoppablePostgres,
    task_queue: str,
    tmp_path: Path,
    mail_server: MailServer,
) -> AsyncIterator[Installation]:
    """One whose database can be stopped, and whose worker works already."""
    made = Installation(temporal, postgres.url, task_queue, tmp_path, {"CURATIVE_SMTP_URL": mail_server.url})
    await made.start_worker()
    yield made
    await made.shut_down()


async def test_a_software_request_hears_at_once_that_the_registry_is_away(
    installation: Installation, postgres: StoppablePostgres
) -> None:
    desk = SoftwareDesk(installation.temporal.client, installation.task_queue)
    await postgres.stop()
    answer = await desk.request({"requested_by": {"name": "Camille Petit"}, "items": [{"serial_number": "529C08A3"}]})
    await postgres.start()
    assert (answer.status, answer.reason) == (
        ReportStatus.PENDING,
        "recorded; the registry cannot be asked now, the check is pending",
    )
    assert answer.reference
    await installation.temporal.client.get_workflow_handle(answer.workflow_id).terminate()


async def test_a_report_is_recorded_at_once_and_checked_when_the_database_is_back(
    installation: Installation, postgres: StoppablePostgres
) -> None:
    desk = Desk(installation.temporal.client, task_queue=installation.task_queue)
    await postgres.stop()
    answer = await desk.report_incident(report("FDO2517B7CS"))
    case = installation.joined(answer.workflow_id)
    assert (answer.status, answer.reason) == (
        ReportStatus.PENDING,
        "recorded; the registry cannot be asked now, the check is pending",
    )
    assert answer.reference
    notes = [f"note {number}" for number in range(1, 4)]
    for text in notes:
        taken = await desk.send(answer.reference, "note", {"text": text})
        assert taken is not None
        assert taken.disposition == "taken"
    await postgres.start()
    view = await case.reaches(Stage.REMOTE_DIAGNOSIS, check_pending=False)
    assert view["reference"] == answer.reference
    assert [line["text"] for line in view["journal"] if line["kind"] == "note"] == notes
    await _is_sound(case, postgres)


async def test_cases_at_every_stage_are_answered_meanwhile_and_go_on_when_the_database_is_back(
    installation: Installation, postgres: StoppablePostgres
) -> None:
    """Effects, records and the end of a case wait for it; messages do not."""

    async def up_to(stage: Stage, serial_number: str) -> CaseStory:
        return await lead(await installation.open_case(serial_number, paris("mon 10 08:05")), stage)

    opening = (up_to(stage, serial_number) for stage, serial_number in AT_THEIR_STAGES.items())
    cases = dict(zip(AT_THEIR_STAGES, await asyncio.gather(*opening), strict=True))
    await postgres.stop()
    await asyncio.gather(*(WORDS[stage](case) for stage, case in cases.items()))
    answers = await asyncio.gather(*(case.say("note", text="still away") for case in _open(cases)))
    assert {answer["disposition"] for answer in answers} == {"taken"}
    assert await _is_running(cases[Stage.RESTORED]), "the end of a case waits for its last record"
    await postgres.start()
    await asyncio.gather(*(comes_to(case, next_stage(stage)) for stage, case in cases.items()))
    await asyncio.gather(*(lead(case, Stage.CLOSED) for case in _open(cases)))
    for stage, case in cases.items():
        assert (await case.handle.result())["outcome"] == "restored", stage
        await _is_sound(case, postgres)


def _open(cases: dict[Stage, CaseStory]) -> list[CaseStory]:
    """Those that do not end by the word that is said at their stage."""
    return [case for stage, case in cases.items() if stage is not Stage.RESTORED]


async def _is_running(case: CaseStory) -> bool:
    return (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def _is_sound(case: CaseStory, postgres: StoppablePostgres) -> None:
    """The read model has the case as it stands, with every line of its journal."""
    database = await asyncpg.connect(postgres.url)
    await is_recorded(database, case)
    view = await case.view()
    await assert_all_is_recorded(database, view)
    if view["outcome"] == "restored":
        await assert_every_effect_once(database, view["reference"])
    await database.close()
