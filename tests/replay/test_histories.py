"""A deployed change never breaks an open case: histories of older versions replay with the code as it is (SPEC §7.4).

`RECORD_HISTORIES=1 pytest tests/replay` records the stories anew, beside the ones that are kept: a recorded history is
never changed, since cases that began under it may still be open.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import WorkflowHistory

from tests.replay.replaying import read_history, replay
from tests.replay.software_stories import SOFTWARE_STORIES
from tests.replay.stories import STORIES
from tests.workflows.case_story import paris
from tests.workflows.conftest import AskForSoftware, FollowReturn, OpenCase

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
RETURN = "equipment_return"
KEPT = sorted(HISTORIES.glob("*.json"))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
async def test_a_history_that_is_kept_replays(file: Path) -> None:
    await replay(read_history(file))


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_histories_replay_whatever_the_order_of_sets(hash_seed: str) -> None:
    arguments = [sys.executable, "-m", "tests.replay.replaying", *map(str, KEPT)]
    done = subprocess.run(
        arguments, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_story_has_a_history_that_is_kept() -> None:
    assert {file.stem.split("--")[0] for file in KEPT} >= {*STORIES, *SOFTWARE_STORIES, RETURN}


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_told_now_replays(open_case: OpenCase, name: str) -> None:
    tell, serial_number = STORIES[name]
    case = await open_case(serial_number, paris("mon 10 08:30"))
    await tell(case)
    await case.handle.result()
    await recorded_and_replayed(name, await case.handle.fetch_history())


async def test_a_return_told_now_replays(follow_return: FollowReturn) -> None:
    way_back = await follow_return()
    await way_back.at(paris("tue 25 10:00"))
    await way_back.until(lambda view: view["state"] == "overdue", "it is overdue")
    await way_back.news("dispatched", carrier="Chrono")
    await way_back.news("received")
    await way_back.handle.result()
    await recorded_and_replayed(RETURN, await way_back.handle.fetch_history())


@pytest.mark.parametrize("name", SOFTWARE_STORIES)
async def test_a_software_request_told_now_replays(
    ask_on_server: AskForSoftware, case_pool: asyncpg.Pool, name: str
) -> None:
    tell, asked, has_keys = SOFTWARE_STORIES[name]
    if not has_keys:
        await case_pool.execute("delete from activation_keys")
    story = await ask_on_server(asked, paris("mon 10 08:30"))
    await tell(story)
    await story.result()
    await recorded_and_replayed(name, await story.handle.fetch_history())


async def recorded_and_replayed(name: str, history: WorkflowHistory) -> None:
    """Replay a history of today, and keep it when that is asked for."""
    if os.environ.get("RECORD_HISTORIES"):
        recorded_on = datetime.now(UTC).strftime("%Y-%m-%d")
        (HISTORIES / f"{name}--{recorded_on}.json").write_text(history.to_json())
    await replay(history)
