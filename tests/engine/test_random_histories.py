"""Whatever a case is told, under whatever conditions: it ends, no message is lost, and nothing happens twice.

The real workflow code on engines in processes of their own, hundreds of histories in concurrent batches; a few more run
on the real server (`tests/workflows/test_random_histories.py`). RANDOM_HISTORIES says how many are told (500),
RANDOM_SEED with which seed they begin (1).
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

HISTORIES = int(os.environ.get("RANDOM_HISTORIES", "500"))
FIRST_SEED = int(os.environ.get("RANDOM_SEED", "1"))
PROCESSES = len(os.sched_getaffinity(0))


async def test_a_case_stands_whatever_it_is_told(database_url: str, tmp_path: Path) -> None:
    seeds = range(FIRST_SEED, FIRST_SEED + HISTORIES)
    shares = [seeds[first::PROCESSES] for first in range(min(PROCESSES, HISTORIES))]
    told = await asyncio.gather(*(told_elsewhere(database_url, tmp_path, share) for share in shares))
    wrong = [words for words in told if words]
    assert not wrong, "\n".join(wrong)


async def told_elsewhere(database_url: str, home: Path, seeds: Sequence[int]) -> str:
    """Have another process tell the histories of these seeds; what it says when something is wrong."""
    command = [sys.executable, "-m", "tests.engine.telling", database_url, str(home), *map(str, seeds)]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return said.decode() if process.returncode else ""
