"""Many messages at once: none is lost, none blocks another (SPEC §5)."""

import asyncio

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly

LONGEST = 4_000


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """A case at level 1."""
    opened = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await opened.reaches("remote_diagnosis")
    return opened


async def notes(pool: asyncpg.Pool) -> list[str]:
    """The notes in the read model, in the order of the journal."""
    return [row["text"] for row in await pool.fetch("select text from journal where kind = 'note' order by sequence")]


async def test_two_hundred_signals_in_one_go_leave_two_hundred_lines(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    texts = [f"note {number}" for number in range(200)]
    await asyncio.gather(*(case.signal("note", {"text": text}) for text in texts))
    closed = await ends_soundly(case, case_pool)
    assert sorted(await notes(case_pool)) == sorted(texts)
    assert len(closed["journal"]) == 100


async def test_signals_one_after_the_other_are_journaled_in_that_order(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    texts = [f"note {number}" for number in range(50)]
    for text in texts:
        await case.signal("note", {"text": text})
    await ends_soundly(case, case_pool)
    assert await notes(case_pool) == texts


async def test_thirty_updates_at_the_same_moment_are_all_answered(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    texts = [f"note {number}" for number in range(30)]
    answers = await asyncio.gather(*(case.say("note", text=text) for text in texts))
    assert {answer["disposition"] for answer in answers} == {"taken"}
    for text, answer in zip(texts, answers, strict=True):
        assert text in [line["text"] for line in answer["case"]["journal"]]
    await ends_soundly(case, case_pool)
    assert sorted(await notes(case_pool)) == sorted(texts)


async def test_ten_updates_of_the_greatest_length_are_answered_together_when_the_journal_is_full_of_such(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Ten is what the server lets in at a time; what they answer goes out in one message, which has its limit."""
    texts = [f"{number:04d}".ljust(LONGEST, "é") for number in range(110)]
    for text in texts[:100]:
        await case.signal("note", {"text": text})
    answers = await asyncio.gather(*(case.say("note", text=text) for text in texts[100:]))
    assert {answer["disposition"] for answer in answers} == {"taken"}
    await ends_soundly(case, case_pool)
    assert sorted(await notes(case_pool)) == texts
