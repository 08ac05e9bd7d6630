"""Warning points that nobody could fire in time fire when a worker is back: once, in order (SPEC §4, §7.2).

The clock of a case that waits for a worker cannot be moved: the outage takes seconds, and the promise fewer.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg

from domain.case import Stage
from tests.durability.evidence import assert_all_is_recorded
from tests.durability.installation import Installation
from tests.durability.waiting import until
from tests.workflows.case_story import CaseStory, paris

OPENED = paris("mon 10 10:00")
SHORT_TERMS = {"level_1_answer": "PT6S", "warnings": {"level_1_answer": ["50%", "70%", "90%"]}}
IN_ORDER = ["warning at 50%", "warning at 70%", "warning at 90%", "breached"]


async def test_warnings_missed_during_an_outage_fire_once_in_order_when_a_worker_is_back(
    installation: Installation, database: asyncpg.Connection
) -> None:
    """None fires for a promise that was kept in time, or for a case that ended, though nobody could know it then."""
    await database.execute("update contracts set terms = terms || $1::jsonb", json.dumps(SHORT_TERMS))
    worker = await installation.start_worker()
    opening = (installation.open_case(serial, OPENED) for serial in ("FOC2735Y3TT", "FTT2608B2KR", "FTT27177WBH"))
    silent, answered, resolved = cases = await asyncio.gather(*opening)
    fired = [await _fired(case) for case in cases]
    await worker.kill()
    assert all("breached" not in lines for lines in fired), "the outage began too late to miss anything"
    await asyncio.gather(*(_is_overdue(case) for case in cases))
    await _says(answered, "escalate")
    await _says(resolved, "resolved")
    await installation.start_worker()
    await silent.reaches(Stage.REMOTE_DIAGNOSIS, level=2)
    promise = await silent.promise("level_1_answer")
    assert await _fired(silent) == [*IN_ORDER, "owed no more: it stays breached"]
    assert promise["state"] == "breached"
    assert [warning["fired_at"] is not None for warning in promise["warnings"]] == [True] * 3
    assert "nobody at level 1 has acted in time: escalated to level 2" in await silent.journal()
    await answered.reaches(Stage.REMOTE_DIAGNOSIS, level=2)
    closed = await resolved.handle.result()
    assert [await _fired(answered), await _fired(resolved)] == [[*fired[1], "met"], [*fired[2], "met"]]
    await assert_all_is_recorded(database, closed)


async def _is_overdue(case: CaseStory) -> None:
    due_at = OPENED + timedelta(seconds=6)

    async def is_past() -> bool:
        return await case.now() > due_at

    await until(is_past, "the promise is overdue")


async def _says(case: CaseStory, outcome: str) -> None:
    """Level 1 has acted two seconds after the call; nobody has entered it until now."""
    at = (OPENED + timedelta(seconds=2)).isoformat()
    word = {"level": 1, "outcome": outcome, "technician": "Léa", "findings": "the cable", "at": at}
    await case.signal("remote_diagnosis", word)


async def _fired(case: CaseStory) -> list[str]:
    """What the journal says of the level 1 promise, in order."""
    journal: list[dict[str, Any]] = (await case.view())["journal"]
    texts = [line["text"] for line in journal if line["kind"] == "promise.level_1_answer"]
    return [text.removeprefix("level_1_answer: ").partition(",")[0] for text in texts]
