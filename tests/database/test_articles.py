"""Defective articles are matched to the equipment's configuration and the catalogue (R7)."""

from datetime import UTC, datetime

import asyncpg
import pytest
from temporalio.exceptions import ApplicationError

from activities.articles import ArticleActivities
from database.catalogue import Catalogue
from database.exchange import exchange
from domain.effects import ArticleQuestion
from domain.exchange import Verdict

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
ROOM_KIT_PRO = "FOC2735Y3TT"


@pytest.fixture
def activities(shared_pool: asyncpg.Pool) -> ArticleActivities:
    return ArticleActivities(Catalogue(shared_pool))


async def told(activities: ArticleActivities, *articles: str, serial: str = ROOM_KIT_PRO) -> list[tuple[str, Verdict]]:
    answer = await activities.match_articles(ArticleQuestion(serial_number=serial, articles=articles))
    return [(line.article, line.verdict) for line in answer.lines]


async def test_articles_are_told_apart_by_the_registry(activities: ArticleActivities) -> None:
    assert await told(activities, "cs-codec-pro", "FUS-5X20-T2A", "CTS-CAM-P60-K9", "CAB-PRES-2HDMI-GR", "FOO") == [
        ("CAB-PRES-2HDMI-GR", Verdict.EXCHANGED),
        ("CS-CODEC-PRO", Verdict.EXCHANGED),
        ("CTS-CAM-P60-K9", Verdict.UNSERVICEABLE),
        ("FOO", Verdict.UNKNOWN),
        ("FUS-5X20-T2A", Verdict.EXCLUDED),
    ]


async def test_no_article_named_is_the_whole_equipment(activities: ArticleActivities) -> None:
    assert await told(activities) == [("Cisco Webex Room Kit Pro", Verdict.EXCHANGED)]


async def test_after_an_exchange_the_configuration_is_that_of_what_took_its_place(
    pool: asyncpg.Pool,
) -> None:
    activities = ArticleActivities(Catalogue(pool))
    async with pool.acquire() as connection, connection.transaction():
        await exchange(connection, ROOM_KIT_PRO, "FOC3020NEW1", NOON)
    for serial in (ROOM_KIT_PRO, "FOC3020NEW1"):
        assert await told(activities, "CAB-PRES-2HDMI-GR", serial=serial) == [("CAB-PRES-2HDMI-GR", Verdict.EXCHANGED)]


async def test_equipment_that_the_registry_does_not_know_is_an_error_that_says_so(
    activities: ArticleActivities,
) -> None:
    with pytest.raises(ApplicationError, match="UNKNOWN-1 is not in the registry"):
        await told(activities, "CS-CODEC-PRO", serial="UNKNOWN-1")
