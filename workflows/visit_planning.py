"""Planning a visit: slots are held, offered, chosen, let go; the customer is reminded, and planned anew (R10)."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.invitations import tell_it_is_agreed, tell_it_is_off, tell_it_moved
from workflows.reminders import is_due, remind_later
from workflows.slot_booking import book, held_slots, offer_slots

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.bilingual import Both
    from domain.case import Party
    from domain.causes import replanned_because
    from domain.effects import CaseWord, CaseWords, SlotChoice, SlotRelease, TechnicianAbsence
    from domain.messages import InterventionReport, SiteScheduling
    from domain.promises import PromiseName
    from domain.slots import Released, Slot, SlotState, Subject
    from domain.visit_plan import VisitPlan

SLOTS = "the offered slots"
"""What the customer is reminded of."""


async def agree_on_a_visit(
    run: CaseExecution, plan: VisitPlan, unless: Callable[[], bool] = lambda: False
) -> SiteScheduling | None:
    """Offer slots until one is agreed; the word that agreed it, or None once `unless` holds."""
    while not unless():
        if plan.seeks and not run.inbox.has("site_scheduling", about=plan.subject):
            await offer_slots(run, plan)
        word = await run.next_message(
            "site_scheduling",
            about=plan.subject,
            until=_next_look(plan),
            summary="Remind the customer of the slots, or let them go",
            unless=lambda: plan.seeks or unless(),
        )
        if isinstance(word, SiteScheduling):
            if await _agrees(run, plan, word):
                plan.seeks, plan.is_given_up, plan.reminder = False, False, None
                _tell_it_is_agreed(run, plan)
                return word
        elif not plan.seeks and not unless():
            await _nobody_answered(run, plan)
    return None


def _next_look(plan: VisitPlan) -> datetime | None:
    reminder_at = plan.reminder.next_at if plan.reminder else None
    return min([instant for instant in (plan.held_until, reminder_at) if instant is not None], default=None)


async def _agrees(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> bool:
    plan.unanswered = 0
    if word.action in ("choose", "propose"):
        return await book(run, plan, word)
    await _heed_absence(run, plan, word)
    plan.reminder = None
    why = f"{word.action.replace('_', ' ')}: new slots are sought"
    await let_go(run, plan.subject, SlotState.DECLINED, why, word.instant)
    plan.seeks = True
    return False


async def _nobody_answered(run: CaseExecution, plan: VisitPlan) -> None:
    """The customer is reminded, or what is held expires; after some offers nothing is held without a word."""
    if is_due(plan.reminder):
        offered = [slot for slot in run.case.slots if slot.subject == plan.subject and slot.is_held]
        run.tell("customer", notices.slots_reminder(run.about_visit(plan.subject), offered))
        plan.reminder = await remind_later(run, plan.reminder, SLOTS)
        return
    was_offered = bool(held_slots(run, plan.subject))
    why = "nobody answered: the held slots expired" if was_offered else "still no slot: they are sought anew"
    await let_go(run, plan.subject, SlotState.EXPIRED, why, workflow.now())
    plan.unanswered += was_offered
    plan.held_until = None
    plan.is_given_up = plan.unanswered >= run.coverage.terms.unanswered_offers
    plan.seeks = not plan.is_given_up
    if plan.is_given_up:
        run.note("no slot is held any more until the customer says a word", kind="slots")
        if plan.subject == "replacement":
            next_action = "Reach the customer and agree a slot (site_scheduling propose, contact_attempt)"
            run.hand_over(Party.CUSTOMER, "coordinator", next_action)


def _tell_it_is_agreed(run: CaseExecution, plan: VisitPlan) -> None:
    slot = chosen_slot(run, plan.subject)
    if slot is not None:
        tell_it_is_agreed(run, plan, slot)


async def hear_of_the_visit(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> bool:
    """A word on a visit that is agreed: True when it is agreed again, False when it has to be planned anew (R10)."""
    before = chosen_slot(run, plan.subject)
    if word.action in ("choose", "propose"):
        if await book(run, plan, word):
            why = replanned_because(word.action, word.reason)
            after = chosen_slot(run, plan.subject)
            if before is not None and after is not None:
                tell_it_moved(run, plan, before, after, why)
        return True
    await _heed_absence(run, plan, word)
    told = replanned_because(word.action, word.reason)
    await plan_anew(run, plan, word.summary, word.instant, told)
    return False


async def plan_anew(run: CaseExecution, plan: VisitPlan, why: str, at: datetime, told: Both | None = None) -> None:
    """The visit that was agreed cannot take place: count it, tell everybody, and look for another slot.

    The journal says `why`; so do the mails, unless they are to say what is `told`.
    """
    before = chosen_slot(run, plan.subject)
    await let_go(run, plan.subject, SlotState.DECLINED, f"{why}: planned anew", at)
    plan.replanned += 1
    plan.seeks, plan.held_until, plan.unanswered, plan.reminder = True, None, 0, None
    times = "1 time" if plan.replanned == 1 else f"{plan.replanned} times"
    run.note(f"visit planned anew ({times} so far)", kind="slots", at=at)
    if before is not None:
        tell_it_is_off(run, plan, before, told or why, is_sought_anew=True)


async def _heed_absence(run: CaseExecution, plan: VisitPlan, word: SiteScheduling) -> None:
    """A technician who is ill this morning: all of their visits of the day are planned anew (R10)."""
    held = held_slots(run, plan.subject)
    about = concerned_slot(held, word)
    if word.action != "technician_unavailable" or about is None or about.technician is None:
        return
    if word.said_by.startswith("system:"):
        return  # another case was told first, and has told this one
    key, now = run.next_key("absence"), workflow.now()
    absence = TechnicianAbsence(key=key, now=now, slot_id=about.slot_id, reason=word.reason)
    affected = await run.effects.note_absence(absence)
    payload = {
        "action": "technician_unavailable",
        "reason": word.reason or "the technician is away that day",
        "actor": f"system:{run.case.reference}",
    }
    own = {slot.slot_id for slot in held}
    words = tuple(
        CaseWord(workflow_id=each.workflow_id, name="site_scheduling", payload={**payload, "slot_id": each.slot_id})
        for each in affected
        if each.slot_id not in own
    )
    if words:
        await run.effects.tell_cases(CaseWords(key=key, now=now, words=words))
    run.note(f"{about.technician} is away that day; {len(words)} other visits are planned anew", kind="slots")


def concerned_slot(held: list[Slot], word: SiteScheduling) -> Slot | None:
    """The slot that a word is about: the one it names, else the one that is chosen, else the first that is held."""
    named = [slot for slot in held if slot.slot_id == word.slot_id]
    chosen = [slot for slot in held if slot.state is SlotState.CHOSEN]
    return next(iter([*named, *chosen, *held]), None)


def chosen_slot(run: CaseExecution, subject: Subject) -> Slot | None:
    """The slot that is agreed for that visit."""
    held = held_slots(run, subject)
    return next((slot for slot in held if slot.state is SlotState.CHOSEN), None)


async def end_visit(run: CaseExecution, plan: VisitPlan, report: InterventionReport) -> bool:
    """The visit is over, and its slot holds nothing any more; False when nobody opened, and it has to be repeated."""
    if report.outcome == "no_access":
        await plan_anew(run, plan, "no access on the day", report.instant)
        return False
    slot = chosen_slot(run, plan.subject)
    if slot is not None:
        slot.state = SlotState.DONE
        key = run.key(f"finish-{slot.slot_id}")
        await run.effects.finish_visit(SlotChoice(key=key, now=workflow.now(), slot_id=slot.slot_id))
    return True


async def let_go(run: CaseExecution, subject: Subject, state: Released, why: str, at: datetime) -> None:
    """Free what is held for that visit; when it is the replacement's, the ball is ours, and our clock runs on."""
    held = held_slots(run, subject)
    for slot in held:
        slot.state = state
    if held:
        key = run.next_key("release")
        slot_ids = tuple(slot.slot_id for slot in held)
        await run.effects.release_slots(SlotRelease(key=key, now=workflow.now(), slot_ids=slot_ids, state=state))
        run.note(why, kind="slots", at=at)
    if subject == "loan":
        return
    run.case.since = at
    run.hand_over(Party.SUPPORT, "coordinator", "Find new slots for the visit", at)
    if run.case.contact.unreachable_since is None:
        await run.promises.resume(PromiseName.VISIT_PLANNING, at)
