"""Parts of our own are reserved for one case, used by it, or given back (R6, R7)."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from activities.stock import StockActivities
from database.stock import Stock
from domain.effects import CallOff, EffectKey, Restock, StockAnswer, StockRequest
from domain.picking import Pick

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
TOUCH, CODEC, HDMI = "CS-TOUCH10-K9", "CS-CODEC-PRO", "CAB-HDMI-2M"


@pytest.fixture
def stock(pool: asyncpg.Pool) -> Stock:
    return Stock(pool)


@pytest.fixture
def activities(stock: Stock) -> StockActivities:
    return StockActivities(stock)


def request(*articles: str, site: str = "BRU-PAR", case: str = "CM-7K3Q-9XTB") -> StockRequest:
    key = EffectKey(case=case, round=1, step="stock")
    return StockRequest(key=key, now=NOON, site=site, articles=articles)


def call_off(of: StockRequest) -> CallOff:
    return CallOff(of=of.key, now=NOON)


async def free(stock: Stock, article: str) -> dict[str, int]:
    return {level.location: level.quantity for level in await stock.levels([article])}


async def reserved(pool: asyncpg.Pool) -> list[tuple[str, str, int, str]]:
    rows = await pool.fetch("select location, article, quantity, state from stock_reservations order by 1, 2")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("site", "location"),
    [
        ("BRU-PAR", "DEPOT-PARIS"),
        ("RHO-FEY", "DEPOT-LYON"),
        ("AUS-RUN", "DEPOT-SAINT-DENIS"),
        ("VIL-HDV", "DEPOT-PARIS"),
    ],
    ids=["Paris", "Feyzin", "La Réunion", "by region: the site has no coordinates"],
)
async def test_the_depot_nearest_to_the_site_gives(activities: StockActivities, site: str, location: str) -> None:
    assert await activities.reserve_stock(request(TOUCH, site=site)) == StockAnswer(locations=(location,))


async def test_a_depot_that_has_all_of_it_comes_before_a_nearer_one_that_has_not(
    activities: StockActivities, stock: Stock
) -> None:
    answer = await activities.reserve_stock(request(TOUCH, TOUCH, TOUCH, site="RHO-FEY"))
    assert answer.locations == ("DEPOT-PARIS",)
    assert await free(stock, TOUCH) == {"DEPOT-PARIS": 3, "DEPOT-LYON": 2, "DEPOT-SAINT-DENIS": 1}


async def test_an_article_is_split_only_when_no_depot_has_all_of_it(activities: StockActivities, stock: Stock) -> None:
    answer = await activities.reserve_stock(request(*[TOUCH] * 8, site="RHO-FEY"))
    assert answer.locations == ("DEPOT-LYON", "DEPOT-PARIS")
    assert await free(stock, TOUCH) == {"DEPOT-SAINT-DENIS": 1}


async def test_nothing_is_reserved_when_one_article_is_missing(
    activities: StockActivities, pool: asyncpg.Pool, stock: Stock
) -> None:
    answer = await activities.reserve_stock(request(TOUCH, CODEC, CODEC, CODEC, "CS-BRD55S-K9", "NOTHING"))
    assert answer == StockAnswer(missing=("CS-BRD55S-K9", CODEC, "NOTHING"))
    assert await reserved(pool) == []
    assert await free(stock, CODEC) == {"DEPOT-PARIS": 2}


async def test_a_reservation_happens_once(activities: StockActivities, stock: Stock) -> None:
    answers = await asyncio.gather(*[activities.reserve_stock(request(CODEC)) for _ in range(5)])
    assert answers == [StockAnswer(locations=("DEPOT-PARIS",))] * 5
    assert await free(stock, CODEC) == {"DEPOT-PARIS": 1}


async def test_what_is_reserved_is_given_back_once(activities: StockActivities, pool: asyncpg.Pool) -> None:
    wish = request(TOUCH, TOUCH, CODEC)
    before = await Stock(pool).levels([TOUCH, CODEC])
    await activities.reserve_stock(wish)
    await asyncio.gather(*[activities.give_stock_back(call_off(wish)) for _ in range(4)])
    assert await Stock(pool).levels([TOUCH, CODEC]) == before
    assert {state for *_, state in await reserved(pool)} == {"given_back"}


async def test_what_has_left_the_house_is_not_given_back(
    activities: StockActivities, stock: Stock, pool: asyncpg.Pool
) -> None:
    wish = request(CODEC)
    await activities.reserve_stock(wish)
    await activities.use_stock(call_off(wish))
    await activities.give_stock_back(call_off(wish))
    assert await reserved(pool) == [("DEPOT-PARIS", CODEC, 1, "used")]
    assert await free(stock, CODEC) == {"DEPOT-PARIS": 1}


async def test_what_was_never_reserved_changes_nothing_when_it_is_given_back(
    activities: StockActivities, pool: asyncpg.Pool
) -> None:
    await activities.give_stock_back(call_off(request(CODEC)))
    await activities.use_stock(call_off(request(CODEC)))
    assert await reserved(pool) == []


async def test_of_many_cases_that_want_the_last_pieces_as_many_get_them_as_there_are(
    activities: StockActivities, stock: Stock, pool: asyncpg.Pool
) -> None:
    """The articles come in another order each time: without one order for all, two would deadlock now and then."""
    wishes = [
        request(*((TOUCH, CODEC) if number % 2 else (CODEC, TOUCH)), case=f"CM-0000-{number:04}")
        for number in range(20)
    ]
    answers = await asyncio.gather(*[activities.reserve_stock(wish) for wish in wishes])
    assert len([answer for answer in answers if answer.locations]) == 2
    assert await free(stock, CODEC) == {}
    await asyncio.gather(*[activities.give_stock_back(call_off(wish)) for wish in wishes])
    assert await free(stock, CODEC) == {"DEPOT-PARIS": 2}
    assert {state for *_, state in await reserved(pool)} == {"given_back"}


async def test_stock_is_told_by_article_the_fullest_depot_first(stock: Stock) -> None:
    assert await stock.levels([TOUCH, "CS-BRD55S-K9", "NOTHING"]) == [
        Pick("DEPOT-PARIS", TOUCH, 6),
        Pick("DEPOT-LYON", TOUCH, 2),
        Pick("DEPOT-SAINT-DENIS", TOUCH, 1),
    ]


async def test_what_was_used_and_comes_back_unused_is_free_again_once_and_no_more_than_was_taken(
    activities: StockActivities, stock: Stock, pool: asyncpg.Pool
) -> None:
    asked = request(TOUCH, TOUCH, TOUCH)
    before = await free(stock, TOUCH)
    await activities.reserve_stock(asked)
    await activities.use_stock(call_off(asked))
    back = Restock(key=EffectKey(case="CM-7K3Q-9XTB", round=1, step="return"), now=NOON, articles=(TOUCH, TOUCH))
    for _ in range(2):
        await activities.restock(back)
    assert await free(stock, TOUCH) == {**before, "DEPOT-PARIS": before["DEPOT-PARIS"] - 1}
    assert await reserved(pool) == [("DEPOT-PARIS", TOUCH, 1, "used")]
    more = back.model_copy(update={"key": back.key.model_copy(update={"step": "again"}), "articles": (TOUCH,) * 5})
    await activities.restock(more)
    assert await free(stock, TOUCH) == before
    assert await reserved(pool) == [("DEPOT-PARIS", TOUCH, 1, "given_back")]
