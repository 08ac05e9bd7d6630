"""What must be true of a case that has heard a random history, wherever it ran."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from database.cases import CaseStore
from tests.workflows.random_history import RandomHistory, Sent
from tests.workflows.soundness import left_in_order

NOBODY = "unknown:unnamed"
"""Whom the journal names when a signal could not be read."""


async def stands(history: RandomHistory, closed: dict[str, Any], pool: asyncpg.Pool, maildir: Path) -> None:
    """Judge a history that was told to its end by what it left in PostgreSQL and in the mail."""
    journal = await pool.fetch("select * from journal where case_reference = $1 order by sequence", closed["reference"])
    await left_in_order(closed, pool)
    await the_read_model_equals_the_case(closed, pool)
    await nothing_happened_twice(closed, journal, pool, maildir)
    every_message_has_its_line(history, journal)
    no_warning_fired_twice(closed, journal)


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
    """Each time the stage was reached, the vendor was asked once at most, and one order placed; each mail went once."""
    reached = Counter(row["text"].partition(":")[0] for row in journal if row["kind"] == "stage")
    reference = closed["reference"]
    rows = await pool.fetch("select identifier from vendor_requests where case_reference = $1", reference)
    orders = await pool.fetchval(
        "select count(*) from orders where case_reference = $1 and subject = 'replacement'", reference
    )
    assert len(rows) <= reached["stage vendor_validation"], (rows, reached)
    assert orders <= reached["stage shipment"], (orders, reached)
    mails = Counter(mail.name.removesuffix("@curative") for mail in (maildir / "new").glob("*"))
    assert all(mails[row["identifier"]] == 1 for row in rows), (rows, mails)


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
