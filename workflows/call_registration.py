"""A call is registered: is it covered, when does the line open, at which level does it begin? (R1, R2, R4, R14)"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

from workflows.call_execution import CallExecution

with workflow.unsafe.imports_passed_through():
    from domain import call_notices
    from domain.assistance import AssistanceCall, CallOutcome, CallStage
    from domain.call_entitlement import CallEntitlement
    from domain.deadlines import DeadlineQuestion
    from domain.effects import CallQuestion
    from domain.promises import BusinessHours, PromiseName
    from domain.waits import Party

ANSWERED_WITHIN = timedelta(seconds=3)
"""After that long without the registry, whoever calls is told that the check is pending (SPEC §3)."""


async def register(run: CallExecution) -> None:
    """Check the entitlement: the call goes on, or is rejected, with the reason for the caller."""
    call = run.case
    run.begins()
    run.hand_over(Party.SUPPORT, "level 1", "Check the entitlement", at=call.reported_at)
    answer = await _ask(run, call.serial_number)
    _learn(run, answer)
    if answer.coverage is None:
        _reject(run, answer.rejected_because or "not covered")
        return
    question = DeadlineQuestion(now=workflow.now(), coverage=answer.coverage, hours_from=call.opened_at)
    hours = (await run.effects.ask_deadlines(question, "When are we open?")).service_hours
    call.service_hours = hours or call.service_hours
    if call.service_hours.is_backdated(call.reported_at, call.opened_at) and not _is_by_a_supervisor(call):
        reason = "only a supervisor may enter it (actor supervisor:NAME)"
        _reject(run, f"received_at is more than one business day before the call was entered; {reason}")
        return
    call.coverage = answer.coverage
    call.line_opens_at = call.service_hours.opens_after(call.reported_at)
    call.level = 2 if call.is_blocking else 1
    _acknowledge(run)
    run.go_to(CallStage.REMOTE_DIAGNOSIS)


async def _ask(run: CallExecution, serial_number: str | None) -> CallEntitlement:
    """Ask the registry; whoever waits for an answer is told when it does not come."""
    call, said = run.case, run.case.call
    question = CallQuestion(
        serial_number=serial_number,
        received_at=call.reported_at,
        is_breakdown=said.is_by_mail if said else False,
        exception=said.exception if said else None,
    )
    asking = asyncio.create_task(run.effects.check_call(question))
    with suppress(TimeoutError):
        await workflow.wait_condition(
            asking.done, timeout=ANSWERED_WITHIN, timeout_summary="The registry is being asked"
        )
    if not asking.done():
        call.check_is_late = True
        run.note("recorded; the registry cannot be asked now, the check is pending", kind="registry")
    answer = await asking
    call.check_is_late = False
    return answer


def _learn(run: CallExecution, answer: CallEntitlement) -> None:
    """What the registry knows of the equipment; what was exchanged is answered for what stands in its place (R7)."""
    call = run.case
    call.provider_tz = answer.provider.tz
    call.equipment = answer.equipment
    if answer.serial_number is not None and answer.serial_number != call.serial_number:
        run.note(f"{call.serial_number} was exchanged: {answer.serial_number} stands in its place", kind="registry")
        call.serial_number = answer.serial_number
    if answer.open_case is not None:
        run.note(f"{answer.open_case} is open for this equipment", kind="registry")


def _reject(run: CallExecution, reason: str) -> None:
    run.case.end(CallOutcome.REJECTED, reason)
    run.tell_the_caller(call_notices.call_rejected(run.about, reason))


def _acknowledge(run: CallExecution) -> None:
    """A mail is answered at once: with the phone number, and the hours; a call outside of them, with the opening."""
    call = run.case
    if call.is_by_mail:
        run.tell_the_caller(call_notices.breakdown_by_mail(run.about, call.line_opens_at))
    elif call.line_opens_at is not None:
        run.note(f"outside service hours: the line opens {call.line_opens_at:%a %Y-%m-%d %H:%M%z}", kind="call")
        run.tell_the_caller(call_notices.call_recorded(run.about, call.line_opens_at))


def _is_by_a_supervisor(call: AssistanceCall) -> bool:
    return call.call is not None and (call.call.actor or "").startswith("supervisor:")


async def identify(run: CallExecution, serial_number: str) -> None:
    """It is known now which equipment the call is about: the terms of its contract count, from the call on (R14)."""
    call, before = run.case, run.case.serial_number
    call.serial_number = serial_number
    answer = await _ask(run, serial_number)
    if answer.equipment is None:
        call.serial_number = before
        run.note(f"{serial_number} is not in the registry: the call goes on as it was", kind="registry")
        return
    _learn(run, answer)
    if answer.coverage is None:
        _reject(run, answer.rejected_because or "not covered")
        return
    call.coverage = answer.coverage
    run.note(f"the call is about {call.serial_number}, {answer.equipment.type}", kind="registry")
    await _count_anew(run)


async def _count_anew(run: CallExecution) -> None:
    """What is owed is owed under the terms of the contract."""
    terms = run.coverage.terms
    for name, amount in (
        (PromiseName.LEVEL_1_ANSWER, terms.level_1_answer),
        (PromiseName.LEVEL_2_DIAGNOSIS, terms.level_2_diagnosis),
    ):
        promise = run.case.owed(name)
        if promise is not None and promise.budget != BusinessHours(amount=amount):
            promise.budget = BusinessHours(amount=amount)
            await run.promises.project_anew(promise, "the terms of the contract count")
