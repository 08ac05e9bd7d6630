"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from temporalio import workflow

from workflows.acknowledgement import acknowledge
from workflows.case_execution import CaseExecution
from workflows.finding import heed_finding
from workflows.outbox import tells_of_every_moment
from workflows.reminders import is_due, remind_later, stop_reminding

with workflow.unsafe.imports_passed_through():
    from domain import notices, progress_notices
    from domain.case import CaseState, Outcome, Party, Stage
    from domain.messages import LogsProvided, RemoteDiagnosis
    from domain.promises import BusinessHours, PromiseName
    from domain.visit_plan import Reminder

LOGS = "log files"
"""What the customer is reminded of."""


async def remote_diagnosis(run: CaseExecution) -> None:
    """Diagnose until it is resolved remotely, or something or somebody has to go on site."""
    if run.begins():
        await (_begin_level_2(run) if run.case.level == 2 else _begin_level_1(run))
    while run.is_at(Stage.REMOTE_DIAGNOSIS):
        await _hear(run)


async def _begin_level_1(run: CaseExecution) -> None:
    run.enter(Party.SUPPORT, "level 1", "Call back, guide the user, narrow the fault down")
    budget = BusinessHours(amount=run.coverage.terms.level_1_answer)
    await run.promises.start(PromiseName.LEVEL_1_ANSWER, budget, run.case.since)
    acknowledge(run)


async def _begin_level_2(run: CaseExecution) -> None:
    run.case.level = 2
    run.enter(Party.SUPPORT, "level 2", "Diagnose the probable cause remotely")
    budget = BusinessHours(amount=run.coverage.terms.level_2_diagnosis)
    promise = await run.promises.start(PromiseName.LEVEL_2_DIAGNOSIS, budget, run.case.since)
    acknowledge(run)
    if run.case.round.is_owed_to_the_customer and promise.due_at is not None:
        run.tell("customer", progress_notices.diagnosis_resumed(run.about, promise.due_at))


async def _hear(run: CaseExecution) -> None:
    reminder = run.case.reminder
    word = await run.next_message(
        "remote_diagnosis",
        "logs_provided",
        until=reminder.next_at if reminder else None,
        summary="Remind the customer of the log files",
        unless=lambda: _must_escalate(run.case),
    )
    if isinstance(word, LogsProvided):
        await _take_logs(run, word)
    elif isinstance(word, RemoteDiagnosis):
        await (_hear_level_1(run, word) if word.level == 1 else _hear_level_2(run, word))
    elif _must_escalate(run.case):
        await _escalate_by_itself(run)
    elif is_due(reminder):
        run.tell("customer", notices.logs_reminder(run.about))
        await _remind_later(run, reminder)


def _must_escalate(case: CaseState) -> bool:
    """Level 1 has not acted in time, or a second report says that it is blocking after all (R2)."""
    promise = case.owed(PromiseName.LEVEL_1_ANSWER)
    return case.level == 1 and (case.is_blocking or (promise is not None and promise.is_overdue))


async def _escalate_by_itself(run: CaseExecution) -> None:
    """Nobody had to remember to."""
    if run.case.blocking_since is not None:
        run.case.since = max(run.case.blocking_since, run.case.since)
        run.note("reported again, as blocking: escalated to level 2", kind="escalation")
    else:
        run.case.since = workflow.now()
        run.note("nobody at level 1 has acted in time: escalated to level 2", kind="escalation")
    run.promises.cancel(PromiseName.LEVEL_1_ANSWER, run.case.since)
    await _begin_level_2(run)


async def _hear_level_1(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Level 1 resolves or escalates. What it said in time counts though the clock has escalated since (SPEC §4)."""
    run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
    if word.outcome == "resolved":
        await _resolve(run, word)
    elif run.case.level == 1:
        run.case.since = word.instant
        await _begin_level_2(run)
    else:
        await run.promises.begin_earlier(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)


async def _hear_level_2(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Level 2 finds the cause, asking for logs as often as it needs them (R3)."""
    if word.outcome == "logs_needed":
        await _ask_for_logs(run, word)
        return
    if run.case.reminder is not None:
        stop_reminding(run, "given up: the diagnosis goes on without the log files", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
    if word.outcome == "resolved":
        await _resolve(run, word)
    else:
        await heed_finding(run, word)


async def _resolve(run: CaseExecution, word: RemoteDiagnosis) -> None:
    run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
    by_software = run.case.round.finding is not None and run.case.round.finding.outcome == "software_fault"
    run.end(Outcome.RESOLVED_BY_SOFTWARE if by_software else Outcome.RESOLVED_REMOTELY, word.findings)


async def _ask_for_logs(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """While the customer gathers logs, our clock stands still (R3); reminders thin out and end."""
    run.hand_over(Party.CUSTOMER, "level 2", "Wait for the customer's log files", word.instant)
    run.promises.pause(PromiseName.LEVEL_2_DIAGNOSIS, word.instant, "customer", "log files were asked for")
    if tells_of_every_moment():
        run.tell("customer", progress_notices.logs_asked(run.about, word.findings))
    await _remind_later(run, None)


async def _remind_later(run: CaseExecution, before: Reminder | None) -> None:
    """After the last reminder it is for the technician to decide (R3)."""
    run.case.reminder = await remind_later(run, before, LOGS)
    if run.case.reminder.next_at is None:
        next_action = "The log files do not come: call the customer, or go on without them (remote_diagnosis)"
        run.hand_over(Party.CUSTOMER, "level 2", next_action)


async def _take_logs(run: CaseExecution, word: LogsProvided) -> None:
    """Complete logs hand the ball back to us; a part of them, or logs that nobody asked for, change nothing else."""
    if run.case.reminder is None:
        return
    if not word.complete:
        run.note("a part of the log files is there: more is to come", kind="logs")
        return
    stop_reminding(run, "the log files are complete", word.instant)
    run.hand_over(Party.SUPPORT, "level 2", "Read the log files and diagnose", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
