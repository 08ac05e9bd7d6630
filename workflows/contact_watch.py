"""Beside the case: the clocks wait for a customer who cannot be reached, and run on when they are (SPEC §4, R10)."""

from temporalio import workflow

from workflows.execution import Execution, State

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.promises import PromiseName, PromiseState

WAITING = (PromiseName.LEVEL_1_ANSWER, PromiseName.LEVEL_2_DIAGNOSIS, PromiseName.VISIT_PLANNING)
"""What cannot go on without the customer."""

NOT_REACHED = "cannot be reached"


async def watch_the_contact(run: Execution[State]) -> None:
    """Stop and start the clocks, for as long as the case lives."""
    contact = run.case.contact
    while True:
        await run.rest(lambda: contact.clocks_wait != (contact.unreachable_since is not None))
        contact.clocks_wait = contact.unreachable_since is not None
        await (_wait(run) if contact.clocks_wait else _go_on(run))


async def _wait(run: Execution[State]) -> None:
    """From the first attempt on; the coordinator is told."""
    contact = run.case.contact
    since, attempts = contact.unreachable_since, len(contact.attempts)
    assert since is not None
    for name in WAITING:
        run.promises.pause(name, since, "customer", NOT_REACHED)
    run.note(f"the customer {NOT_REACHED}: {attempts} attempts, since {since:%Y-%m-%d %H:%M%z}", kind="contact")
    run.tell("coordinator", notices.customer_not_reached(run.about, attempts, since))


async def _go_on(run: Execution[State]) -> None:
    """The customer has been heard of: the clocks run on, unless something else is awaited of them."""
    at = run.case.contact.reached_at or workflow.now()
    run.note("the customer is reached", kind="contact", at=at)
    for name in WAITING:
        promise = run.case.owed(name)
        is_stopped = promise is not None and promise.state is PromiseState.PAUSED
        if is_stopped and not run.case.awaits_the_customer(name):
            await run.promises.resume(name, at)
