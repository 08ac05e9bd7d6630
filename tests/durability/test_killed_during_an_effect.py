"""`kill -9` between an effect and the answer that it happened: it is found again, and happens once (SPEC §7.3)."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import asyncpg
import pytest

from domain.case import Stage
from tests.durability.commit_gate import CommitGate
from tests.durability.effects import BEHIND, CANCELLED, EFFECTS, EXCHANGED, INSTALLED, LAST, Effect
from tests.durability.evidence import assert_all_is_recorded, assert_every_effect_once
from tests.durability.exchange import lead
from tests.durability.installation import Installation
from tests.durability.mail_server import MailServer
from tests.durability.waiting import until
from tests.durability.wire import Wire
from tests.workflows.case_story import CaseStory, paris

OPENED = paris("mon 10 08:05")
UNCHECKED = "FDO2517B7CS"


class Begun(NamedTuple):
    """A case at the stage at which its effect is set off."""

    case: CaseStory
    effect: Effect
    reference: str


@pytest.fixture
def installation(installation: Installation, wire: Wire) -> Installation:
    """One whose workers reach Temporal over the wire, and PostgreSQL as often at once as there are effects."""
    installation.settings.update(TEMPORAL_ADDRESS=wire.address, CURATIVE_DATABASE_POOL_SIZE="40")
    return installation


async def test_every_effect_happens_once_though_its_worker_was_killed_before_it_could_tell(
    installation: Installation, database: asyncpg.Connection, gate: CommitGate, mail_server: MailServer, wire: Wire
) -> None:
    """One worker is killed in the middle of all of them, and of asking whether a piece of equipment is covered."""
    worker = await installation.start_worker()
    before = await _shelves(database)
    every = {**EFFECTS, **BEHIND, **LAST}
    beginning = (_begin(installation, *each) for each in every.items())
    begun = dict(zip(every, await asyncio.gather(*beginning), strict=True))
    async with database.transaction():
        await database.execute("lock table provider in access exclusive mode")
        unchecked = await installation.open_case(UNCHECKED, OPENED)
        await _set_off([begun[each] for each in EFFECTS], gate, mail_server)
        await asyncio.gather(*(begun[each].effect.is_set_off(begun[each].case) for each in BEHIND))
        await gate.all_wait(at_the_counter=len(BEHIND))
        await asyncio.gather(*(_cut(wire, begun[each]) for each in LAST))
        await gate.open()
        await worker.kill()
    mail_server.answer()
    wire.mend()
    await installation.start_worker()
    await asyncio.gather(*(_goes_on_to_the_end(each) for each in begun.values()), _is_checked(unchecked))
    for each in begun.values():
        await _has_ended(each, database, mail_server)
    await assert_every_effect_once(database, (await unchecked.handle.result())["reference"])
    assert await _shelves(database) == {**before, "CS-PWR-CDC": before["CS-PWR-CDC"] - 1}
    await _has_left_its_traces_once(database, begun)


async def _begin(installation: Installation, serial_number: str, effect: Effect) -> Begun:
    case = await installation.open_case(serial_number, OPENED)
    await effect.begins(case)
    return Begun(case, effect, (await case.view())["reference"])


async def _set_off(all_at_once: list[Begun], gate: CommitGate, mail_server: MailServer) -> None:
    """Every write waits with its commit, and every mail was taken without an answer."""
    held = {f"<{reference}.1.{effect.mail}@curative.invalid>" for _, effect, reference in all_at_once if effect.mail}
    mail_server.hold_answers(*held)
    for _, effect, reference in all_at_once:
        if effect.table:
            await gate.shut(effect.table, reference)
    await asyncio.gather(*(effect.is_set_off(case) for case, effect, _ in all_at_once))

    async def all_are_sent() -> bool:
        return held <= {mail["Message-ID"] for mail in mail_server.received}

    await until(all_are_sent, "the mails are sent")
    await gate.all_wait()


async def _cut(wire: Wire, last: Begun) -> None:
    """From the moment in which its return was started, the worker hears nothing from Temporal, nor Temporal from it."""
    case, effect, reference = last
    wire.cut_after(f"return-{reference}")
    await effect.is_set_off(case)
    await wire.is_cut()

    async def is_started() -> bool:
        query = f"WorkflowId = 'return-{reference}.1.return-faulty-part-1'"
        return (await case.environment.client.count_workflows(query)).count == 1

    await until(is_started, "the return is started")
    pending = (await case.handle.describe()).raw_description.pending_activities
    assert "start_return" in {activity.activity_type.name for activity in pending}


async def _goes_on_to_the_end(begun: Begun) -> None:
    if begun.effect.leads_to is not None:
        await begun.effect.leads_to(begun.case)
        await lead(begun.case, Stage.CLOSED)


async def _is_checked(case: CaseStory) -> None:
    await case.reaches(Stage.REMOTE_DIAGNOSIS, check_pending=False)
    await lead(case, Stage.CLOSED)


async def _has_ended(begun: Begun, database: asyncpg.Connection, mail_server: MailServer) -> None:
    """As it would have without the kill; only who got a mail in that moment has it twice, and can tell."""
    case, effect, reference = begun
    closed = await case.handle.result()
    assert closed["outcome"] == effect.outcome, effect.name
    await assert_all_is_recorded(database, closed)
    await assert_every_effect_once(database, reference, effect.left)
    sent = mail_server.message_ids(effect.mail or "vendor-request", reference)
    assert len(sent) == (2 if effect.mail else effect.left.requests), effect.name
    assert len(set(sent)) <= 1, effect.name


async def _shelves(database: asyncpg.Connection) -> dict[str, Any]:
    """How many pieces of each article are in our stock."""
    return dict(await database.fetch("select article, sum(quantity) from stock group by article"))


async def _has_left_its_traces_once(database: asyncpg.Connection, begun: Mapping[str, Begun]) -> None:
    """Reservations and loans, what was undone, and what was exchanged."""
    reservations = await database.fetch("select state, quantity from stock_reservations order by state")
    assert [tuple(row) for row in reservations] == [("given_back", 1), ("used", 1)]
    loans = await database.fetch("select state, unit from loans order by state")
    assert [row["state"] for row in loans] == ["called_off", "returning"]
    assert len({row["unit"] for row in loans}) == len(loans)
    journal = (await begun[CANCELLED].case.view())["journal"]
    undone = [line["text"].split(":")[0] for line in journal if line["kind"] == "compensation"]
    order, reservation = (f"{begun[CANCELLED].reference}.1.{step}" for step in ("replacement-order", "stock-1"))
    assert undone == [
        f"the order {order} is called off",
        f"the reservation {reservation} in our stock is given back",
    ]
    sentence = f"{INSTALLED} takes the place of {EXCHANGED}, with its contracts and its configuration"
    assert sentence in await begun[EXCHANGED].case.journal()
