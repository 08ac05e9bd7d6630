"""A deployed change never breaks an open case: histories of older versions replay with the code as it is (SPEC §7.4).

`RECORD_HISTORIES=1 pytest tests/replay` records the stories anew, beside the ones that are kept: a recorded history is
never changed, since cases that began under it may still be open.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.replay.replaying import read_history, replay
from tests.replay.stories import STORIES
from tests.workflows.case_story import paris
from tests.workflows.conftest import OpenCase

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
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
    assert {file.stem.split("--")[0] for file in KEPT} >= set(STORIES)


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_told_now_replays(open_case: OpenCase, name: str) -> None:
    tell, serial_number = STORIES[name]
    case = await open_case(serial_number, paris("mon 10 08:30"))
    await tell(case)
    await case.handle.result()
    history = await case.handle.fetch_history()
    if os.environ.get("RECORD_HISTORIES"):
        recorded_on = datetime.now(UTC).strftime("%Y-%m-%d")
        (HISTORIES / f"{name}--{recorded_on}.json").write_text(history.to_json())
    await replay(history)
