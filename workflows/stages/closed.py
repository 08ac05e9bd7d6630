"""Closed: every case ends here, with an outcome, and with everything written down (SPEC §3)."""

from temporalio import workflow

from workflows.acknowledgement import say_how_it_ended
from workflows.case_execution import CaseExecution
from workflows.compensation import undo_everything
from workflows.lost_parcel import send_back_what_turned_up

with workflow.unsafe.imports_passed_through():
    from domain.case import Party, Stage
    from domain.deadlines import DeadlineQuestion


async def closed(run: CaseExecution) -> None:
    """Close: nothing is owed any more, unused messages are journaled, the time is attributed to who was waited for."""
    await undo_everything(run, "the case ends")
    case, now = run.case, workflow.now()
    case.round.ended_at = now
    run.promises.cancel_all(now)
    send_back_what_turned_up(run)
    run.inbox.drop_all("not used: the case is closed")
    case.closed_at = now
    case.wait_for(Party.NOBODY, now)
    case.stage = Stage.CLOSED
    case.owner, case.next_action = "nobody", "Nothing: the case is closed"
    if case.coverage is not None:
        waits = [wait for wait in case.waits if wait.until is not None and wait.business is None]
        question = DeadlineQuestion(now=now, coverage=case.coverage, waits=tuple(waits))
        answer = await run.effects.ask_deadlines(question, "How long was each party waited for?")
        for wait, business in zip(waits, answer.waited, strict=True):
            wait.business = business
    run.outbox.begins_to_close()
    say_how_it_ended(run)
    run.note(f"closed: {case.outcome} – {case.outcome_reason}", kind="stage")
