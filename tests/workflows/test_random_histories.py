"""Whatever a case is told, in whatever order: it ends, every message is in its journal, and nothing happens twice.

SERVER_HISTORIES says how many histories are told (24), RANDOM_SEED with which seed they begin (1). Many more are told
by `tests/engine/test_random_histories.py`, on an engine that plays the server's part.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import asyncpg
import pytest
from temporalio.worker import Replayer

from config.temporal import CurativePlugin
from tests.workflows.case_story import CaseStory
from tests.workflows.conftest import OpenCase
from tests.workflows.random_history import Alone, RandomHistory, random_report
from tests.workflows.random_judgement import stand
from tests.workflows.soundness import no_task_failed
from workflows.curative_maintenance import CurativeMaintenanceWorkflow

HISTORIES = int(os.environ.get("SERVER_HISTORIES", "24"))
FIRST_SEED = int(os.environ.get("RANDOM_SEED", "1"))
AT_A_TIME = 12


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: its history is replayed."""
    return open_case_on_server


def batches() -> Iterator[range]:
    """The seeds, as many at a time as run well side by side."""
    seeds = range(FIRST_SEED, FIRST_SEED + HISTORIES)
    return (seeds[start : start + AT_A_TIME] for start in range(0, HISTORIES, AT_A_TIME))


@pytest.mark.parametrize("seeds", list(batches()), ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
async def test_a_case_stands_whatever_it_is_told(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, seeds: range
) -> None:
    rows = await case_pool.fetch("select serial_number from equipment order by serial_number")
    equipment = Random(seeds[0]).sample([row["serial_number"] for row in rows], len(seeds))
    told = await asyncio.gather(
        *(
            told_and_judged(open_case, case_pool, tmp_path / "mail", seed, serial_number)
            for seed, serial_number in zip(seeds, equipment, strict=True)
        ),
        return_exceptions=True,
    )
    for failure in told:
        if failure is not None:
            raise failure


async def told_and_judged(
    open_case: OpenCase, pool: asyncpg.Pool, maildir: Path, seed: int, serial_number: str
) -> None:
    """Tell the history of a seed and look at what it left behind; the seed is printed when something is wrong."""
    all_is_well = False
    try:
        case = await opened(open_case, serial_number, Random(seed))
        history = RandomHistory(Alone(case), Random(seed))
        closed = await history.tell()
        await no_task_failed(case)
        await stand(history, closed, pool, maildir)
        await replays(case)
        all_is_well = True
    finally:
        if not all_is_well:
            print(f"seed {seed} on {serial_number}")  # noqa: T201 - pytest shows it with the failure


async def opened(open_case: OpenCase, serial_number: str, random: Random) -> CaseStory:
    """A case that is reported at any hour of any day in May 2027."""
    at, fields = random_report(random)
    return await open_case(serial_number, at, **fields)


async def replays(case: CaseStory) -> None:
    """The history leads a fresh worker to the same commands."""
    replayer = Replayer(workflows=[CurativeMaintenanceWorkflow], plugins=[CurativePlugin()])
    await replayer.replay_workflow(await case.handle.fetch_history())
