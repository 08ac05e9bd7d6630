"""A correction of the site: the equipment stands elsewhere, under the same contract."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from activities.relocation import RelocationActivities
from database.procurement import Procurement
from database.registry import Registry
from database.relocation import Sites
from domain.effects import EffectKey, Relocation

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
SERIAL, CONTRACT = "FOC2735Y3TT", "CTR-2024-0112"


@pytest.fixture
def activities(pool: asyncpg.Pool) -> RelocationActivities:
    return RelocationActivities(Sites(pool), Procurement(pool))


def wish(site: str, attempt: int = 1, *, serial_number: str = SERIAL, contract: str = CONTRACT) -> Relocation:
    key = EffectKey(case="CM-7K3Q-9XTB", round=1, step=f"relocation.{attempt}")
    return Relocation(key=key, now=NOON, serial_number=serial_number, site=site, contract=contract)


async def place(pool: asyncpg.Pool) -> tuple[str, str | None]:
    record = await Registry(pool).find(SERIAL, date(2026, 6, 8))
    assert record is not None
    return record.site.code, record.equipment.room


async def test_the_equipment_moves_with_what_decides_promises_and_visits_there(
    activities: RelocationActivities, pool: asyncpg.Pool
) -> None:
    for _ in range(2):
        answer = await activities.relocate(wish("BRU-RUN"))
        assert (answer.site, answer.site_name) == ("BRU-RUN", "Brunel – agence océan Indien")
        assert (answer.region, answer.transit_days) == ("la_reunion", 3)
        assert answer.calendar is not None
        assert answer.calendar.tz == "Indian/Reunion"
    assert await place(pool) == ("BRU-RUN", None)


async def test_at_the_site_where_it_stands_already_it_keeps_its_room(
    activities: RelocationActivities, pool: asyncpg.Pool
) -> None:
    assert (await activities.relocate(wish("BRU-PAR"))).transit_days == 0
    assert await place(pool) == ("BRU-PAR", "BRU-PAR-CONSEIL")


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (wish("NOWHERE"), "there is no site NOWHERE"),
        (wish("ALS-STR"), "site ALS-STR is ALSAVIE's, and the equipment is BRUNEL's"),
        (wish("BRU-RUN", contract="CTR-2024-0127"), "names no transit days for delivery zone la_reunion"),
        (wish("BRU-RUN", contract=""), "names no transit days"),
        (wish("BRU-RUN", serial_number="UNKNOWN-1"), "UNKNOWN-1 is no equipment in service"),
    ],
    ids=["unknown", "another customer's", "a zone without transit days", "no contract", "unknown equipment"],
)
async def test_what_cannot_be_is_refused_with_the_reason(
    activities: RelocationActivities, pool: asyncpg.Pool, refused: Relocation, reason: str
) -> None:
    answer = await activities.relocate(refused)
    assert answer.site is None
    assert reason in (answer.refused_because or "")
    assert await place(pool) == ("BRU-PAR", "BRU-PAR-CONSEIL")


async def test_equipment_may_be_moved_again(activities: RelocationActivities, pool: asyncpg.Pool) -> None:
    await activities.relocate(wish("BRU-RUN"))
    await activities.relocate(wish("BRU-LIL", attempt=2))
    assert await place(pool) == ("BRU-LIL", None)
