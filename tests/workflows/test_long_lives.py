"""Long lives: thousands of messages, or a year without one (DESIGN §2.11)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, events

MESSAGES, AT_A_TIME = 2_000, 100
A_YEAR = timedelta(days=365)
CUSTOMER = "salles.paris@brunel.example"


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: its events are counted."""
    return open_case_on_server


def any_message(random: Random, number: int) -> tuple[str, dict[str, Any]]:
    """What may be said, and leads nowhere, while level 1 has the case: taken, kept, refused, repeated."""
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("note", {"text": f"note {number}", "message_id": f"id-{random.randrange(MESSAGES)}"}),
        ("note", {"text": "é" * 2_000}),
        ("assignment", {"owner": "Noor"}),
        ("contact_attempt", {"party": "customer", "channel": "phone", "reached": number % 7 == 0}),
        ("shipment", {"status": "delayed", "message_id": f"parcel-{number}"}),
        ("vendor_validation", {"decision": "refused", "reason": "no stock", "decided_at": "2027-05-10T09:00:30+02:00"}),
        ("customer_confirmation", {"restored": True}),
        ("site_scheduling", {"action": "choose", "slot_id": "NEVER"}),
        ("loan_veto", {"reason": "no need"}),
        ("nonsense", {"text": "of a name that nobody knows"}),
    ]
    return random.choice(kinds)


async def test_a_case_of_two_thousand_messages_ends_well(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.after(timedelta(minutes=1))
    random = Random(7)
    said = [any_message(random, number) for number in range(MESSAGES)]
    for first in range(0, MESSAGES, AT_A_TIME):
        await asyncio.gather(*(case.signal(kind, payload) for kind, payload in said[first : first + AT_A_TIME]))
    closed = await ends_soundly(case, case_pool)
    lines = await case_pool.fetchval(
        "select count(*) from journal where case_reference = $1 and actor <> 'system:case'", closed["reference"]
    )
    repeated = len(ids := [payload["message_id"] for _, payload in said if "message_id" in payload]) - len(set(ids))
    assert lines >= MESSAGES - repeated


async def waits_for_logs(case: CaseStory) -> None:
    """Level 2 cannot go on without the customer's log files."""
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "logs_needed")
    await case.reaches("remote_diagnosis", waiting_for="customer")


async def waits_for_a_choice(case: CaseStory) -> None:
    """The visit cannot take place before the customer chooses a slot."""
    await case.needs_hands()


@pytest.mark.parametrize(("begin", "letters"), [(waits_for_logs, 7), (waits_for_a_choice, 9)])
async def test_a_case_that_waits_a_year_for_its_customer_stays_short_and_its_reminders_end(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, begin: Any, letters: int
) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"))
    await begin(case)
    await case.after(A_YEAR / 2)
    reference = (await case.view())["reference"]
    told = mails(tmp_path, reference)
    assert len([mail for mail in told if mail.to == CUSTOMER]) == letters
    journal = await case.journal()
    await case.after(A_YEAR / 2)
    assert await case.journal() == journal
    assert len(await events(case)) < 300
    assert mails(tmp_path, reference) == told
    assert (await case.view())["waiting_for"] == "customer"
    assert await case_pool.fetchval("select count(*) from visit_slots where state = 'offered'") == 0
