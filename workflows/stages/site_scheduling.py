"""Site scheduling: a visit when the site and we are open and the room is free, agreed with the customer (R10)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.effects import SlotAnswer, SlotChoice, SlotOffer, SlotProposal, SlotRelease, SlotSearch
    from domain.messages import SiteScheduling
    from domain.promises import BusinessHours, PromiseName
    from domain.slots import Released, SlotState


async def site_scheduling(run: CaseExecution) -> None:
    """Offer slots until one is agreed. Waiting for the customer stops our clock."""
    run.enter(Stage.SITE_SCHEDULING, Party.SUPPORT, "coordinator", "Find slots for the visit")
    if run.case.owed(PromiseName.VISIT_PLANNING) is None:
        budget = BusinessHours(amount=run.coverage.terms.visit_planning)
        await run.promises.start(PromiseName.VISIT_PLANNING, budget, run.case.since)
    while not await _agree(run, await _offer(run)):
        continue


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
            avoid=tuple((slot.start, slot.end) for slot in run.case.slots if slot.state is SlotState.DECLINED),
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
    until = f"{offer.held_until:%a %Y-%m-%d %H:%M%z}"
    run.hand_over(Party.CUSTOMER, "coordinator", f"Have the customer choose a slot before {until}")
    run.note(f"slots offered and held until {offer.held_until:%Y-%m-%d %H:%M%z}: {shown}", kind="slots")
    run.promises.pause(PromiseName.VISIT_PLANNING, workflow.now(), "customer", "offered slots await an answer")
    return offer


async def _agree(run: CaseExecution, offer: SlotOffer) -> bool:
    """Take the customer's word on an offer: True when a slot is agreed, False when new ones must be found."""
    while True:
        word = await run.next_message_until(offer.held_until, "Held slots expire", "site_scheduling")
        if word is None:
            why = "nobody answered: the held slots expired" if offer.slots else "still no slot: they are sought anew"
            await let_go(run, SlotState.EXPIRED, why, workflow.now())
            return False
        assert isinstance(word, SiteScheduling)
        if word.action not in ("choose", "propose"):
            why = f"{word.action.replace('_', ' ')}: new slots are sought"
            await let_go(run, SlotState.DECLINED, why, word.instant)
            return False
        if await book(run, word):
            await run.promises.resume(PromiseName.VISIT_PLANNING, word.instant)
            run.promises.fulfil(PromiseName.VISIT_PLANNING, word.instant)
            return True


async def book(run: CaseExecution, word: SiteScheduling) -> bool:
    """Book the chosen or proposed slot and let the others go; False, and why in the journal, when it cannot be had."""
    answer = await (_choose(run, word) if word.action == "choose" else _propose(run, word))
    if answer.slot is None:
        run.note(f"the slot cannot be had: {answer.refused_because}", kind="slots")
        return False
    if answer.slot.slot_id not in {slot.slot_id for slot in run.case.slots}:
        run.case.slots.append(answer.slot)
    for slot in run.case.slots:
        if slot.is_held:
            slot.state = SlotState.CHOSEN if slot.slot_id == answer.slot.slot_id else SlotState.DECLINED
    run.case.since = word.instant
    return True


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
            duration=run.coverage.terms.visit_duration,
        )
    )


async def let_go(run: CaseExecution, state: Released, why: str, at: datetime) -> None:
    """Free what is held; the ball is ours, and our clock runs on."""
    held = [slot for slot in run.case.slots if slot.is_held]
    for slot in held:
        slot.state = state
    if held:
        key = run.key(f"release-{run.case.slots_offered}")
        slot_ids = tuple(slot.slot_id for slot in held)
        await run.effects.release_slots(SlotRelease(key=key, now=workflow.now(), slot_ids=slot_ids, state=state))
    run.case.since = at
    run.hand_over(Party.SUPPORT, "coordinator", "Find new slots for the visit", at)
    run.note(why, kind="slots", at=at)
    await run.promises.resume(PromiseName.VISIT_PLANNING, at)
