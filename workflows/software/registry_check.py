"""Look items up: what is it, is it covered, what is there for it (R11, R12, R14). All that is new, in one question."""

from temporalio import workflow

from workflows.software.execution import SoftwareExecution

with workflow.unsafe.imports_passed_through():
    from domain.effects import AskedItem, AssessedItem, SoftwareAssessment, SoftwareQuestion
    from domain.software_items import ANSWERED, Item, ItemState
    from domain.software_update import ContractClock


async def look_up(run: SoftwareExecution) -> None:
    """Ask the registry about every item that nobody has looked up yet, or that was cleared up since."""
    update, request = run.update, run.update.request
    asked = update.in_state(ItemState.CHECKING)
    if not asked or request is None:
        return
    question = SoftwareQuestion(
        now=workflow.now(),
        received_at=update.received_at,
        requester_email=request.requested_by.email,
        exception=request.exception,
        items=tuple(AskedItem(number=each.number, serial_number=each.serial_number, type=each.type) for each in asked),
    )
    assessment = await run.effects.assess_software(question, lambda: _is_away(run))
    update.check_pending = False
    _take_in(run, assessment)
    run.note(_summary(assessment), kind="check")


def _is_away(run: SoftwareExecution) -> None:
    run.update.check_pending = True
    run.note("the registry cannot be asked now: the check is pending", kind="check")


def _take_in(run: SoftwareExecution, assessment: SoftwareAssessment) -> None:
    """Every item gets its answer; the terms that a contract had first stay (R14)."""
    update = run.update
    update.provider = update.provider or assessment.provider
    update.releases |= assessment.releases
    for contract, coverage in assessment.coverages.items():
        update.contracts.setdefault(contract, ContractClock(contract=contract, coverage=coverage))
    items = {item.number: item for item in update.items}
    for answer in assessment.items:
        _answer(run, items[answer.number], answer)


def _answer(run: SoftwareExecution, item: Item, answer: AssessedItem) -> None:
    update, now = run.update, workflow.now()
    item.card, item.release, item.is_step = answer.card, answer.release, answer.is_step
    twin = next((o for o in update.items if o is not item and answer.serial_number in (o.serial_number, None)), None)
    if twin is not None and answer.serial_number is not None:
        item.answer(ItemState.CANCELLED, f"{answer.serial_number} is item {twin.number} already", now)
        return
    item.serial_number = answer.serial_number
    if answer.state is ItemState.CLARIFICATION:
        item.ask(answer.reason, now)
    elif answer.state in ANSWERED:
        item.answer(answer.state, answer.reason, now)
    else:
        item.state, item.reason = answer.state, answer.reason


def _summary(assessment: SoftwareAssessment) -> str:
    states = [item.state for item in assessment.items]
    counts = [f"{states.count(state)} {state.value.replace('_', ' ')}" for state in dict.fromkeys(states)]
    return f"looked up in the registry: {', '.join(counts)}"
