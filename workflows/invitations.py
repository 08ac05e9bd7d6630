"""Invitations to visits: one event a visit in everybody's calendar, which moves and goes with it (R10)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.bilingual import Both
    from domain.effects import Invitation
    from domain.notices import VisitTask
    from domain.slots import Slot
    from domain.visit_plan import VisitPlan
    from domain.visits import visit_uid
    from domain.words import Words


def tell_it_is_agreed(run: CaseExecution, plan: VisitPlan, slot: Slot) -> None:
    """The customer has their appointment, the technician their order; both have it in their calendars."""
    invitation = invite(plan, slot)
    run.tell("customer", notices.visit_agreed(run.about_visit(plan.subject), slot), invitation=invitation)
    _order(run, slot, invitation)


def tell_it_moved(run: CaseExecution, plan: VisitPlan, before: Slot, after: Slot, why: str | Both) -> None:
    """To the customer, and to whoever was to come, and is to come now."""
    invitation = invite(plan, after)
    words = notices.visit_replanned(run.about_visit(plan.subject), before, after, why)
    run.tell("customer", words, invitation=invitation)
    if before.technician == after.technician:
        _tell_the_technician(run, after, words, invitation)
        return
    _tell_the_technician(run, before, _called_off(run, before, why), _cancelled(invitation, before))
    _order(run, after, invitation)


def tell_it_is_off(run: CaseExecution, plan: VisitPlan, slot: Slot, why: str | Both, *, is_sought_anew: bool) -> None:
    """To the customer and the technician: it goes from their calendars, until it is agreed anew or for good."""
    about = run.about_visit(plan.subject)
    words = notices.visit_replanned(about, slot, None, why) if is_sought_anew else _called_off(run, slot, why)
    cancelled = _cancelled(invite(plan, slot), slot)
    run.tell("customer", words, invitation=cancelled)
    _tell_the_technician(run, slot, words, cancelled)


def invite(plan: VisitPlan, slot: Slot) -> Invitation:
    """The newest word on that visit: under the UID of the slot that was agreed first, and a higher number."""
    plan.calendar_uid = plan.calendar_uid or visit_uid(slot.slot_id)
    plan.invitations += 1
    return Invitation(
        method="REQUEST",
        uid=plan.calendar_uid,
        sequence=plan.invitations - 1,
        slot_id=slot.slot_id,
        start=slot.start,
        end=slot.end,
    )


def _cancelled(invitation: Invitation, slot: Slot) -> Invitation:
    of_the_slot = {"method": "CANCEL", "slot_id": slot.slot_id, "start": slot.start, "end": slot.end}
    return invitation.model_copy(update=of_the_slot)


def _called_off(run: CaseExecution, slot: Slot, why: str | Both) -> Words:
    return notices.visit_called_off(run.about_visit(slot.subject), slot, why)


def _order(run: CaseExecution, slot: Slot, invitation: Invitation) -> None:
    words = notices.visit_order(run.about_visit(slot.subject), slot, _task(run, slot))
    _tell_the_technician(run, slot, words, invitation)


def _tell_the_technician(run: CaseExecution, slot: Slot, words: Words, invitation: Invitation) -> None:
    if slot.technician is not None:
        run.tell("technician", words, address=slot.technician, invitation=invitation)


def _task(run: CaseExecution, slot: Slot) -> VisitTask:
    """What a technician is to know before they leave (R9)."""
    case, card, finding = run.case, run.equipment, run.case.round.finding
    assert case.report is not None
    is_loan = slot.subject == "loan"
    return VisitTask(
        customer=card.customer_name,
        room=card.room,
        caller=case.report.reported_by.name,
        phone=case.report.reported_by.phone,
        symptom=case.report.symptom,
        findings=finding.findings if finding else "",
        articles=() if is_loan else case.round.articles_on_site,
        also_software=bool(finding and finding.also_software and not is_loan),
    )
