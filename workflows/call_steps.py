"""A call is diagnosed as a case is; what interrupts it is answered; at its end everything is written down (R2, R3)."""

from temporalio import workflow

from workflows.call_execution import CallExecution
from workflows.call_registration import identify
from workflows.diagnosis import Ends, begin_diagnosis, diagnose

with workflow.unsafe.imports_passed_through():
    from domain import call_notices
    from domain.assistance import CallOutcome, CallStage
    from domain.call_messages import IncidentReport, SerialGiven
    from domain.deadlines import DeadlineQuestion
    from domain.effects import CaseWord, CaseWords
    from domain.messages import Cancellation, Message, RemoteDiagnosis
    from domain.promises import PromiseName
    from domain.waits import Party


async def diagnose_call(run: CallExecution) -> None:
    """Level 1 guides, level 2 finds the cause: resolved, or handed over (R2, R3)."""

    async def found(word: RemoteDiagnosis) -> None:
        run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
        run.case.finding = word
        run.case.since = word.instant
        run.go_to(CallStage.HANDING_OVER)

    ends = Ends(
        goes_on=lambda: run.is_at(CallStage.REMOTE_DIAGNOSIS), resolved=lambda word: _resolve(run, word), found=found
    )
    if run.begins():
        await begin_diagnosis(run, ends)
        _have_them_called_back(run)
    await diagnose(run, ends)


def _have_them_called_back(run: CallExecution) -> None:
    """Who wrote has spoken to nobody yet (R4)."""
    call = run.case.call
    if call is None or not run.case.is_by_mail:
        return
    how = call.caller.phone or call.caller.email or "no number is known"
    next_action = f"Call back {call.caller.name} ({how}): a breakdown was reported by mail"
    run.hand_over(Party.SUPPORT, f"level {run.case.level}", next_action)


def _resolve(run: CallExecution, word: RemoteDiagnosis) -> None:
    run.case.end(CallOutcome.RESOLVED, word.findings)
    run.tell_the_caller(call_notices.call_resolved(run.about, word.findings))


async def answer_interruption(run: CallExecution, word: Message) -> None:
    """Answer what comes before anything else."""
    call = run.case
    if isinstance(word, Cancellation):
        call.end(CallOutcome.CANCELLED, word.reason)
    elif isinstance(word, SerialGiven):
        await identify(run, word.serial_number)
    elif isinstance(word, IncidentReport):
        run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
        call.incident = word
        call.since = word.instant
        run.go_to(CallStage.HANDING_OVER)


async def close_call(run: CallExecution) -> None:
    """Nothing is owed any more, unused messages are journaled, the time is attributed to who was waited for."""
    call, now = run.case, workflow.now()
    await _pass_cancellations_on(run)
    run.promises.cancel_all(now)
    run.hearing.drop_all("not used: the call is closed")
    run.outbox.begins_to_close()
    call.closed_at = now
    call.wait_for(Party.NOBODY, now)
    call.stage = CallStage.CLOSED
    call.reminder = None
    call.owner, call.next_action = "nobody", "Nothing: the call is closed"
    if call.coverage is not None:
        waits = [wait for wait in call.waits if wait.until is not None and wait.business is None]
        question = DeadlineQuestion(now=now, coverage=call.coverage, waits=tuple(waits))
        answer = await run.effects.ask_deadlines(question, "How long was each party waited for?")
        for wait, business in zip(waits, answer.waited, strict=True):
            wait.business = business
    run.note(f"closed: {call.outcome} – {call.outcome_reason}", kind="stage")


async def _pass_cancellations_on(run: CallExecution) -> None:
    """Whoever called it off while it was handed over means what it has become."""
    call = run.case
    while call.led_to_workflow is not None and (word := run.hearing.take_interruption()) is not None:
        if isinstance(word, Cancellation):
            payload = word.model_dump(mode="json", exclude={"message_id", "case"}, exclude_none=True)
            told = CaseWord(workflow_id=call.led_to_workflow, name=word.kind, payload=payload)
            await run.effects.tell_cases(CaseWords(key=run.next_key("passed-on"), now=workflow.now(), words=(told,)))
            run.note(f"cancellation passed on to {call.led_to}", kind="cancellation")
