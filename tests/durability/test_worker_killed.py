"""`kill -9` of the worker process: whatever it was at, the case ends as if nothing had happened (SPEC §7)."""

import asyncio

import asyncpg

from domain.case import Stage
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once, is_recorded, journal
from tests.durability.exchange import lead
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.workflows.case_story import CaseStory, paris

UNDISTURBED = "52AE2266"
KILLED_AT_REST = {
    Stage.REMOTE_DIAGNOSIS: "FOC2735Y3TT",
    Stage.VENDOR_VALIDATION: "FTT2608B2KR",
    Stage.SHIPMENT: "FTT27177WBH",
    Stage.SITE_SCHEDULING: "WZP27155V3Y",
    Stage.ON_SITE: "FTT2542UZUK",
    Stage.RESTORED: "FTT26494WXN",
}
"""Equipment of one contract, so that no case differs from another but by the moment of the kill."""


async def test_a_worker_killed_at_any_stage_changes_nothing_of_what_happens(
    installation: Installation, database: asyncpg.Connection, mail_server: MailServer
) -> None:
    worker = await installation.start_worker()

    async def up_to(stage: Stage, serial_number: str) -> CaseStory:
        return await lead(await installation.open_case(serial_number, paris("mon 10 08:05")), stage)

    undisturbed = await up_to(Stage.CLOSED, UNDISTURBED)
    expected = await journal(database, (await undisturbed.view())["reference"])
    cases = await asyncio.gather(*(up_to(stage, serial) for stage, serial in KILLED_AT_REST.items()))
    for case in cases:
        await is_recorded(database, case)
    await worker.kill()
    await installation.start_worker()
    await asyncio.gather(*(lead(case, Stage.CLOSED) for case in cases))
    for case, stage in zip(cases, KILLED_AT_REST, strict=True):
        closed = await case.handle.result()
        assert closed["outcome"] == "restored", stage
        assert await journal(database, closed["reference"]) == expected, stage
        await assert_all_is_recorded(database, closed)
        await assert_every_effect_once(database, closed["reference"])
        assert len(mail_server.message_ids("vendor-request", closed["reference"])) == 1, stage
