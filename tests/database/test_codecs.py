"""What goes into PostgreSQL comes out again, or is refused; nothing that a user types breaks a write."""

import math
from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.codecs import storable_json, storable_text

anything = st.text(st.characters(exclude_categories=[]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)
patient = settings(
    deadline=None, max_examples=60, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@patient
@given(text=anything)
async def test_any_text_is_stored(shared_pool: asyncpg.Pool, text: str) -> None:
    assert await shared_pool.fetchval("select $1::text", text) == storable_text(text)


@patient
@given(value=json_values)
async def test_any_json_is_stored(shared_pool: asyncpg.Pool, value: object) -> None:
    stored = storable_json(value)  # type: ignore[arg-type]  # the strategy makes JSON values only
    assert await shared_pool.fetchval("select $1::jsonb", value) == stored


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_text_that_can_be_stored_is_left_alone(text: str) -> None:
    assert storable_text(text) == text


async def test_numbers_that_are_no_json_are_stored_as_text(shared_pool: asyncpg.Pool) -> None:
    assert await shared_pool.fetchval("select $1::jsonb", [math.inf, math.nan, 1.5]) == ["inf", "nan", 1.5]


@pytest.mark.parametrize("offset", [-11, 0, 2, 14])
async def test_an_instant_comes_back_as_the_same_instant(shared_pool: asyncpg.Pool, offset: int) -> None:
    instant = datetime(2026, 6, 11, 15, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=offset)))
    stored = await shared_pool.fetchval("select $1::timestamptz", instant)
    assert stored == instant
    assert stored.tzinfo is UTC


async def test_a_naive_instant_is_refused(shared_pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.DataError, match="names no time zone"):
        await shared_pool.fetchval("select $1::timestamptz", datetime(2026, 6, 11, 15, 0))  # noqa: DTZ001  # naive on purpose
