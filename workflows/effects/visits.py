"""Visits: slots held, booked, freed; technicians who are away (R10)."""

from temporalio import workflow

from workflows.effects.asking import Asking

with workflow.unsafe.imports_passed_through():
    from activities.visits import VisitActivities
    from domain.effects import (
        AffectedVisit,
        SlotAnswer,
        SlotChoice,
        SlotOffer,
        SlotProposal,
        SlotRelease,
        SlotSearch,
        TechnicianAbsence,
    )


class VisitEffects(Asking):
    """What is done for visits."""

    async def offer_slots(self, search: SlotSearch) -> SlotOffer:
        """Find and hold slots for the visit (R10)."""
        return await self._own(VisitActivities.offer_slots, search, f"Hold {search.count} slots at {search.site}")

    async def choose_slot(self, choice: SlotChoice) -> SlotAnswer:
        """Make an offered slot the chosen one."""
        return await self._own(VisitActivities.choose_slot, choice, f"Book slot {choice.slot_id}")

    async def propose_slot(self, proposal: SlotProposal) -> SlotAnswer:
        """Book the slot that the customer proposes, when it can be had."""
        return await self._own(VisitActivities.propose_slot, proposal, f"Try the customer's slot at {proposal.site}")

    async def finish_visit(self, choice: SlotChoice) -> None:
        """The visit took place."""
        await self._own(VisitActivities.finish_visit, choice, f"Slot {choice.slot_id} is over")

    async def release_slots(self, release: SlotRelease) -> None:
        """Let go of what the case holds."""
        await self._own(VisitActivities.release_slots, release, f"Free the slots held by {release.key.case}")

    async def note_absence(self, absence: TechnicianAbsence) -> tuple[AffectedVisit, ...]:
        """A technician is away for a day; the visits that are concerned (R10)."""
        return await self._own(VisitActivities.note_absence, absence, f"The technician of {absence.slot_id} is away")
