"""`curative loan list` and `put-back`: the pool of loan units, and the way back into service (R8)."""

from datetime import UTC, datetime

import asyncpg
import pytest

from tests.starter.conftest import Curative
from tests.starter.test_json_shapes import SHAPES, assert_has_shape, printed

UNIT, ELSEWHERE = "FOC2811NH3P", "8L2401A99F31DV"
BY = ("--actor", "coordinator:Noor")


@pytest.fixture
async def out_of_order(pool: asyncpg.Pool) -> str:
    """A unit that came back broken."""
    mark = "update loan_units set out_of_order_at = $2, out_of_order_because = 'no picture' where serial_number = $1"
    await pool.execute(mark, UNIT, datetime(2026, 6, 8, 12, tzinfo=UTC))
    return UNIT


async def test_what_is_not_in_service_is_listed_with_the_reason(curative: Curative, out_of_order: str) -> None:
    listed = await curative("loan", "list", "--not-in-service")
    assert listed.exit_code == 0, listed.stderr
    assert out_of_order in listed.stdout
    assert "no picture" in listed.stdout
    assert ELSEWHERE not in listed.stdout
    assert ELSEWHERE in (await curative("loan", "list")).stdout


async def test_a_unit_is_put_back_once(curative: Curative, out_of_order: str) -> None:
    done = await curative("loan", "put-back", f" {out_of_order.lower()} ", "repaired: new power supply", *BY)
    assert (done.exit_code, done.stdout) == (0, f"{out_of_order}  was out of order, is free\n"), done.stderr
    again = await curative("loan", "put-back", out_of_order, "repaired", *BY)
    assert (again.exit_code, again.stderr.count("\n")) == (3, 1)
    assert f"{out_of_order} is neither lost nor out of order: it is free" in again.stderr


async def test_the_json_has_the_shape_that_the_manual_shows(curative: Curative, out_of_order: str) -> None:
    assert_has_shape(await printed(curative, "loan", "list"), SHAPES["loan_list"], "loan list")
    put_back = await printed(curative, "loan", "put-back", out_of_order, "repaired", *BY)
    assert_has_shape(put_back, SHAPES["loan_put_back"], "loan put-back")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("FOC0000XXXX", "repaired", *BY), 4, "FOC0000XXXX is no unit of the loan pool"),
        (("not a number", "repaired", *BY), 2, "'not a number' is not a serial number"),
        ((UNIT, "  ", *BY), 2, "The reason says nothing"),
        ((UNIT, "repaired", "--actor", "Noor"), 2, "--actor: write it as role:name"),
        ((UNIT, "repaired"), 2, "--actor"),
    ],
    ids=["unknown", "no serial number", "no reason", "no role", "nobody"],
)
async def test_wrong_input_is_one_line_and_changes_nothing(
    curative: Curative, pool: asyncpg.Pool, out_of_order: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = await curative("loan", "put-back", *arguments)
    assert (result.exit_code, said in result.stderr, result.stderr.count("\n")) == (code, True, 1), result.stderr
    assert await pool.fetchval("select count(*) from loan_units where not is_lendable") == 1


async def test_without_the_engine_nothing_is_put_back(
    curative: Curative, pool: asyncpg.Pool, out_of_order: str
) -> None:
    """Whoever waits for the unit could not be told that they have it."""
    result = await curative("loan", "put-back", out_of_order, "repaired", *BY, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (result.exit_code, result.stderr.count("\n")) == (5, 1), result.stderr
    assert await pool.fetchval("select count(*) from loan_units where not is_lendable") == 1
