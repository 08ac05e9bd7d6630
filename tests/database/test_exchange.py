"""A standard exchange changes the registry (R7)."""

import asyncio
from datetime import UTC, date, datetime

import asyncpg
import pytest

from activities.exchange import ExchangeActivities
from database.exchange import AlreadyInService, SerialNumbers, exchange
from database.lineage import Lineage, lineage
from database.registry import Registry
from domain.effects import EffectKey, SerialExchanges

JUNE = date(2026, 6, 8)
NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
OLD, NEW, ELSEWHERE = "FOC2735Y3TT", "FOC3020NEW1", "FTT2608B2KR"


async def replace(pool: asyncpg.Pool, removed: str, installed: str) -> bool:
    async with pool.acquire() as connection, connection.transaction():
        return await exchange(connection, removed, installed, NOON)


async def test_the_installed_serial_number_takes_the_removed_ones_place_with_its_contract(pool: asyncpg.Pool) -> None:
    registry = Registry(pool)
    before = await registry.find(OLD, JUNE)
    assert await replace(pool, OLD, NEW)
    after = await registry.find(NEW, JUNE)
    assert before is not None
    equipment = before.equipment.model_copy(update={"serial_number": NEW})
    assert after == before.model_copy(update={"equipment": equipment})
    assert await registry.find(OLD, JUNE) is None


async def test_an_exchange_happens_once(pool: asyncpg.Pool) -> None:
    assert await replace(pool, OLD, NEW)
    assert not await replace(pool, OLD, NEW)


async def test_a_sub_assembly_is_no_equipment_of_its_own(pool: asyncpg.Pool) -> None:
    assert not await replace(pool, "CAMERA-17", "CAMERA-18")


@pytest.mark.parametrize("installed", [ELSEWHERE, OLD])
async def test_what_is_in_service_already_cannot_be_installed(pool: asyncpg.Pool, installed: str) -> None:
    with pytest.raises(AlreadyInService, match="check the serial number"):
        await replace(pool, OLD, installed)


async def test_repaired_equipment_may_come_back_elsewhere(pool: asyncpg.Pool) -> None:
    await replace(pool, OLD, NEW)
    assert await replace(pool, ELSEWHERE, OLD)
    record = await Registry(pool).find(OLD, JUNE)
    assert record is not None
    assert record.equipment.room == "BRU-PAR-401"
    assert record.equipment.type == "Cisco Webex Codec Plus"


async def exchange_serials(pool: asyncpg.Pool, *pairs: tuple[str, str]) -> tuple[str, ...]:
    key = EffectKey(case="CM-7K3Q-9XTB", round=1, step="exchanges")
    wish = SerialExchanges(key=key, now=NOON, exchanges=pairs)
    return (await ExchangeActivities(SerialNumbers(pool)).exchange_serials(wish)).results


async def test_each_exchange_says_what_became_of_it_and_none_undoes_another(pool: asyncpg.Pool) -> None:
    pairs = (("CAMERA-17", "CAMERA-18"), (ELSEWHERE, "FTT27177WBH"), (f" {OLD.lower()}", NEW.lower()), ("?", "X"))
    for _ in range(2):
        sub_assembly, refused, exchanged, wrong = await exchange_serials(pool, *pairs)
        assert sub_assembly == "CAMERA-17 is no equipment in service: CAMERA-18 for it is noted as a sub-assembly"
        assert refused.startswith(f"{ELSEWHERE} for FTT27177WBH is refused: FTT27177WBH is in service already")
        assert exchanged == f"{NEW} takes the place of {OLD}, with its contracts and its configuration"
        assert wrong.startswith("? for X is not carried out in the registry: serial_number: '?' is not a serial number")
    registry = Registry(pool)
    assert await registry.find(NEW, JUNE) is not None
    assert await registry.find(ELSEWHERE, JUNE) is not None


async def test_what_was_exchanged_before_says_what_stands_in_its_place(pool: asyncpg.Pool) -> None:
    await replace(pool, OLD, NEW)
    assert await exchange_serials(pool, (OLD, "OTHER-1")) == (
        f"{OLD} is out of service already: {NEW} stands in its place",
    )


async def test_of_two_that_are_put_in_the_same_place_at_once_the_second_finds_it_taken(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await exchange(connection, OLD, NEW, NOON)
        second = asyncio.create_task(exchange_serials(pool, (OLD, "OTHER-1")))
        while not await pool.fetchval("select exists (select from pg_locks where not granted)"):
            assert not second.done()
            await asyncio.sleep(0.01)
    assert await second == (f"{OLD} is out of service already: {NEW} stands in its place",)


async def test_the_lineage_leads_from_every_serial_number_to_the_one_in_service(pool: asyncpg.Pool) -> None:
    await replace(pool, OLD, NEW)
    await replace(pool, NEW, "FOC3030NEW2")
    assert await lineage(pool, OLD) == Lineage(in_service="FOC3030NEW2", predecessors=())
    assert await lineage(pool, "FOC3030NEW2") == Lineage(in_service="FOC3030NEW2", predecessors=(OLD, NEW))
    assert await lineage(pool, "UNKNOWN-1") == Lineage(in_service=None, predecessors=())


async def test_a_serial_number_that_comes_back_starts_a_lineage_of_its_own(pool: asyncpg.Pool) -> None:
    await replace(pool, OLD, NEW)
    await replace(pool, NEW, OLD)
    assert await lineage(pool, OLD) == Lineage(in_service=OLD, predecessors=(NEW,))
