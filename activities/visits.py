"""Slots of visits: found in the calendars, held in PostgreSQL, where nobody else can have them (R10)."""

from datetime import timedelta

from temporalio import activity

from database.visits import Place, SlotGone, SlotTaken, VisitSlots
from domain.business_time import business_calendar
from domain.effects import EffectKey, SlotAnswer, SlotChoice, SlotOffer, SlotProposal, SlotRelease, SlotSearch
from domain.slot_search import HORIZON, free_slots, why_not
from domain.slots import Slot, SlotState

ATTEMPTS = 5
"""How often an offer is put together anew because somebody else took one of its slots meanwhile."""


class VisitActivities:
    """Finds, holds, books and frees the slots of a case."""

    def __init__(self, slots: VisitSlots) -> None:
        self._slots = slots

    @activity.defn
    async def offer_slots(self, search: SlotSearch) -> SlotOffer:
        """Hold up to `count` free slots until the hold has passed or the last of them begins; maybe none.

        Raises SlotTaken when others were faster too often; the next attempt looks again.
        """
        place = Place(search.site, search.room)
        held_until = business_calendar(search.provider).add(search.now, search.hold)
        for attempt in range(1, ATTEMPTS + 1):
            slots = await self._free(search)
            offer = SlotOffer(slots=slots, held_until=min([held_until, *(slot.start for slot in slots[-1:])]))
            try:
                return await self._slots.hold(search.key, offer, place, search.now)
            except SlotTaken:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _free(self, search: SlotSearch) -> tuple[Slot, ...]:
        until = search.not_before + HORIZON + timedelta(days=14)
        booked = await self._slots.busy(search.not_before, until, room=search.room) if search.room else []
        busy = [*booked, *search.avoid]
        spans = free_slots(
            search.provider, search.site_calendar, search.not_before, search.duration, busy, search.count
        )
        return tuple(
            Slot(slot_id=_slot_id(search.key, number), start=start, end=end)
            for number, (start, end) in enumerate(spans, start=1)
        )

    @activity.defn
    async def choose_slot(self, choice: SlotChoice) -> SlotAnswer:
        """Make an offered slot the chosen one, and let the case's others go."""
        try:
            return SlotAnswer(slot=await self._slots.choose(choice.key.case, choice.slot_id))
        except SlotGone as gone:
            return SlotAnswer(slot=None, refused_because=str(gone))

    @activity.defn
    async def propose_slot(self, proposal: SlotProposal) -> SlotAnswer:
        """Book the customer's own slot when site and provider are open and the room is free."""
        objection = why_not(proposal)
        if objection is not None:
            return SlotAnswer(slot=None, refused_because=objection)
        slot = Slot(slot_id=_slot_id(proposal.key, 1), start=proposal.start, end=proposal.end, state=SlotState.CHOSEN)
        try:
            booked = await self._slots.book(proposal.key, slot, Place(proposal.site, proposal.room), proposal.now)
        except SlotTaken as taken:
            return SlotAnswer(slot=None, refused_because=str(taken))
        return SlotAnswer(slot=booked)

    @activity.defn
    async def finish_visit(self, choice: SlotChoice) -> None:
        """The visit took place: its slot stays as a record, and holds nothing."""
        await self._slots.finish(choice.slot_id)

    @activity.defn
    async def release_slots(self, release: SlotRelease) -> None:
        """Free what the case held."""
        await self._slots.release(release.key.case, release.key.round, release.state, release.slot_ids)


def _slot_id(key: EffectKey, number: int) -> str:
    """Short enough to be read out: `7K3Q9XTB-1.slots-2.3`, from reference, round, step and number."""
    return f"{key.case.removeprefix('CM-').replace('-', '')}-{key.round}.{key.step}.{number}"
