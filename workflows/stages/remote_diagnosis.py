"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party, Stage
    from domain.messages import LogsProvided, RemoteDiagnosis
    from domain.promises import BusinessHours, Promise, PromiseName


async def remote_diagnosis(run: CaseExecution, since: datetime) -> RemoteDiagnosis | None:
    """Diagnose, from `since` on; the finding that sends somebody or something on site, or None when it is resolved."""
    if run.case.level == 1:
        since = await _level_1(run, since)
    finding = None if run.case.outcome else await _level_2(run, since)
    if finding is not None and finding.outcome == "resolved":
        run.end(Outcome.RESOLVED_REMOTELY, finding.findings)
        return None
    return finding


async def _level_1(run: CaseExecution, since: datetime) -> datetime:
    """Level 1 resolves or escalates; silence escalates by itself (R2). Returns the instant of the escalation."""
    run.enter(
        Stage.REMOTE_DIAGNOSIS,
        Party.SUPPORT,
        "level 1",
        "Call back, guide the user, narrow the fault down",
        since,
    )
    promise = await run.promises.start(
        PromiseName.LEVEL_1_ANSWER, BusinessHours(amount=run.coverage.terms.level_1_answer), since
    )
    word = await run.next_message("remote_diagnosis", unless=lambda: promise.is_overdue or run.case.is_blocking)
    if word is None:
        _escalate_by_itself(run, promise)
        return workflow.now()
    run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
    if isinstance(word, RemoteDiagnosis) and word.outcome == "resolved":
        run.end(Outcome.RESOLVED_REMOTELY, word.findings)
    run.case.level = 2
    return word.instant


def _escalate_by_itself(run: CaseExecution, promise: Promise) -> None:
    """Nobody had to remember to: the clock ran out, or a second report says that it is blocking after all."""
    if promise.is_overdue:
        run.note("nobody at level 1 has acted in time: escalated to level 2", kind="escalation")
    else:
        run.note("reported again, as blocking: escalated to level 2", kind="escalation")
    run.promises.cancel(PromiseName.LEVEL_1_ANSWER, workflow.now())
    run.case.level = 2


async def _level_2(run: CaseExecution, since: datetime) -> RemoteDiagnosis:
    """Level 2 finds the cause, asking for logs as often as it needs them (R3)."""
    run.enter(Stage.REMOTE_DIAGNOSIS, Party.SUPPORT, "level 2", "Diagnose the probable cause remotely", since)
    await run.promises.start(
        PromiseName.LEVEL_2_DIAGNOSIS, BusinessHours(amount=run.coverage.terms.level_2_diagnosis), since
    )
    while True:
        word = await run.next_message("remote_diagnosis", "logs_provided")
        if isinstance(word, LogsProvided):
            await _take_logs(run, word)
        elif isinstance(word, RemoteDiagnosis) and word.level == 1:
            run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
            if word.outcome == "resolved":
                return word
        elif isinstance(word, RemoteDiagnosis) and word.outcome == "logs_needed":
            _ask_for_logs(run, word)
        elif isinstance(word, RemoteDiagnosis):
            await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
            run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
            return word


def _ask_for_logs(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """While the customer gathers logs, our clock stands still (R3)."""
    run.hand_over(Party.CUSTOMER, "level 2", "Wait for the customer's log files", word.instant)
    run.promises.pause(PromiseName.LEVEL_2_DIAGNOSIS, word.instant, "customer", "log files were asked for")


async def _take_logs(run: CaseExecution, word: LogsProvided) -> None:
    """Complete logs hand the ball back to us; a part of them only shows that more is coming."""
    if not word.complete:
        return
    run.hand_over(Party.SUPPORT, "level 2", "Read the log files and diagnose", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
