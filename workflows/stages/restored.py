"""Restored: the customer may contest within a time of the terms; silence confirms (SPEC §3)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party, Stage
    from domain.deadlines import DeadlineQuestion
    from domain.messages import CustomerConfirmation


async def restored(run: CaseExecution) -> None:
    """Wait for the customer's word: restored for good, or contested, which leads back to level 2."""
    run.enter(Stage.RESTORED, Party.CUSTOMER, "coordinator", "Wait for the customer's word; silence confirms")
    now = workflow.now()
    question = DeadlineQuestion(
        now=now, coverage=run.coverage, later={"silence": (now, run.coverage.terms.confirmation)}
    )
    silence_at = (await run.effects.ask_deadlines(question, "When does silence confirm?")).later["silence"]
    by_when = f"{silence_at:%a %Y-%m-%d %H:%M%z}"
    run.hand_over(Party.CUSTOMER, "coordinator", f"Wait for the customer's word; silence confirms on {by_when}")
    word = await run.next_message_until(
        silence_at, "Silence confirms that service is restored", "customer_confirmation"
    )
    if isinstance(word, CustomerConfirmation) and not word.restored:
        run.begin_round("the customer contests that service is restored", word.instant)
        return
    reason = "confirmed by the customer" if word else "nobody contested in time: silence confirms"
    run.end(Outcome.RESTORED, reason)
