"""Temporal's own request to cancel, as its Web UI sends it, ends no case: a case ends by a message (SPEC §3)."""

import asyncpg

from domain.case import Stage
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once
from tests.durability.exchange import WORDS, lead
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory, paris, report

SERIAL_NUMBER = "FOC2735Y3TT"
OPENED = paris("mon 10 08:05")
JOURNALED = "the engine's own cancellation is no way to end a case: send a cancellation message"


async def _ends_as_ever(case: CaseStory, database: asyncpg.Connection, asked: int = 1) -> None:
    """The case is closed by what people say, and its journal tells of the request."""
    closed = await case.handle.result()
    assert closed["outcome"] == "restored"
    assert [line["text"] for line in closed["journal"]].count(JOURNALED) == asked
    await assert_all_is_recorded(database, closed)
    await assert_every_effect_once(database, closed["reference"])


async def test_a_case_at_rest_journals_the_request_and_goes_on(
    installation: Installation, database: asyncpg.Connection
) -> None:
    await installation.start_worker()
    case = await installation.open_case(SERIAL_NUMBER, OPENED)
    await case.handle.cancel()
    await case.until(lambda view: any(line["text"] == JOURNALED for line in view["journal"]))
    await lead(case, Stage.CLOSED)
    await _ends_as_ever(case, database)


async def test_a_request_before_the_first_worker_saw_the_report_loses_nothing(
    installation: Installation, database: asyncpg.Connection
) -> None:
    client = installation.temporal.client
    opening = {"report": report(SERIAL_NUMBER)}
    workflow_id = f"curative-{SERIAL_NUMBER}"
    await client.start_workflow(
        "CurativeMaintenanceWorkflow", opening, id=workflow_id, task_queue=installation.task_queue
    )
    case = installation.joined(workflow_id)
    await case.handle.cancel()
    await installation.start_worker()
    await case.reaches(Stage.REMOTE_DIAGNOSIS)
    await lead(case, Stage.CLOSED)
    await _ends_as_ever(case, database)


async def test_a_request_while_an_effect_is_under_way_does_not_disturb_it(
    installation: Installation, database: asyncpg.Connection, mail_server: MailServer
) -> None:
    await installation.start_worker()
    case = await installation.open_case(SERIAL_NUMBER, OPENED)
    mail_server.hold_answers()
    await WORDS[Stage.REMOTE_DIAGNOSIS](case)

    async def is_under_way() -> bool:
        return len(mail_server.message_ids("vendor-request")) == 1

    await until(is_under_way, "the vendor request is on its way")
    await case.handle.cancel()
    await case.until(lambda view: any(line["text"] == JOURNALED for line in view["journal"]))
    mail_server.answer()
    await case.reaches(Stage.VENDOR_VALIDATION, waiting_for="vendor")
    await lead(case, Stage.CLOSED)
    await _ends_as_ever(case, database)
    assert len(mail_server.message_ids("vendor-request")) == 1


async def test_a_request_while_the_last_record_is_written_does_not_lose_it(
    installation: Installation, database: asyncpg.Connection
) -> None:
    await installation.start_worker()
    case = await lead(await installation.open_case(SERIAL_NUMBER, OPENED), Stage.RESTORED)
    async with database.transaction():
        await database.execute("lock table cases in access exclusive mode")
        await WORDS[Stage.RESTORED](case)
        await case.reaches(Stage.CLOSED)
        await case.handle.cancel()
    await _ends_as_ever(case, database)
