"""What must be true of each case of a random history, wherever it ran."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from database.cases import CaseStore
from tests.workflows.random_history import CALLER, Listener, RandomHistory, Sent
from tests.workflows.soundness import left_in_order

NOBODY = "unknown:unnamed"
"""Whom the journal names when a signal could not be read."""

BY_A_CASE = re.compile(r"'actor': 'system:|'message_id': '[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\.")
"""What a word of one workflow to another carries, its actor or an id made of a key: it may come too late as well."""


async def stand(history: RandomHistory, closed: Sequence[Mapping[str, Any]], pool: asyncpg.Pool, maildir: Path) -> None:
    """Judge all cases of a history that was told to its end by what they left in PostgreSQL and in the mail."""
    for case, view in zip(history.around.cases(), closed, strict=True):
        await stands(history, case, dict(view), pool, maildir)


async def stands(
    history: RandomHistory, case: Listener, closed: dict[str, Any], pool: asyncpg.Pool, maildir: Path
) -> None:
    """Judge one case."""
    journal = await pool.fetch("select * from journal where case_reference = $1 order by sequence", closed["reference"])
    await left_in_order(closed, pool)
    await the_read_model_equals_the_case(closed, pool)
    await nothing_happened_twice(closed, journal, pool, maildir)
    every_message_has_its_line(history, case, journal)
    no_warning_fired_twice(closed, journal)
    no_promise_fired_out_of_order_or_after_the_end(closed)


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
    """The vendor was asked once each time the stage was reached; an order was placed then, and for parcels that failed.

    Each request went out as one mail, unless it was stopped on its way.
    """
    reached = Counter(row["text"].partition(":")[0] for row in journal if row["kind"] == "stage")
    reference = closed["reference"]
    rows = await pool.fetch("select * from vendor_requests where case_reference = $1", reference)
    orders = await pool.fetchval(
        "select count(*) from orders where case_reference = $1 and subject = 'replacement'", reference
    )
    failed = sum(row["kind"] == "shipment" and row["disposition"] in ("taken", "noted") for row in journal)
    assert len(rows) <= reached["stage vendor_validation"], (rows, reached)
    assert orders <= reached["stage shipment"] + failed, (orders, reached, failed)
    mails = Counter(mail.name.removesuffix("@curative.invalid") for mail in (maildir / "new").glob("*"))
    assert all(mails[row["identifier"]] == 1 for row in rows), (rows, mails)


def every_message_has_its_line(history: RandomHistory, case: Listener, journal: Sequence[asyncpg.Record]) -> None:
    """One line for each message that arrived, and one more for what was taken or kept and not used in the end."""
    attempts: dict[str, list[Sent]] = defaultdict(list)
    for message in history.sent:
        if message.to is case:
            attempts[message.mark].append(message)
    unnamed = [row["text"] for row in journal if row["actor"] == NOBODY]
    for mark, sent in attempts.items():
        own = Counter(row["disposition"] for row in journal if row["actor"] == mark)
        own["unnamed"] = sum(f"'{mark}'" in text for text in unnamed)
        assert fits_together(sent, own), (sent, dict(own))
    marks = {f"'{mark}'" for mark in (CALLER, *(message.mark for message in history.sent))}
    marked = sum(bool(BY_A_CASE.search(text)) or any(mark in text for mark in marks) for text in unnamed)
    assert len(unnamed) - marked == sum(heard is case for heard in history.nonsense_sent)


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


def no_promise_fired_out_of_order_or_after_the_end(closed: dict[str, Any]) -> None:
    """Warnings fire in the order in which they are due, and none once the promise or the case has ended."""
    for promise in closed["promises"]:
        fired = [warning for warning in promise["warnings"] if warning["fired_at"]]
        instants = [
            _instant(warning["fired_at"]) for warning in sorted(fired, key=lambda each: _instant(each["due_at"]))
        ]
        assert instants == sorted(instants), promise
        assert all(at <= _instant(closed["closed_at"]) for at in instants), promise


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
