"""Beside the case: the clocks wait for a customer who cannot be reached, and run on when they are (SPEC §4, R10)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.slot_booking import held_slots

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.promises import PromiseName, PromiseState

WAITING = (PromiseName.LEVEL_1_ANSWER, PromiseName.LEVEL_2_DIAGNOSIS, PromiseName.VISIT_PLANNING)
"""What cannot go on without the customer."""

NOT_REACHED = "cannot be reached"


async def watch_the_contact(run: CaseExecution) -> None:
    """Stop and start the clocks, for as long as the case lives."""
    contact = run.case.contact
    while True:
        await run.rest(lambda: contact.clocks_wait != (contact.unreachable_since is not None))
        contact.clocks_wait = contact.unreachable_since is not None
        await (_wait(run) if contact.clocks_wait else _go_on(run))


async def _wait(run: CaseExecution) -> None:
    """From the first attempt on; the coordinator is told."""
    contact = run.case.contact
    since, attempts = contact.unreachable_since, len(contact.attempts)
    assert since is not None
    for name in WAITING:
        run.promises.pause(name, since, "customer", NOT_REACHED)
    run.note(f"the customer {NOT_REACHED}: {attempts} attempts, since {since:%Y-%m-%d %H:%M%z}", kind="contact")
    run.tell("coordinator", notices.customer_not_reached(run.about, attempts, since))


async def _go_on(run: CaseExecution) -> None:
    """The customer has been heard of: the clocks run on, unless something else is awaited of them."""
    at = run.case.contact.reached_at or workflow.now()
    run.note("the customer is reached", kind="contact", at=at)
    for name in WAITING:
        promise = run.case.owed(name)
        is_stopped = promise is not None and promise.state is PromiseState.PAUSED
        if is_stopped and not _waits_for_an_answer(run, name):
            await run.promises.resume(name, at)


def _waits_for_an_answer(run: CaseExecution, name: PromiseName) -> bool:
    """The clock stands still for something else that the customer was asked for: log files, or the choice of a slot."""
    if name is PromiseName.LEVEL_2_DIAGNOSIS:
        return run.case.reminder is not None
    return name is PromiseName.VISIT_PLANNING and bool(held_slots(run, "replacement"))
