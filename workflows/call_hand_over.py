"""A call becomes a curative case, which starts where the diagnosis ended, or a software request (R3, R4, R5)."""

from pydantic import JsonValue
from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.call_execution import CallExecution

with workflow.unsafe.imports_passed_through():
    from domain import call_notices
    from domain.assistance import CallOutcome, CallStage
    from domain.call_report import curative_report, diagnosis_so_far
    from domain.effects import CallHandedOver, CallHandOver, CaseWord, CaseWords, SoftwareOrder
    from domain.waits import Party


async def hand_over(run: CallExecution) -> None:
    """Have somebody else go on with it; who cannot is named, and the ball is with support again."""
    finding = run.case.finding
    if run.begins():
        run.enter(Party.SUPPORT, f"level {run.case.level}", "Hand the call over, with what was found")
    try:
        if finding is not None and finding.outcome == "software_fault":
            await _to_software(run)
        else:
            await _to_curative_maintenance(run)
    except ActivityError as failure:
        _take_back(run, f"it could not be handed over: {failure.cause}"[:500])


async def _to_curative_maintenance(run: CallExecution) -> None:
    """A case is opened with the call as its report, or the one that is open is told of it."""
    call = run.case
    report = curative_report(call)
    hand_over = CallHandOver(
        key=run.next_key("hand-over"),
        now=workflow.now(),
        serial_number=report.serial_number,
        report=report.model_dump(mode="json", exclude_none=True),
        diagnosis=diagnosis_so_far(call).model_dump(mode="json"),
    )
    case = await run.effects.hand_over_call(hand_over)
    _goes_on_as(run, case.reference, case.workflow_id)
    if case.rejected_because is not None:
        call.end(CallOutcome.CURATIVE_CASE, f"{case.reference} is rejected: {case.rejected_because}")
        return  # the case has told whoever called why
    if not case.is_new:
        await _tell_the_open_case(run, case)
    call.end(CallOutcome.CURATIVE_CASE, f"curative maintenance goes on with it: {case.reference}")
    run.tell_the_caller(call_notices.call_became_a_case(run.about, case.reference))


async def _tell_the_open_case(run: CallExecution, case: CallHandedOver) -> None:
    """It has the report; what was found by phone is said to it as to any case, and journaled whatever its stage."""
    call, finding = run.case, run.case.finding
    words = [_word(case, "note", {"text": f"{call.reference} is about the same equipment"})]
    if finding is not None:
        who: dict[str, JsonValue] = {"technician": finding.technician}
        words.append(
            _word(
                case,
                "remote_diagnosis",
                {**who, "level": 1, "outcome": "escalate", "findings": f"diagnosed by phone in {call.reference}"},
            )
        )
        found = finding.model_dump(mode="json", exclude={"message_id", "case", "at"}, exclude_none=True)
        words.append(_word(case, "remote_diagnosis", found))
    told = CaseWords(key=run.next_key("told"), now=workflow.now(), words=tuple(words))
    await run.effects.tell_cases(told)
    run.note(f"{case.reference} was open already: it is told", kind="call")


def _word(case: CallHandedOver, name: str, payload: dict[str, JsonValue]) -> CaseWord:
    return CaseWord(workflow_id=case.workflow_id, name=name, payload=payload)


async def _to_software(run: CallExecution) -> None:
    """Software for the equipment is asked for; a request that is open for it is joined (R3, R12)."""
    call = run.case
    assert call.call is not None
    assert call.serial_number is not None
    order = SoftwareOrder(
        key=run.next_key("software"),
        now=workflow.now(),
        serial_number=call.serial_number,
        requested_by=call.call.caller.model_dump(mode="json", exclude_none=True),
        received_at=call.picked_up_at,
        reason=f"{call.reference}: {call.finding.findings if call.finding else ''}"[:1_000],
    )
    request = await run.effects.request_software(order)
    reference = request.reference
    _goes_on_as(run, reference, request.workflow_id)
    call.end(CallOutcome.SOFTWARE_REQUEST, f"a software request goes on with it: {reference}")
    run.tell_the_caller(call_notices.call_became_a_request(run.about, reference))


def _goes_on_as(run: CallExecution, reference: str, workflow_id: str) -> None:
    run.case.led_to, run.case.led_to_workflow = reference, workflow_id


def _take_back(run: CallExecution, why: str) -> None:
    """Nobody could have it: level 2 goes on, under a clock of its own."""
    call = run.case
    run.note(f"back to level 2: {why}", kind="call")
    call.finding, call.incident = None, None
    call.level = 2
    call.since = workflow.now()
    run.go_to(CallStage.REMOTE_DIAGNOSIS)
