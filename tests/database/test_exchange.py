"""A standard exchange changes the registry (R7)."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from database.exchange import AlreadyInService, exchange
from database.registry import Registry

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
