"""Whatever fails, is slow or restarts: every item is answered, each key given once, and a replay goes the same way."""

from pathlib import Path
from random import Random

import asyncpg
import pytest

from tests.engine.conditions import RoughConditions
from tests.engine.story_on_engine import Theatre
from tests.workflows.case_story import paris
from tests.workflows.letters import mails
from tests.workflows.software_story import BRIDGE, GATEWAY, KIT, SoftwareStory, request

EXPRESSWAY = "52AE2266"


@pytest.mark.parametrize("seed", range(4))
async def test_rough_weather(theatre: Theatre, tmp_path: Path, case_pool: asyncpg.Pool, seed: int) -> None:
    await case_pool.execute("delete from activation_keys")
    rough = RoughConditions(Random(seed), failing=0.15)
    items = (KIT, BRIDGE, {"serial_number": EXPRESSWAY, "type": "Room Kit"}, GATEWAY, "NOBODY")
    story = await SoftwareStory.on_engine(theatre, request(*items), paris("mon 10 09:00"), rough)
    await story.at(paris("tue 11 11:00"))
    await story.signal("clarification", {"serial_number": EXPRESSWAY})
    await story.signal("activation_keys", {"serial_number": BRIDGE, "keys": ["KEY-OF-THE-BRIDGE"]})
    await story.at(paris("tue 11 12:00"))
    await story.signal("activation_keys", {"serial_number": EXPRESSWAY, "keys": ["KEY-OF-THE-OTHER"]})
    view = await story.result()
    assert [item["state"] for item in view["items"]] == ["delivered"] * 3 + ["no_release", "unknown"]
    letters = "".join(mail.text.partition("\n---\n")[0] for mail in mails(tmp_path))
    assert letters.count("KEY-OF-THE-BRIDGE") == letters.count("KEY-OF-THE-OTHER") == 1
    await story.on.execution.restart_worker()
