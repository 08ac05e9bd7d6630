"""Visits that were agreed, with everything that people want to know of them."""

from datetime import date

import asyncpg

from database.visit_records import VisitFilter, VisitRecords
from domain.slots import SlotState
from tests.database.visit_rows import CASE, OTHER_CASE, after, slots


async def found(pool: asyncpg.Pool, **fields: object) -> list[str]:
    return [visit.slot_id for visit in await VisitRecords(pool).list(VisitFilter.model_validate(fields))]


async def test_a_visit_says_where_with_whom_and_in_which_time_zone(pool: asyncpg.Pool) -> None:
    await slots(pool, "a", technician="T-ADAM", state="chosen")
    (visit,) = await VisitRecords(pool).list(VisitFilter())
    assert (visit.slot_id, visit.case_reference, visit.state) == ("a", CASE, SlotState.CHOSEN)
    assert (visit.starts_at, visit.ends_at, visit.time_zone) == (after(0), after(2), "Europe/Paris")
    assert (visit.site_name, visit.room_name) == ("Brunel – siège", "Salle Eiffel, 4e étage")
    assert (visit.technician_name, visit.technician_email) == ("Claire Adam", "c.adam@provider.example")
    assert visit.serial_number is None


async def test_only_visits_that_were_chosen_are_found_those_that_took_place_too(pool: asyncpg.Pool) -> None:
    for number, state in enumerate(SlotState):
        await slots(pool, state, state=state, at=after(10 * number))
    assert await found(pool) == ["chosen", "done"]


async def test_visits_are_found_by_technician_site_case_and_day(pool: asyncpg.Pool) -> None:
    await slots(pool, "a", technician="T-ADAM", state="chosen")
    await slots(pool, "b", case=OTHER_CASE, room="BRU-PAR-402", technician="T-BENALI", state="chosen")
    assert await found(pool, technician="T-BENALI") == ["b"]
    assert await found(pool, case=CASE) == ["a"]
    assert await found(pool, site="BRU-PAR") == ["a", "b"]
    assert await found(pool, site="BRU-LIL") == []
    tuesday, wednesday, monday = date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 8)
    assert await found(pool, since=tuesday, until=tuesday) == ["a", "b"]
    assert await found(pool, since=wednesday) == await found(pool, until=monday) == []


async def test_a_day_is_the_sites_own(pool: asyncpg.Pool) -> None:
    """At half past eight in the evening in London, Tuesday has begun in Saint-Denis."""
    await slots(pool, "a", state="chosen")
    await pool.execute(
        "update visit_slots set site = 'BRU-RUN', room = null, "
        "starts_at = '2026-06-08 20:30Z', ends_at = '2026-06-08 22:00Z'"
    )
    assert await found(pool, since=date(2026, 6, 9), until=date(2026, 6, 9)) == ["a"]
    assert await found(pool, until=date(2026, 6, 8)) == []
