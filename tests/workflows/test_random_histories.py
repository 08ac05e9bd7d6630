"""Whatever a case is told, in whatever order: it ends, every message is in its journal, and nothing happens twice.

RANDOM_HISTORIES says how many histories are told (40), RANDOM_SEED with which seed they begin (1).
"""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from temporalio.worker import Replayer

from config.temporal import CurativePlugin
from database.cases import CaseStore
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.random_history import RandomHistory, Sent
from tests.workflows.soundness import is_sound
from workflows.curative_maintenance import CurativeMaintenanceWorkflow

HISTORIES = int(os.environ.get("RANDOM_HISTORIES", "40"))
FIRST_SEED = int(os.environ.get("RANDOM_SEED", "1"))
AT_A_TIME = 20
NOBODY = "unknown:unnamed"
"""Whom the journal names when a signal could not be read."""


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
        history = RandomHistory(await opened(open_case, serial_number, Random(seed)), Random(seed))
        closed = await history.tell()
        journal = await pool.fetch(
            "select * from journal where case_reference = $1 order by sequence", closed["reference"]
        )
        await is_sound(history.case, closed, pool)
        await the_read_model_equals_the_case(closed, pool)
        await nothing_happened_twice(closed, journal, pool, maildir)
        every_message_has_its_line(history, journal)
        no_warning_fired_twice(closed, journal)
        await replays(history.case)
        all_is_well = True
    finally:
        if not all_is_well:
            print(f"seed {seed} on {serial_number}")  # noqa: T201 - pytest shows it with the failure


async def opened(open_case: OpenCase, serial_number: str, random: Random) -> CaseStory:
    """A case that is reported at any hour of any day in May 2027."""
    at = paris("sat 1 00:00") + timedelta(minutes=random.randrange(28 * 24 * 60))
    reported_at = at - timedelta(minutes=random.choice([0, 0, 15]))
    impact = random.choice(["blocking", "degraded"])
    return await open_case(serial_number, at, impact=impact, reported_at=reported_at.isoformat())


async def the_read_model_equals_the_case(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """What lists and reports see of a closed case is its result."""
    recorded = await CaseStore(pool).find(closed["reference"])
    assert recorded is not None
    differences = {
        name: (recorded.get(name), closed[name])
        for name in closed
        if name != "journal" and recorded.get(name) != closed[name]
    }
    assert not differences, differences


async def nothing_happened_twice(
    closed: dict[str, Any], journal: Sequence[asyncpg.Record], pool: asyncpg.Pool, maildir: Path
) -> None:
    """Each time the stage was reached, the vendor was asked once and the order placed once; each mail went out once."""
    reached = Counter(row["text"].partition(":")[0] for row in journal if row["kind"] == "stage")
    reference = closed["reference"]
    requests = await pool.fetchval("select count(*) from vendor_requests where case_reference = $1", reference)
    orders = await pool.fetchval("select count(*) from orders where case_reference = $1", reference)
    assert (requests, orders) == (reached["stage vendor_validation"], reached["stage shipment"])
    mails = [mail.name for mail in (maildir / "new").glob("*") if reference in mail.name]
    assert len(mails) == requests


def every_message_has_its_line(history: RandomHistory, journal: Sequence[asyncpg.Record]) -> None:
    """One line for each message that arrived, and one more for what was taken or kept and not used in the end."""
    attempts: dict[str, list[Sent]] = defaultdict(list)
    for message in history.sent:
        attempts[message.mark].append(message)
    unnamed = [row["text"] for row in journal if row["actor"] == NOBODY]
    for mark, sent in attempts.items():
        own = Counter(row["disposition"] for row in journal if row["actor"] == mark)
        own["unnamed"] = sum(f"'{mark}'" in text for text in unnamed)
        assert fits_together(sent, own), (sent, dict(own))
    marked = sum(any(f"'{mark}'" in text for mark in attempts) for text in unnamed)
    assert len(unnamed) - marked == history.nonsense_sent


def fits_together(attempts: list[Sent], own: Counter[str]) -> bool:
    """Whether these are the lines that a message leaves, sent once, or more than once under an id."""
    accepted, lines = own["taken"] + own["kept"], own.total()
    answers = {message.disposition for message in attempts if message.disposition in ("taken", "kept")}
    heard = answers or any(message.as_signal and message.arrived for message in attempts)
    if accepted > 1 or (heard and not lines) or any(own[answer] != 1 for answer in answers):
        return False
    if len(attempts) > 1 or accepted:
        return own["refused"] <= len(attempts) and own["unnamed"] <= len(attempts)
    return lines <= 1


def no_warning_fired_twice(closed: dict[str, Any], journal: Sequence[asyncpg.Record]) -> None:
    """The journal tells of each warning as often as it fired: once in each promise at the most."""
    fired = Counter(
        f"{promise['name']}: warning at {warning['point']}"
        for promise in closed["promises"]
        for warning in promise["warnings"]
        if warning["fired_at"] is not None
    )
    told = Counter(row["text"].partition(",")[0] for row in journal if ": warning at " in row["text"])
    assert told == fired, (told, fired)


async def replays(case: CaseStory) -> None:
    """The history leads a fresh worker to the same commands."""
    replayer = Replayer(workflows=[CurativeMaintenanceWorkflow], plugins=[CurativePlugin()])
    await replayer.replay_workflow(await case.handle.fetch_history())
