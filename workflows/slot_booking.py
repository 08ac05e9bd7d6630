"""Slots: found, held while they are offered, and booked (R10)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.outbox import tells_of_every_moment
from workflows.reminders import remind_later

with workflow.unsafe.imports_passed_through():
    from domain import notices, progress_notices
    from domain.case import Party
    from domain.effects import SlotAnswer, SlotChoice, SlotOffer, SlotProposal, SlotSearch
    from domain.messages import SiteScheduling
    from domain.promises import PromiseName
    from domain.slots import Slot, SlotState, Subject
    from domain.visit_plan import VisitPlan


SLOTS_KEPT = 60
"""How many slots that are over a case remembers; the database has them all."""


def held_slots(run: CaseExecution, subject: Subject) -> list[Slot]:
    """What is offered or chosen for that visit."""
    return [slot for slot in run.case.slots if slot.subject == subject and slot.is_held]


async def offer_slots(run: CaseExecution, plan: VisitPlan) -> None:
    """Hold free slots and hand the ball to the customer; without a free one, it stays with us."""
    offer = await run.effects.offer_slots(_search(run, plan))
    over = [slot for slot in run.case.slots if not slot.is_held][-SLOTS_KEPT:]
    run.case.slots = [*(slot for slot in run.case.slots if slot.is_held or slot in over), *offer.slots]
    plan.seeks = False
    plan.held_until = offer.held_until
    if not offer.slots:
        await _none_is_free(run, plan)
        return
    shown = ", ".join(f"{slot.slot_id} {slot.start:%a %Y-%m-%d %H:%M%z}" for slot in offer.slots)
    run.note(f"slots offered and held until {offer.held_until:%Y-%m-%d %H:%M%z}: {shown}", kind="slots")
    plan.found_none = 0
    plan.reminder = plan.reminder or await remind_later(run, None, "the offered slots")
    _hand_over(run, plan, offer)


def _hand_over(run: CaseExecution, plan: VisitPlan, offer: SlotOffer) -> None:
    delivered_at = _just_delivered(run, plan)
    words = notices.slots_offered(run.about_visit(plan.subject), offer.slots, offer.held_until, delivered_at)
    run.tell("customer", words)
    if plan.subject == "replacement":
        until = f"{offer.held_until:%a %Y-%m-%d %H:%M%z}"
        run.hand_over(Party.CUSTOMER, "coordinator", f"Have the customer choose a slot before {until}")
        run.promises.pause(PromiseName.VISIT_PLANNING, workflow.now(), "customer", "offered slots await an answer")


async def _none_is_free(run: CaseExecution, plan: VisitPlan) -> None:
    """Slots are sought again, ever more seldom; a person may agree one meanwhile."""
    gaps = run.coverage.terms.reminders
    gap = gaps[min(plan.found_none, len(gaps) - 1)] if gaps else run.coverage.terms.slot_hold
    plan.found_none += 1
    if plan.found_none == 1 and tells_of_every_moment():
        _tell_that_none_is_free(run, plan)
    plan.reminder = None  # there is nothing that the customer could choose
    plan.held_until = await run.after(gap, "When are slots sought again?")
    run.note("no slot is free", kind="slots")
    if plan.subject == "replacement":
        next_action = "No slot is free: agree one with the customer (site_scheduling propose)"
        run.hand_over(Party.SUPPORT, "coordinator", next_action)


def _just_delivered(run: CaseExecution, plan: VisitPlan) -> datetime | None:
    """When the parts were delivered, as long as the customer has heard nothing of the visit yet."""
    delivered_at = run.case.round.delivered_at
    is_first = plan.unanswered == 0 and plan.replanned == 0 and plan.reminder is not None and plan.reminder.sent == 0
    return delivered_at if plan.subject == "replacement" and is_first else None


def _tell_that_none_is_free(run: CaseExecution, plan: VisitPlan) -> None:
    """The coordinator is to agree a visit by telephone; the customer hears that the parts are there."""
    about = run.about_visit(plan.subject)
    run.tell("coordinator", notices.no_slot_free(about))
    if plan.subject == "replacement" and run.case.round.delivered_at is not None:
        run.tell("customer", progress_notices.replacement_delivered(about, run.case.round.delivered_at))


def _search(run: CaseExecution, plan: VisitPlan) -> SlotSearch:
    terms, now = run.coverage.terms, workflow.now()
    declined = [slot for slot in run.case.slots if slot.subject == plan.subject and slot.state is SlotState.DECLINED]
    return SlotSearch(
        key=run.next_key("slots" if plan.subject == "replacement" else "loan-slots"),
        now=now,
        not_before=now,
        site=run.equipment.site,
        room=run.equipment.room,
        provider=run.coverage.provider,
        site_calendar=run.coverage.site,
        duration=terms.visit_duration,
        count=terms.slots_offered,
        hold=terms.slot_hold,
        avoid=tuple((slot.start, slot.end) for slot in declined),
        skills=run.equipment.skills,
        region=run.equipment.region,
        subject=plan.subject,
    )


async def book(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> bool:
    """Book the chosen or proposed slot and let the others go; False, and why in the journal, when it cannot be had."""
    answer = await (_choose(run, plan, word) if word.action == "choose" else _propose(run, plan, word))
    if answer.slot is None:
        run.note(f"the slot cannot be had: {answer.refused_because}", kind="slots")
        return False
    booked = answer.slot
    if booked.slot_id not in {slot.slot_id for slot in run.case.slots}:
        run.case.slots.append(booked)
    for slot in held_slots(run, plan.subject):
        slot.state = SlotState.CHOSEN if slot.slot_id == booked.slot_id else SlotState.DECLINED
    return True


async def _choose(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> SlotAnswer:
    assert word.slot_id is not None
    return await run.effects.choose_slot(
        SlotChoice(
            key=run.key(f"choose-{word.slot_id}"),
            now=workflow.now(),
            slot_id=word.slot_id,
            calendar_uid=plan.calendar_uid,
            calendar_sequence=plan.invitations,
        )
    )


async def _propose(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> SlotAnswer:
    assert word.start is not None
    assert word.end is not None
    return await run.effects.propose_slot(
        SlotProposal(
            key=run.next_key("proposal" if plan.subject == "replacement" else "loan-proposal"),
            now=workflow.now(),
            site=run.equipment.site,
            room=run.equipment.room,
            provider=run.coverage.provider,
            site_calendar=run.coverage.site,
            start=word.start,
            end=word.end,
            calendar_uid=plan.calendar_uid,
            calendar_sequence=plan.invitations,
            duration=run.coverage.terms.visit_duration,
            skills=run.equipment.skills,
            region=run.equipment.region,
            subject=plan.subject,
        )
    )
