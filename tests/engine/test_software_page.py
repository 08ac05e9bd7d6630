"""docs/software.md says what the workflow does: every word in every situation, and every release compared.

`WRITE_PAGES=1 pytest tests/engine/test_software_page.py` writes the table anew.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from config.settings import Settings
from tests.engine.software_page import BEGIN, END, PAGE, SITUATIONS, row, table, words
from tests.engine.story_on_engine import Theatre
from tests.workflows.case_story import paris
from tests.workflows.software_story import SoftwareStory, request
from worker import registrations


@pytest.fixture
async def theatre(pool: asyncpg.Pool, tmp_path: Path) -> AsyncIterator[Theatre]:
    """Engines in this process."""
    told_here = Theatre(lambda messenger: registrations(pool, Settings(data_dir=tmp_path), messenger)[1])
    yield told_here
    await told_here.close()


async def test_every_word_in_every_situation(theatre: Theatre, pool: asyncpg.Pool) -> None:
    await pool.execute("delete from activation_keys")
    told = table({situation: await _rows(theatre, pool, items) for situation, items in SITUATIONS.items()})
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    if os.environ.get("WRITE_PAGES"):
        PAGE.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")
        return
    assert rest.split(END)[0].strip() == told


async def _rows(theatre: Theatre, pool: asyncpg.Pool, items: tuple[Any, ...]) -> list[str]:
    rows: list[str] = []
    story: SoftwareStory | None = None
    for number, word in enumerate(words(items)):
        by = {"name": f"Requester {number}", "email": f"r{number}@brunel.example"}
        if story is None:
            story = await SoftwareStory.on_engine(theatre, request(*items, requested_by=by), paris("mon 10 09:00"))
        if "keys" in word.fields:
            word.fields["keys"] = [f"KEY-{len(items)}-{items[-1]}-{number}"]  # each is given out once, ever
        line, changed = await row(story, word)
        rows.append(line)
        story = None if changed else story
    return rows
