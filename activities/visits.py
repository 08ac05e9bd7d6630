"""Slots of visits: found in the calendars, held in PostgreSQL, where nobody else can have them (R10)."""

from datetime import datetime, timedelta

from temporalio import activity

from database.absences import Absences
from database.visit_needs import Availability
from database.visits import SlotGone, SlotTaken, VisitSlots
from domain.agenda import Span
from domain.business_time import both, business_calendar
from domain.effects import (
    AffectedVisit,
    EffectKey,
    SlotAnswer,
    SlotChoice,
    SlotOffer,
    SlotProposal,
    SlotRelease,
    SlotSearch,
    TechnicianAbsence,
)
from domain.slot_search import HORIZON, free_slots, why_not
from domain.slots import Slot

FURTHEST = HORIZON + timedelta(days=14)
"""How long after `not_before` what is taken can matter: slots are sought from the next business day on."""


class VisitActivities:
    """Finds, holds, books and frees the slots of a case."""

    def __init__(self, slots: VisitSlots, absences: Absences) -> None:
        self._slots = slots
        self._absences = absences

    @activity.defn
    async def offer_slots(self, search: SlotSearch) -> SlotOffer:
        """Hold up to `count` free slots until the hold has passed or the last of them begins; maybe none.

        Each has a technician with the skills, of the region; without one there are no slots.
        """
        provider, site = business_calendar(search.provider), business_calendar(search.site_calendar)
        both(site, provider)  # laid out now, before others wait for this search to end
        held_until = provider.add(search.now, search.hold)
        return await self._slots.offer(
            search, search.not_before + FURTHEST, lambda availability: _offer(search, availability, held_until)
        )

    @activity.defn
    async def choose_slot(self, choice: SlotChoice) -> SlotAnswer:
        """Make an offered slot the chosen one, and let the case's others for the same visit go."""
        try:
            return SlotAnswer(slot=await self._slots.choose(choice))
        except SlotGone as gone:
            return SlotAnswer(slot=None, refused_because=str(gone))

    @activity.defn
    async def propose_slot(self, proposal: SlotProposal) -> SlotAnswer:
        """Book the customer's own slot when site and provider are open, the room is free, and a technician can come."""
        objection = why_not(proposal)
        if objection is not None:
            return SlotAnswer(slot=None, refused_because=objection)
        try:
            return SlotAnswer(slot=await self._slots.book(proposal, _slot_id(proposal.key, 1)))
        except SlotTaken as taken:
            return SlotAnswer(slot=None, refused_because=str(taken))

    @activity.defn
    async def finish_visit(self, choice: SlotChoice) -> None:
        """The visit took place: its slot stays as a record, and holds nothing."""
        await self._slots.finish(choice.slot_id)

    @activity.defn
    async def release_slots(self, release: SlotRelease) -> None:
        """Free those slots of the case."""
        await self._slots.release(release.key.case, release.state, release.slot_ids)

    @activity.defn
    async def note_absence(self, absence: TechnicianAbsence) -> tuple[AffectedVisit, ...]:
        """The slot's technician is away for the rest of its day; answers with what else is to be planned anew."""
        return await self._absences.note(absence)


def _offer(search: SlotSearch, availability: Availability, held_until: datetime) -> SlotOffer:
    """The slots, each with its technician; none is held longer than until the last of them begins."""
    busy = [*availability.room_taken, *(Span(*avoided) for avoided in search.avoid)]
    spans = free_slots(
        search.provider,
        search.site_calendar,
        search.not_before,
        search.duration,
        busy,
        search.count,
        availability.crew,
    )
    technicians = availability.crew.share_out(spans)
    slots = tuple(
        Slot(slot_id=_slot_id(search.key, number), start=start, end=end, technician=technician, subject=search.subject)
        for number, ((start, end), technician) in enumerate(zip(spans, technicians, strict=True), start=1)
    )
    return SlotOffer(slots=slots, held_until=min([held_until, *(slot.start for slot in slots[-1:])]))


def _slot_id(key: EffectKey, number: int) -> str:
    """Short enough to be read out: `7K3Q9XTB-1.slots-2.3`, from reference, round, step and number."""
    return f"{key.case.removeprefix('CM-').replace('-', '')}-{key.round}.{key.step}.{number}"
