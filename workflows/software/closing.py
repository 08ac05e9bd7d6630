"""The end of a request: every item is answered, and everybody was told."""

from temporalio import workflow

from workflows.software.execution import SoftwareExecution

with workflow.unsafe.imports_passed_through():
    from domain.deadlines import DeadlineQuestion
    from domain.software_items import ItemState
    from domain.software_update import SoftwareOutcome
    from domain.software_view import items_shown


async def close(run: SoftwareExecution) -> None:
    """Say how it ended, and how long it waited for whom; then wait until everything is out."""
    update = run.update
    if update.outcome is None:
        was_cancelled = update.cancelled_because is not None and bool(update.in_state(ItemState.CANCELLED))
        update.outcome = SoftwareOutcome.CANCELLED if was_cancelled else SoftwareOutcome.ANSWERED
        update.outcome_reason = update.cancelled_because if was_cancelled else items_shown(update)
    if update.closed_at is None:
        update.closed_at = workflow.now()
        update.wait_for_the_ball(update.closed_at)
        await _measure_the_waits(run)
        run.note(f"closed: {update.outcome_reason}", kind="stage")
    await workflow.wait_condition(workflow.all_handlers_finished)
    await run.outbox.is_empty()
    await run.publication.is_done()


async def _measure_the_waits(run: SoftwareExecution) -> None:
    """How long each party had the ball, in our business time."""
    update = run.update
    if update.provider is None or not update.waits:
        return
    question = DeadlineQuestion(now=workflow.now(), coverage=update.our_own, waits=tuple(update.waits))
    answer = await run.effects.ask_deadlines(question, "How long was who waited for?")
    for wait, business in zip(update.waits, answer.waited, strict=True):
        wait.business = business
