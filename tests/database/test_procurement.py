"""Requests and orders are noted once, and called off once (R6, R7)."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from database.procurement import Procurement
from domain.effects import EffectKey, ReplacementOrder, ReplacementRequest, Rerouting

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


async def test_a_request_is_noted_once_under_one_identifier(procurement: Procurement, pool: asyncpg.Pool) -> None:
    identifiers = await asyncio.gather(*[procurement.note_request(REQUEST) for _ in range(5)])
    assert set(identifiers) == {REQUEST_KEY.identifier}
    assert await pool.fetchval("select count(*) from vendor_requests") == 1


async def test_an_order_is_noted_once_under_one_identifier(procurement: Procurement, pool: asyncpg.Pool) -> None:
    identifiers = await asyncio.gather(*[procurement.note_order(order("CS-CODEC-PRO")) for _ in range(5)])
    assert set(identifiers) == {ORDER_KEY.identifier}
    assert await pool.fetchval("select count(*) from orders") == 1


async def test_an_order_says_whether_the_parts_are_our_own(procurement: Procurement, pool: asyncpg.Pool) -> None:
    await procurement.note_order(order("CS-CODEC-PRO").model_copy(update={"from_stock": True}))
    assert await pool.fetchval("select from_stock from orders")


async def test_an_order_is_called_off_once(procurement: Procurement) -> None:
    await procurement.note_order(order("CS-CODEC-PRO"))
    called_off = await asyncio.gather(*[procurement.call_off_order(ORDER_KEY, NOON) for _ in range(3)])
    assert sorted(called_off) == [False, False, True]


async def test_an_order_is_rerouted_until_it_is_called_off(procurement: Procurement, pool: asyncpg.Pool) -> None:
    rerouting = Rerouting(order=ORDER_KEY, now=NOON, site="BRU-LIL", due_at=NOON + timedelta(days=1))
    assert not await procurement.reroute_order(rerouting)
    await procurement.note_order(order("CS-CODEC-PRO"))
    assert await procurement.reroute_order(rerouting)
    row = await pool.fetchrow("select site, due_at, rerouted_at from orders")
    assert tuple(row) == ("BRU-LIL", NOON + timedelta(days=1), NOON)
    await procurement.call_off_order(ORDER_KEY, NOON)
    assert not await procurement.reroute_order(rerouting)


async def test_what_was_never_asked_for_cannot_be_called_off(procurement: Procurement) -> None:
    assert not await procurement.call_off_request(REQUEST_KEY, NOON)
    assert not await procurement.call_off_order(ORDER_KEY, NOON)


async def test_what_was_called_off_before_it_was_noted_is_never_noted(
    procurement: Procurement, pool: asyncpg.Pool
) -> None:
    await procurement.call_off_request(REQUEST_KEY, NOON)
    await procurement.call_off_order(ORDER_KEY, NOON)
    assert await procurement.note_request(REQUEST) is None
    assert await procurement.note_order(order("CS-CODEC-PRO")) is None
    assert await pool.fetch("select from vendor_requests") + await pool.fetch("select from orders") == []


async def test_a_request_is_called_off_once(procurement: Procurement) -> None:
    await procurement.note_request(REQUEST)
    assert await procurement.call_off_request(REQUEST_KEY, NOON)
    assert not await procurement.call_off_request(REQUEST_KEY, NOON)
