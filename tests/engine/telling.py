"""Tell random histories on engines in this process, and judge them: `python -m tests.engine.telling --help`.

A process of its own, so that several can share the work. Prints what went wrong, history by history, each with its
seed; the exit code is 1 when anything did.
"""

import argparse
import asyncio
import csv
import gc
import sys
import traceback
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import asyncpg
from temporalio.workflow import UnfinishedSignalHandlersWarning, UnfinishedUpdateHandlersWarning

from config.settings import Settings
from database.pool import open_pool
from database.registry_import import SAMPLE_DIRECTORY
from tests.engine.case_on_engine import CaseOnEngine
from tests.engine.conditions import Conditions, RoughConditions
from tests.engine.neighbourhood import NeighbourhoodOnEngine
from tests.engine.own_registry import own_registry
from tests.engine.settlement import all_is_settled
from tests.workflows.random_history import RandomHistory, random_report
from tests.workflows.random_judgement import stand
from worker import registrations

AT_A_TIME = 25
"""Histories side by side: while one waits for the database, others go on."""


async def tell_all(database_url: str, home: Path, seeds: Sequence[int]) -> dict[int, str]:
    """Tell the histories of these seeds in concurrent batches; what went wrong, by seed."""
    wrong: dict[int, str] = {}
    async with await open_pool(database_url) as pool:
        for start in range(0, len(seeds), AT_A_TIME):
            batch = seeds[start : start + AT_A_TIME]
            told = await asyncio.gather(
                *(tell_and_judge(pool, home / str(seed), seed) for seed in batch), return_exceptions=True
            )
            failures = zip(batch, told, strict=True)
            wrong |= {seed: _trace(error) for seed, error in failures if isinstance(error, BaseException)}
    return wrong


async def tell_and_judge(pool: asyncpg.Pool, home: Path, seed: int) -> None:
    """Tell the history of a seed, in a registry of its own, and look at what it left behind."""
    home.mkdir()
    random = Random(seed)
    registry = await own_registry(pool, random.choice(_sample()), random, seed)
    settings = Settings(data_dir=home)
    at, fields = random_report(random)
    case = await CaseOnEngine.open(
        lambda messenger: registrations(pool, settings, messenger)[1],
        registry.pieces[0],
        at,
        conditions=conditions(seed),
        seed=seed,
        **fields,
    )
    try:
        around = NeighbourhoodOnEngine(case)
        history = RandomHistory(around, random, registry.surroundings)
        closed = await history.tell()
        await case.engine.run_until_idle()  # what comes too late must change nothing either
        await stand(history, closed, pool, home / "mail")
        await all_is_settled(around, registry, pool)
        for execution in case.engine.started if seed % 3 == 0 else ():  # a replay costs as much as the telling
            await execution.restart_worker()
    finally:
        await case.engine.close()


def conditions(seed: int) -> Conditions:
    """Every fifth history runs under fair conditions, the others under rough ones."""
    return Conditions() if seed % 5 == 0 else RoughConditions(Random(seed))


@cache
def _sample() -> Sequence[str]:
    """The serial numbers of the sample registry; the database has those of other histories too."""
    with (SAMPLE_DIRECTORY / "equipment.csv").open(encoding="utf-8", newline="") as lines:
        return [line["serial_number"] for line in csv.DictReader(lines)]


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def main() -> None:
    """Tell what the command line asks for."""
    parser = argparse.ArgumentParser(description="Tell random histories, and judge them.")
    parser.add_argument("database_url", help="a migrated database with the sample registry, for nobody else")
    parser.add_argument("home", type=Path, help="an empty directory for mails")
    parser.add_argument("seeds", type=int, nargs="+")
    asked = parser.parse_args()
    for warning in (UnfinishedSignalHandlersWarning, UnfinishedUpdateHandlersWarning, RuntimeWarning):
        warnings.simplefilter("error", warning)
    gc.freeze()  # what is loaded stays; what histories leave behind is collected more rarely: a seventh of the time
    gc.set_threshold(50_000)
    wrong = asyncio.run(tell_all(asked.database_url, asked.home, asked.seeds))
    for seed, trace in wrong.items():
        print(f"seed {seed}: RANDOM_SEED={seed} RANDOM_HISTORIES=1 tells it again\n{trace}")  # noqa: T201 - its purpose
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
