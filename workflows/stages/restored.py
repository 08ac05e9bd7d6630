"""Restored: the customer may contest within a time of the terms; silence confirms (SPEC §3)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.outbox import tells_of_every_moment

with workflow.unsafe.imports_passed_through():
    from domain import progress_notices
    from domain.case import Outcome, Party
    from domain.messages import CustomerConfirmation


async def restored(run: CaseExecution) -> None:
    """Wait for the customer's word: restored for good, or contested, which leads back to level 2."""
    if run.begins():
        run.enter(Party.CUSTOMER, "coordinator", "Wait for the customer's word; silence confirms")
        run.case.silence_at = await run.after(run.coverage.terms.confirmation, "When does silence confirm?")
        by_when = f"{run.case.silence_at:%a %Y-%m-%d %H:%M%z}"
        run.hand_over(Party.CUSTOMER, "coordinator", f"Wait for the customer's word; silence confirms on {by_when}")
        if tells_of_every_moment():
            run.tell("customer", progress_notices.service_restored(run.about, run.case.silence_at))
    word = await run.next_message(
        "customer_confirmation", until=run.case.silence_at, summary="Silence confirms that service is restored"
    )
    if isinstance(word, CustomerConfirmation) and not word.restored:
        run.back_to_level_2(word.summary, word.instant)
        run.case.round.is_owed_to_the_customer = tells_of_every_moment()
        return
    run.end(Outcome.RESTORED, "confirmed by the customer" if word else "nobody contested in time: silence confirms")
