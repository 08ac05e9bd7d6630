"""Requests and orders are noted once; parts of our own leave the stock with the order (R6, R7)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import pytest

from database.procurement import Procurement
from database.stock import OutOfStock, stock_levels
from domain.effects import EffectKey, ReplacementOrder, ReplacementRequest

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
REQUEST_KEY = EffectKey(case="CM-7K3Q-9XTB", round=1, step="vendor-request")
ORDER_KEY = EffectKey(case="CM-7K3Q-9XTB", round=1, step="order")
REQUEST = ReplacementRequest(
    key=REQUEST_KEY,
    now=NOON,
    vendor="CISCO",
    vendor_name="Cisco",
    vendor_email="rma@cisco-support.example",
    serial_number="FOC2735Y3TT",
    equipment_type="Cisco Webex Room Kit Pro",
    defective_articles=("CS-CODEC-PRO",),
    findings="No boot after a power cycle",
)


@pytest.fixture
def procurement(pool: asyncpg.Pool) -> Procurement:
    return Procurement(pool)


def order(*articles: str) -> ReplacementOrder:
    return ReplacementOrder(
        key=ORDER_KEY, now=NOON, vendor="CISCO", rma_number="RMA-1", site="BRU-PAR", articles=articles, due_at=NOON
    )


async def in_stock(pool: asyncpg.Pool, article: str) -> Sequence[int]:
    return [level.quantity for level in await stock_levels(pool, [article])]


async def test_a_request_is_noted_once_under_one_identifier(procurement: Procurement, pool: asyncpg.Pool) -> None:
    identifiers = await asyncio.gather(*[procurement.note_request(REQUEST) for _ in range(5)])
    assert set(identifiers) == {REQUEST_KEY.identifier}
    assert await pool.fetchval("select count(*) from vendor_requests") == 1


async def test_an_order_is_noted_once_under_one_identifier(procurement: Procurement, pool: asyncpg.Pool) -> None:
    identifiers = await asyncio.gather(*[procurement.note_order(order("CS-CODEC-PRO")) for _ in range(5)])
    assert set(identifiers) == {ORDER_KEY.identifier}
    assert await pool.fetchval("select count(*) from orders") == 1
    assert await in_stock(pool, "CS-CODEC-PRO") == [2]


async def test_parts_of_our_own_leave_the_stock_with_the_order_once(
    procurement: Procurement, pool: asyncpg.Pool
) -> None:
    parts = order("CTS-MIC-TABL60", "CS-CODEC-PRO", "CTS-MIC-TABL60")
    await asyncio.gather(*[procurement.note_order(parts, stock_location="DEPOT-PARIS") for _ in range(5)])
    assert await in_stock(pool, "CTS-MIC-TABL60") == [6]
    assert await in_stock(pool, "CS-CODEC-PRO") == [1]


async def test_nothing_is_taken_or_noted_when_a_part_is_out_of_stock(
    procurement: Procurement, pool: asyncpg.Pool
) -> None:
    with pytest.raises(OutOfStock, match="DEPOT-PARIS has not got 2 of article CS-CODEC-PLUS"):
        await procurement.note_order(
            order("CS-CODEC-PLUS", "CS-CODEC-PLUS", "CS-CODEC-PRO"), stock_location="DEPOT-PARIS"
        )
    assert await in_stock(pool, "CS-CODEC-PRO") == [2]
    assert await pool.fetchval("select count(*) from orders") == 0


async def test_a_called_off_order_puts_parts_of_our_own_back_once(procurement: Procurement, pool: asyncpg.Pool) -> None:
    await procurement.note_order(order("CS-CODEC-PRO"), stock_location="DEPOT-PARIS")
    assert await asyncio.gather(*[procurement.call_off_order(ORDER_KEY, NOON) for _ in range(3)]) == [
        True,
        False,
        False,
    ]
    assert await in_stock(pool, "CS-CODEC-PRO") == [2]


async def test_what_was_never_asked_for_cannot_be_called_off(procurement: Procurement) -> None:
    assert not await procurement.call_off_request(REQUEST_KEY, NOON)
    assert not await procurement.call_off_order(ORDER_KEY, NOON)


async def test_a_request_is_called_off_once(procurement: Procurement) -> None:
    await procurement.note_request(REQUEST)
    assert await procurement.call_off_request(REQUEST_KEY, NOON)
    assert not await procurement.call_off_request(REQUEST_KEY, NOON)


async def test_stock_is_told_by_article_the_fullest_location_first(pool: asyncpg.Pool) -> None:
    levels = await stock_levels(pool, ["CS-TOUCH10-K9", "CS-BRD55S-K9", "NOTHING"])
    assert [(level.article, level.location, level.quantity) for level in levels] == [
        ("CS-TOUCH10-K9", "DEPOT-PARIS", 6),
        ("CS-TOUCH10-K9", "DEPOT-LYON", 2),
        ("CS-TOUCH10-K9", "DEPOT-SAINT-DENIS", 1),
    ]
