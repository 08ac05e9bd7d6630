"""A worker dies while another runs, or is told to stop: the cases go on (SPEC §7, DESIGN §4)."""

import asyncpg

from domain.case import Stage
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once
from tests.durability.exchange import lead
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.durability.waiting import until
from tests.workflows.case_story import paris

SERIAL_NUMBER = "FOC2735Y3TT"
OPENED = paris("mon 10 08:05")


async def test_another_worker_takes_over_from_one_that_was_killed(
    installation: Installation, database: asyncpg.Connection
) -> None:
    """The case was in the cache of the first; its timers and its messages go to the second."""
    first = await installation.start_worker()
    case = await installation.open_case(SERIAL_NUMBER, OPENED)
    await installation.start_worker()
    await first.kill()
    await case.at(paris("mon 10 08:50"))
    assert [warning["fired_at"] is not None for warning in (await case.promise("level_1_answer"))["warnings"]] == [True]
    await lead(case, Stage.CLOSED)
    closed = await case.handle.result()
    await assert_all_is_recorded(database, closed)
    await assert_every_effect_once(database, closed["reference"])


async def test_a_worker_that_is_told_to_stop_finishes_what_runs(
    installation: Installation, database: asyncpg.Connection, mail_server: MailServer
) -> None:
    """SIGTERM in the middle of a vendor request: the mail is sent, its success is known, exit code 0."""
    worker = await installation.start_worker()
    case = await installation.open_case(SERIAL_NUMBER, OPENED)
    await case.diagnosed(1, "escalate")
    mail_server.hold_answers()
    await case.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])

    async def is_under_way() -> bool:
        return len(mail_server.message_ids("vendor-request")) == 1

    await until(is_under_way, "the mail is on its way")
    worker.ask_to_stop()
    await worker.says("stopping: what runs is finished first")
    mail_server.answer()
    assert await worker.process.wait() == 0
    await installation.start_worker()
    await lead(case, Stage.CLOSED)
    closed = await case.handle.result()
    assert len(mail_server.message_ids("vendor-request")) == 1
    await assert_all_is_recorded(database, closed)
    await assert_every_effect_once(database, closed["reference"])
