"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party, Stage
    from domain.messages import LogsProvided, RemoteDiagnosis
    from domain.promises import BusinessHours, Promise, PromiseName


async def remote_diagnosis(run: CaseExecution) -> RemoteDiagnosis | None:
    """Diagnose; the finding that sends somebody or something on site, or None when it is resolved remotely."""
    if run.case.level == 1:
        await _level_1(run)
    finding = None if run.case.outcome else await _level_2(run)
    if finding is not None and finding.outcome == "resolved":
        run.end(Outcome.RESOLVED_REMOTELY, finding.findings)
        return None
    return finding


async def _level_1(run: CaseExecution) -> None:
    """Level 1 resolves or escalates; silence escalates by itself (R2)."""
    run.enter(Stage.REMOTE_DIAGNOSIS, Party.SUPPORT, "level 1", "Call back, guide the user, narrow the fault down")
    budget = BusinessHours(amount=run.coverage.terms.level_1_answer)
    promise = await run.promises.start(PromiseName.LEVEL_1_ANSWER, budget, run.case.since)
    word = await run.next_message("remote_diagnosis", unless=lambda: promise.is_overdue or run.case.is_blocking)
    run.case.level = 2
    if word is None:
        _escalate_by_itself(run, promise)
        return
    run.case.since = word.instant
    run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
    if isinstance(word, RemoteDiagnosis) and word.outcome == "resolved":
        run.end(Outcome.RESOLVED_REMOTELY, word.findings)


def _escalate_by_itself(run: CaseExecution, promise: Promise) -> None:
    """Nobody had to remember to: the clock ran out, or a second report says that it is blocking after all."""
    if run.case.blocking_since is not None:
        run.case.since = max(run.case.blocking_since, run.case.since)
        run.note("reported again, as blocking: escalated to level 2", kind="escalation")
    else:
        run.case.since = workflow.now()
        run.note("nobody at level 1 has acted in time: escalated to level 2", kind="escalation")
    run.promises.cancel(PromiseName.LEVEL_1_ANSWER, run.case.since)


async def _level_2(run: CaseExecution) -> RemoteDiagnosis:
    """Level 2 finds the cause, asking for logs as often as it needs them (R3)."""
    run.enter(Stage.REMOTE_DIAGNOSIS, Party.SUPPORT, "level 2", "Diagnose the probable cause remotely")
    budget = BusinessHours(amount=run.coverage.terms.level_2_diagnosis)
    await run.promises.start(PromiseName.LEVEL_2_DIAGNOSIS, budget, run.case.since)
    while True:
        word = await run.next_message("remote_diagnosis", "logs_provided")
        if isinstance(word, LogsProvided):
            await _take_logs(run, word)
        elif isinstance(word, RemoteDiagnosis) and word.level == 1:
            await _take_late_answer(run, word)
            if word.outcome == "resolved":
                return word
        elif isinstance(word, RemoteDiagnosis) and word.outcome == "logs_needed":
            _ask_for_logs(run, word)
        elif isinstance(word, RemoteDiagnosis):
            await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
            run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
            run.case.since = word.instant
            return word


async def _take_late_answer(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """What level 1 said in time counts from when it was said, though the clock has escalated meanwhile (SPEC §4)."""
    run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
    if word.outcome == "escalate":
        await run.promises.begin_earlier(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)


def _ask_for_logs(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """While the customer gathers logs, our clock stands still (R3)."""
    run.hand_over(Party.CUSTOMER, "level 2", "Wait for the customer's log files", word.instant)
    run.promises.pause(PromiseName.LEVEL_2_DIAGNOSIS, word.instant, "customer", "log files were asked for")


async def _take_logs(run: CaseExecution, word: LogsProvided) -> None:
    """Complete logs hand the ball back to us; a part of them, or logs that nobody asked for, change nothing else."""
    if not word.complete or run.case.waiting_for is not Party.CUSTOMER:
        return
    run.hand_over(Party.SUPPORT, "level 2", "Read the log files and diagnose", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
