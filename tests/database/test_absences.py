"""A technician is ill this morning: all of that technician's visits of the day are planned anew (R10)."""

from datetime import timedelta

import asyncpg
import pytest

from activities.visits import VisitActivities
from database.absences import Absences
from database.cases import CaseStore
from database.visits import VisitSlots
from domain.effects import AffectedVisit, SlotProposal, TechnicianAbsence
from tests.database.case_writes import write
from tests.database.test_visits import CASE, MONDAY, OTHER_CASE, TUESDAY, chosen, key, proposal, search, told

THIRD_CASE = "CM-0000-0002"
ILL_AT_SIX = TUESDAY - timedelta(hours=2)


@pytest.fixture
async def visits(pool: asyncpg.Pool) -> VisitActivities:
    """The technicians' visits; the only one in Paris is T-ADAM."""
    await pool.execute("delete from technicians where code = 'T-BENALI'")
    for reference in (CASE, OTHER_CASE, THIRD_CASE):
        await CaseStore(pool).record(write(reference=reference, workflow_id=f"curative-{reference}"))
    return VisitActivities(VisitSlots(pool), Absences(pool))


def absence(slot_id: str, now: object = ILL_AT_SIX, step: str = "absence") -> TechnicianAbsence:
    return TechnicianAbsence.model_validate({"key": key(step=step), "now": now, "slot_id": slot_id, "reason": "ill"})


def of(case: str, hours: float) -> SlotProposal:
    return proposal(key(case, f"proposal.{hours}"), hours, room=None)


async def test_the_technicians_other_visits_of_that_day_are_told_with_their_cases(visits: VisitActivities) -> None:
    mine = chosen(await visits.propose_slot(proposal()))
    later = chosen(await visits.propose_slot(of(OTHER_CASE, 4)))
    (offered,) = (await visits.offer_slots(search(key(THIRD_CASE), room=None, count=1))).slots
    chosen(await visits.propose_slot(of("CM-0000-0003", 24)))
    expected = (
        AffectedVisit(workflow_id=f"curative-{THIRD_CASE}", slot_id=offered.slot_id),
        AffectedVisit(workflow_id=f"curative-{OTHER_CASE}", slot_id=later.slot_id),
    )
    for _ in range(2):
        assert await visits.note_absence(absence(mine.slot_id)) == expected


async def test_a_case_that_has_several_slots_that_day_is_told_once(visits: VisitActivities) -> None:
    mine = chosen(await visits.propose_slot(proposal()))
    slots = (await visits.offer_slots(search(key(THIRD_CASE), room=None))).slots
    assert sum(slot.technician == "T-ADAM" and slot.start.date() == TUESDAY.date() for slot in slots) == 2
    expected = (AffectedVisit(workflow_id=f"curative-{THIRD_CASE}", slot_id=slots[0].slot_id),)
    assert await visits.note_absence(absence(mine.slot_id)) == expected


async def test_a_repeat_answers_as_the_first_time_whatever_was_planned_since(visits: VisitActivities) -> None:
    mine = chosen(await visits.propose_slot(proposal()))
    assert await visits.note_absence(absence(mine.slot_id)) == ()
    (elsewhere,) = (await visits.offer_slots(search(key(OTHER_CASE), region=None, room=None, count=1))).slots
    assert elsewhere.technician != "T-ADAM"
    assert await visits.note_absence(absence(mine.slot_id)) == ()


async def test_what_is_over_by_then_is_not_affected(visits: VisitActivities) -> None:
    early = chosen(await visits.propose_slot(of(OTHER_CASE, -2)))
    mine = chosen(await visits.propose_slot(proposal()))
    assert await visits.note_absence(absence(mine.slot_id, early.end)) == ()
    assert await visits.note_absence(absence(mine.slot_id, early.start, "again")) != ()


async def test_who_is_away_is_not_offered_for_the_rest_of_the_day(visits: VisitActivities) -> None:
    mine = chosen(await visits.propose_slot(proposal()))
    await visits.note_absence(absence(mine.slot_id))
    answer = await visits.propose_slot(of(OTHER_CASE, 4))
    assert answer.refused_because == "no technician who can do it is free then"
    offer = await visits.offer_slots(search(key(OTHER_CASE), room=None, count=1))
    assert told(offer) == [("Wed 08:00", "T-ADAM")]


async def test_a_slot_without_technician_or_of_a_day_gone_by_notes_nothing(
    visits: VisitActivities, pool: asyncpg.Pool
) -> None:
    mine = chosen(await visits.propose_slot(proposal()))
    assert await visits.note_absence(absence("unknown")) == ()
    assert await visits.note_absence(absence(mine.slot_id, MONDAY + timedelta(days=2), "late")) == ()
    assert await pool.fetchval("select count(*) from technician_absences") == 0
