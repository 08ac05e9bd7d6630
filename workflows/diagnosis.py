"""Diagnosis by phone: level 1 guides, level 2 finds the cause; in a curative case and in a call alike (R2, R3)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

from workflows.execution import Execution, State
from workflows.outbox import tells_of_every_moment
from workflows.reminders import is_due, remind_later, stop_reminding

with workflow.unsafe.imports_passed_through():
    from domain import notices, progress_notices
    from domain.handling import Handled
    from domain.messages import LogsProvided, Message, RemoteDiagnosis
    from domain.promises import BusinessHours, Promise, PromiseName
    from domain.visit_plan import Reminder
    from domain.waits import Party

LOGS = "log files"
"""What the customer is reminded of."""


async def _nothing(word: Message) -> None:
    """What most diagnoses hear besides."""


async def _no_news() -> None:
    """What most diagnoses wait for besides."""


@dataclass(frozen=True)
class Ends:
    """Where a diagnosis leads: whether it still goes on, and what follows when it is over.

    `others` are kinds of messages that are heard besides; `has_news` says that something else has come about.
    """

    goes_on: Callable[[], bool]
    resolved: Callable[[RemoteDiagnosis], None]
    found: Callable[[RemoteDiagnosis], Awaitable[None]]
    others: tuple[str, ...] = ()
    hear_other: Callable[[Message], Awaitable[None]] = _nothing
    promised: Callable[[Promise], None] = lambda _: None
    """A level has the ball, by that promise: whoever waits may be told."""
    has_news: Callable[[], bool] = lambda: False
    heed_news: Callable[[], Awaitable[None]] = _no_news


async def diagnose(run: Execution[State], ends: Ends) -> None:
    """Hear level 1 and level 2 until it is resolved, or something else has to follow."""
    while ends.goes_on():
        await _hear(run, ends)


async def begin_diagnosis(run: Execution[State], ends: Ends) -> None:
    """At level 1; what is blocking goes straight to level 2 (R2)."""
    await (_begin_level_2(run, ends) if run.case.level == 2 else _begin_level_1(run, ends))


async def _promise(run: Execution[State], name: PromiseName, amount: timedelta) -> Promise:
    """Let the clock of a level run, unless it runs already: a case that begins with a call goes on under its clocks."""
    return run.case.owed(name) or await run.promises.start(name, BusinessHours(amount=amount), run.case.since)


async def _begin_level_1(run: Execution[State], ends: Ends) -> None:
    run.enter(Party.SUPPORT, "level 1", "Call back, guide the user, narrow the fault down")
    ends.promised(await _promise(run, PromiseName.LEVEL_1_ANSWER, run.coverage.terms.level_1_answer))


async def _begin_level_2(run: Execution[State], ends: Ends) -> None:
    run.case.level = 2
    run.enter(Party.SUPPORT, "level 2", "Diagnose the probable cause remotely")
    ends.promised(await _promise(run, PromiseName.LEVEL_2_DIAGNOSIS, run.coverage.terms.level_2_diagnosis))


async def _hear(run: Execution[State], ends: Ends) -> None:
    reminder = run.case.reminder
    word = await run.next_message(
        "remote_diagnosis",
        "logs_provided",
        *ends.others,
        until=reminder.next_at if reminder else None,
        summary="Remind the customer of the log files",
        unless=lambda: _must_escalate(run.case) or ends.has_news(),
    )
    if isinstance(word, LogsProvided):
        await _take_logs(run, word)
    elif isinstance(word, RemoteDiagnosis):
        await (_hear_level_1(run, word, ends) if word.level == 1 else _hear_level_2(run, word, ends))
    elif word is not None:
        await ends.hear_other(word)
    elif ends.has_news():
        await ends.heed_news()
    elif _must_escalate(run.case):
        await _escalate_by_itself(run, ends)
    elif is_due(reminder):
        run.tell("customer", notices.logs_reminder(run.about))
        await _remind_later(run, reminder)


def _must_escalate(case: Handled) -> bool:
    """Level 1 has not acted in time, or a second report says that it is blocking after all (R2)."""
    promise = case.owed(PromiseName.LEVEL_1_ANSWER)
    return case.level == 1 and (case.is_blocking or (promise is not None and promise.is_overdue))


async def _escalate_by_itself(run: Execution[State], ends: Ends) -> None:
    """Nobody had to remember to."""
    if run.case.blocking_since is not None:
        run.case.since = max(run.case.blocking_since, run.case.since)
        run.note("reported again, as blocking: escalated to level 2", kind="escalation")
    else:
        run.case.since = workflow.now()
        run.note("nobody at level 1 has acted in time: escalated to level 2", kind="escalation")
    run.promises.cancel(PromiseName.LEVEL_1_ANSWER, run.case.since)
    await _begin_level_2(run, ends)


async def _hear_level_1(run: Execution[State], word: RemoteDiagnosis, ends: Ends) -> None:
    """Level 1 resolves or escalates. What it said in time counts though the clock has escalated since (SPEC §4)."""
    run.promises.fulfil(PromiseName.LEVEL_1_ANSWER, word.instant)
    if word.outcome == "resolved":
        _resolve(run, word, ends)
    elif run.case.level == 1:
        run.case.since = word.instant
        await _begin_level_2(run, ends)
    else:
        await run.promises.begin_earlier(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)


async def _hear_level_2(run: Execution[State], word: RemoteDiagnosis, ends: Ends) -> None:
    """Level 2 finds the cause, asking for logs as often as it needs them (R3)."""
    if word.outcome == "logs_needed":
        await _ask_for_logs(run, word)
        return
    if run.case.reminder is not None:
        stop_reminding(run, "given up: the diagnosis goes on without the log files", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
    if word.outcome == "resolved":
        _resolve(run, word, ends)
    else:
        await ends.found(word)


def _resolve(run: Execution[State], word: RemoteDiagnosis, ends: Ends) -> None:
    run.promises.fulfil(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
    ends.resolved(word)


async def _ask_for_logs(run: Execution[State], word: RemoteDiagnosis) -> None:
    """While the customer gathers logs, our clock stands still (R3); reminders thin out and end."""
    run.hand_over(Party.CUSTOMER, "level 2", "Wait for the customer's log files", word.instant)
    run.promises.pause(PromiseName.LEVEL_2_DIAGNOSIS, word.instant, "customer", "log files were asked for")
    if tells_of_every_moment():
        run.tell("customer", progress_notices.logs_asked(run.about, word.findings))
    await _remind_later(run, None)


async def _remind_later(run: Execution[State], before: Reminder | None) -> None:
    """After the last reminder it is for the technician to decide (R3)."""
    run.case.reminder = await remind_later(run, before, LOGS)
    if run.case.reminder.next_at is None:
        next_action = "The log files do not come: call the customer, or go on without them (remote_diagnosis)"
        run.hand_over(Party.CUSTOMER, "level 2", next_action)


async def _take_logs(run: Execution[State], word: LogsProvided) -> None:
    """Complete logs hand the ball back to us; a part of them, or logs that nobody asked for, change nothing else."""
    if run.case.reminder is None:
        return
    if not word.complete:
        run.note("a part of the log files is there: more is to come", kind="logs")
        return
    stop_reminding(run, "the log files are complete", word.instant)
    run.hand_over(Party.SUPPORT, "level 2", "Read the log files and diagnose", word.instant)
    await run.promises.resume(PromiseName.LEVEL_2_DIAGNOSIS, word.instant)
