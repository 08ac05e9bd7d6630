"""Site scheduling: a visit when the site and we are open and the room is free, agreed with the customer (R10)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import SlotAnswer, SlotChoice, SlotOffer, SlotProposal, SlotRelease, SlotSearch
    from domain.messages import SiteScheduling
    from domain.promises import BusinessHours, PromiseName
    from domain.slots import Released, Slot, SlotState


async def site_scheduling(run: CaseExecution, since: datetime) -> Slot:
    """Offer slots until one is agreed; returns the chosen one. Waiting for the customer stops our clock."""
    run.enter(Stage.SITE_SCHEDULING, Party.SUPPORT, "coordinator", "Find slots for the visit", since)
    if run.case.owed(PromiseName.VISIT_PLANNING) is None:
        budget = BusinessHours(amount=run.coverage.terms.visit_planning)
        await run.promises.start(PromiseName.VISIT_PLANNING, budget, since)
    while True:
        offer = await _offer(run)
        chosen = await _agree(run, offer)
        if chosen is not None:
            return chosen


async def _offer(run: CaseExecution) -> SlotOffer:
    """Hold free slots and hand the ball to the customer; without a free one, it stays with us."""
    terms, now = run.coverage.terms, workflow.now()
    offer = await run.effects.offer_slots(
        SlotSearch(
            key=run.key(f"slots-{run.case.slots_offered + 1}"),
            now=now,
            not_before=now,
            site=run.equipment.site,
            room=run.equipment.room,
            provider=run.coverage.provider,
            site_calendar=run.coverage.site,
            duration=terms.visit_duration,
            count=terms.slots_offered,
            hold=terms.slot_hold,
        )
    )
    run.case.slots_offered += 1
    run.case.slots.extend(offer.slots)
    if not offer.slots:
        run.hand_over(
            Party.SUPPORT,
            "coordinator",
            "No slot is free: agree one with the customer (site_scheduling propose)",
        )
        run.note("no slot is free", kind="slots")
        return offer
    shown = ", ".join(f"{slot.slot_id} {slot.start:%a %Y-%m-%d %H:%M%z}" for slot in offer.slots)
    run.hand_over(Party.CUSTOMER, "coordinator", "Have the customer choose a slot")
    run.note(f"slots offered and held until {offer.held_until:%Y-%m-%d %H:%M%z}: {shown}", kind="slots")
    run.promises.pause(PromiseName.VISIT_PLANNING, workflow.now(), "customer", "offered slots await an answer")
    return offer


async def _agree(run: CaseExecution, offer: SlotOffer) -> Slot | None:
    """Take the customer's word on an offer; None when new slots must be found."""
    while True:
        word = await run.next_message_until(offer.held_until, "Held slots expire", "site_scheduling")
        if word is None:
            await let_go(run, SlotState.EXPIRED, "nobody answered: the held slots expired", workflow.now())
            return None
        assert isinstance(word, SiteScheduling)
        if word.action not in ("choose", "propose"):
            await let_go(
                run,
                SlotState.DECLINED,
                f"{word.action.replace('_', ' ')}: new slots are sought",
                word.instant,
            )
            return None
        answer = await book(run, word)
        if answer is None:
            continue
        await run.promises.resume(PromiseName.VISIT_PLANNING, word.instant)
        run.promises.fulfil(PromiseName.VISIT_PLANNING, word.instant)
        return answer


async def book(run: CaseExecution, word: SiteScheduling) -> Slot | None:
    """Book the chosen or proposed slot and let the others go; None, and why, when it cannot be had."""
    answer = await (_choose(run, word) if word.action == "choose" else _propose(run, word))
    if answer.slot is None:
        run.note(f"the slot cannot be had: {answer.refused_because}", kind="slots")
        return None
    for slot in run.case.slots:
        if slot.state in (SlotState.OFFERED, SlotState.CHOSEN):
            slot.state = SlotState.CHOSEN if slot.slot_id == answer.slot.slot_id else SlotState.DECLINED
    booked = next((slot for slot in run.case.slots if slot.slot_id == answer.slot.slot_id), None)
    if booked is None:
        run.case.slots.append(answer.slot)
    return booked or answer.slot


async def _choose(run: CaseExecution, word: SiteScheduling) -> SlotAnswer:
    assert word.slot_id is not None
    return await run.effects.choose_slot(
        SlotChoice(key=run.key(f"choose-{word.slot_id}"), now=workflow.now(), slot_id=word.slot_id)
    )


async def _propose(run: CaseExecution, word: SiteScheduling) -> SlotAnswer:
    assert word.start is not None
    assert word.end is not None
    run.case.slots_proposed += 1
    return await run.effects.propose_slot(
        SlotProposal(
            key=run.key(f"proposal-{run.case.slots_proposed}"),
            now=workflow.now(),
            site=run.equipment.site,
            room=run.equipment.room,
            provider=run.coverage.provider,
            site_calendar=run.coverage.site,
            start=word.start,
            end=word.end,
        )
    )


async def let_go(run: CaseExecution, state: Released, why: str, at: datetime) -> None:
    """Free what is held; our clock runs on, for the next move is ours."""
    await run.effects.release_slots(
        SlotRelease(key=run.key(f"release-{run.case.slots_offered}"), now=workflow.now(), state=state)
    )
    for slot in run.case.slots:
        if slot.state in (SlotState.OFFERED, SlotState.CHOSEN):
            slot.state = state
    run.note(why, kind="slots", at=at)
    await run.promises.resume(PromiseName.VISIT_PLANNING, at)
