"""Correction: the wrong serial number was given, or the equipment stands at another site (SPEC §5)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.compensation import undo_everything
from workflows.moving import move, pass_on
from workflows.visit_planning import plan_anew

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.case import Party, Stage
    from domain.effects import EntitlementQuestion, Relocation, RelocationAnswer, Rerouting
    from domain.messages import Correction
    from domain.promises import NextBusinessDay, PromiseName


async def correct(run: CaseExecution, word: Correction) -> None:
    """Move the case to the right equipment, or the equipment to the right site; say so when it cannot be done."""
    if word.serial_number is not None:
        await _correct_the_serial_number(run, word, word.serial_number)
    elif word.site is not None:
        await _correct_the_site(run, word, word.site)


async def _correct_the_serial_number(run: CaseExecution, word: Correction, serial_number: str) -> None:
    """The right case opens with the original report and its instant; this one undoes what it had begun."""
    question = EntitlementQuestion(serial_number=serial_number, reported_at=run.case.reported_at, exception=None)
    known = await run.effects.check_entitlement(question, when_away=lambda: None)
    if known.equipment is None and known.belongs_to is None:
        _refuse(run, word, f"serial number {serial_number} is not in the registry")
        return
    if known.belongs_to == run.case.serial_number:
        _refuse(run, word, f"{serial_number} was exchanged, and {known.belongs_to} stands in its place already")
        return
    run.hand_over(Party.SUPPORT, "coordinator", f"Corrected to {serial_number}: what was begun is being undone")
    await undo_everything(run, f"the case is about {serial_number}")
    if run.inbox.is_cancelled:  # there is nothing left to hand over: the cancellation is answered next
        run.inbox.drop_round("not used: what it speaks of is undone")
        return
    await move(run, serial_number, f"corrected: {word.reason}"[:300])
    if word.site is not None:
        await pass_on(run, serial_number, word.kind, {"site": word.site, "reason": word.reason, "actor": word.said_by})


async def _correct_the_site(run: CaseExecution, word: Correction, site: str) -> None:
    """Another calendar, other slots, and a parcel to re-route: what was promised is projected anew."""
    relocation = Relocation(
        key=run.next_key("relocation"),
        now=workflow.now(),
        serial_number=run.case.serial_number,
        site=site,
        contract=run.equipment.contract,
    )
    answer = await run.effects.relocate(relocation)
    if answer.refused_because is not None:
        _refuse(run, word, answer.refused_because)
        return
    before = run.equipment.site
    _stand_at(run, answer)
    run.note(f"the equipment stands at {run.equipment.site}, not at {before}: {word.reason}", kind="correction")
    await _project_anew(run)
    await _plan_the_visits_anew(run, word)
    await _reroute(run, word)


def _refuse(run: CaseExecution, word: Correction, why: str) -> None:
    run.note(f"the correction cannot be carried out: {why}", kind="correction", at=word.instant)


def _stand_at(run: CaseExecution, answer: RelocationAnswer) -> None:
    assert answer.site is not None
    assert answer.calendar is not None
    place = {
        "site": answer.site,
        "site_name": answer.site_name,
        "region": answer.region,
        "transit_days": answer.transit_days,
        "contact_email": answer.contact_email,
        "room": None,
    }
    run.case.equipment = run.equipment.model_copy(update=place)
    run.case.coverage = run.coverage.model_copy(update={"site": answer.calendar})


async def _project_anew(run: CaseExecution) -> None:
    """What is owed at the site is due by its calendar, and after its days in transit."""
    for name in (PromiseName.REPLACEMENT_DELIVERY, PromiseName.LOAN_AVAILABLE):
        promise = run.case.owed(name)
        if promise is not None:
            promise.budget = NextBusinessDay(transit_days=run.equipment.transit_days)
            await run.promises.project_anew(promise, f"the equipment stands at {run.equipment.site}")


async def _reroute(run: CaseExecution, word: Correction) -> None:
    """A parcel on its way goes to the right site; one that was delivered at the wrong one is not delivered yet."""
    orders = [begun for begun in run.case.commitments if begun.kind == "order"]
    if not orders:
        return
    if run.case.stage in (Stage.SITE_SCHEDULING, Stage.ON_SITE):
        await _back_to_shipment(run, word)
    promise = run.case.latest(PromiseName.REPLACEMENT_DELIVERY)
    assert promise is not None
    assert promise.due_at is not None
    now, site, order = workflow.now(), run.equipment.site, orders[-1].key
    await run.effects.reroute(Rerouting(order=order, now=now, site=site, due_at=promise.due_at))
    run.note(f"{orders[-1].what} is re-routed to {site}", kind="shipment")
    words = notices.order_rerouted(run.about, order.identifier, run.case.round.ordered_articles, promise.due_at)
    run.tell("coordinator", words)
    if not run.case.round.from_stock:
        run.tell("vendor", words)


async def _back_to_shipment(run: CaseExecution, word: Correction) -> None:
    """The parcel is followed to the right site, under a promise of its own: the first was kept where it was said."""
    run.settle("visit")
    run.case.round.delivered_at = None
    run.case.round.is_breach_heeded = False
    budget = NextBusinessDay(transit_days=run.equipment.transit_days)
    await run.promises.start(PromiseName.REPLACEMENT_DELIVERY, budget, word.instant)
    run.promises.cancel(PromiseName.VISIT_PLANNING, word.instant)
    run.go_to(Stage.SHIPMENT)
    run.case.stage_has_begun = True
    run.hand_over(Party.CARRIER, "coordinator", f"Have the parcel brought to {run.equipment.site}", word.instant)


async def _plan_the_visits_anew(run: CaseExecution, word: Correction) -> None:
    """Slots at the old site are of no use."""
    loan, at = run.case.loan, word.instant
    if loan is not None and loan.is_open:
        loan.elsewhere_since = at  # what follows for it is done beside the case
    if run.case.stage in (Stage.SITE_SCHEDULING, Stage.ON_SITE):
        await plan_anew(run, run.case.visit, "the equipment stands elsewhere", at)
        run.go_to(Stage.SITE_SCHEDULING)
    elif any(slot.subject == "replacement" and slot.is_held for slot in run.case.slots):
        await plan_anew(run, run.case.visit, "the equipment stands elsewhere", at)
