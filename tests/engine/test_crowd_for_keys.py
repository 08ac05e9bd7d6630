"""Five hundred requests for the last fifty keys: each key once, the others waiting, all answered in the end (R11).

Each request is on an engine of its own, all are on one PostgreSQL, where they really meet, twenty at a time.
KEY_REQUESTS says how many there are; a tenth of them finds a key in stock.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore, StockedKey
from database.pool import open_pool
from domain.masking import Secret
from tests.engine.story_on_engine import Theatre
from tests.engine.test_crowd import garbage_collected_rarely
from tests.workflows.case_story import paris
from tests.workflows.letters import mails
from tests.workflows.software_story import BRIDGE, SoftwareStory, request
from worker import registrations

REQUESTS = int(os.environ.get("KEY_REQUESTS", "500"))
IN_STOCK = REQUESTS // 10
AT_A_TIME = 20
RELEASE, MONDAY = "CMS-3.11", paris("mon 10 09:00")

_EQUIPMENT = """
with copies as (
    insert into equipment (serial_number, type, customer, site, room, software_version)
    select $1 || '-' || n, type, customer, site, room, software_version
    from equipment, generate_series(1, $2::integer) n where serial_number = $1
    returning serial_number, customer
)
insert into coverage (serial_number, contract, customer)
select copies.serial_number, contract, copies.customer
from copies, coverage where coverage.serial_number = $1
"""

Answer = TypeVar("Answer")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections as a worker has them; no key is in stock."""
    async with await open_pool(database_url) as pool:
        await pool.execute("delete from activation_keys")
        await pool.execute(_EQUIPMENT, BRIDGE, REQUESTS)
        yield pool


@pytest.fixture
async def theatre(pool: asyncpg.Pool, tmp_path: Path) -> AsyncIterator[Theatre]:
    """The engines."""
    made = Theatre(lambda messenger: registrations(pool, Settings(data_dir=tmp_path), messenger)[1])
    with garbage_collected_rarely():
        yield made
    await made.close()


async def test_five_hundred_requests_for_the_last_fifty_keys(
    pool: asyncpg.Pool, theatre: Theatre, tmp_path: Path
) -> None:
    stock = KeyStore(pool, SecretBox.of(Settings()))
    keys = [f"KEY{number:03}-AAAAA-BBBBB-CCCCC" for number in range(REQUESTS)]
    await stocked(pool, stock, keys[:IN_STOCK])

    asked = (request(f"{BRIDGE}-{number + 1}") for number in range(REQUESTS))
    stories = await together(SoftwareStory.on_engine(theatre, each, MONDAY) for each in asked)
    states = await together(settled(story) for story in stories)
    waiting = [story for story, state in zip(stories, states, strict=True) if state == "awaiting_key"]
    assert Counter(states) == {"delivered": IN_STOCK, "awaiting_key": REQUESTS - IN_STOCK}

    half = len(waiting) // 2
    await together(issued(story, key, keys[0]) for story, key in zip(waiting[:half], keys[IN_STOCK:], strict=False))
    await stocked(pool, stock, keys[IN_STOCK + half :])
    told = await stock.serve_the_line([RELEASE], MONDAY)
    assert sorted(told) == sorted(story.handle.id for story in waiting[half:])
    await together(theatre.handle(workflow_id).signal("keys_granted", args=[{}]) for workflow_id in told)

    closed = await together(story.result() for story in stories)
    assert Counter(view["outcome"] for view in closed) == {"answered": REQUESTS}
    assert Counter(len(view["items"][0]["keys"]) for view in closed) == {1: REQUESTS}
    await each_was_given_once(pool, tmp_path, keys)


async def together(work: Iterable[Coroutine[Any, Any, Answer]]) -> list[Answer]:
    """All of it, AT_A_TIME; the answers in order."""
    places = asyncio.Semaphore(AT_A_TIME)

    async def in_turn(each: Coroutine[Any, Any, Answer]) -> Answer:
        async with places:
            return await each

    return await asyncio.gather(*(in_turn(each) for each in work))


async def settled(story: SoftwareStory) -> str:
    """How its item stands. On a machine that is busy, PostgreSQL may have to be asked twice."""
    for _ in range(20):
        (state,) = await story.states()
        if state in ("delivered", "awaiting_key"):
            break
        await story.after(timedelta(seconds=5))
    return state


async def stocked(pool: asyncpg.Pool, stock: KeyStore, keys: Sequence[str]) -> None:
    """Keys are imported."""
    async with pool.acquire() as connection, connection.transaction():
        await stock.add(connection, [StockedKey(RELEASE, Secret(key)) for key in keys])


async def issued(story: SoftwareStory, key: str, given_before: str) -> None:
    """The vendor gives a key of their own, to some after one that somebody has already."""
    serial_number = (await story.view())["items"][0]["serial_number"]
    for each in (given_before, key) if serial_number.endswith("0") else (key,):
        await story.say("activation_keys", serial_number=serial_number, keys=[each])
    await story.result()


async def each_was_given_once(pool: asyncpg.Pool, home: Path, keys: Sequence[str]) -> None:
    """Every key is in one letter, and every item of every request has one."""
    granted = await pool.fetch("select case_reference, step from key_grants")
    assert len({tuple(row) for row in granted}) == len(granted) == REQUESTS
    letters = "".join(mail.text.partition("---")[0] for mail in mails(home) if "Livraison" in mail.subject)
    counted = Counter(word.strip(",.") for word in letters.split() if word.startswith("KEY"))
    assert counted == dict.fromkeys(keys, 1)
