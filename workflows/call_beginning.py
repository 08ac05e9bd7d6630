"""How the execution of a call begins: with the call, or with one that was under way (DESIGN §2.11)."""

from temporalio import workflow

from workflows.call_execution import CallExecution
from workflows.continuation import continued

with workflow.unsafe.imports_passed_through():
    from config.arrival import start_sent_at
    from domain.assistance import PREFIX, AssistanceCall, CallOutcome
    from domain.call_messages import Call
    from domain.call_opening import CALL, parse_call
    from domain.instants import OLDEST_ENTRY
    from domain.message_checks import CLOCK_TOLERANCE
    from domain.messages import MessageRefused
    from domain.references import ASSISTANCE, new_reference


def call_of(payloads: tuple[object, ...]) -> CallExecution:
    """The call that an execution begins with. One that does not fit is rejected, and told so."""
    so_far = continued(payloads, AssistanceCall)
    if so_far is not None:
        return CallExecution(so_far)
    try:
        call = parse_call(payloads, workflow.info().workflow_id)
        _check_it_can_be_meant(call)
    except MessageRefused as refusal:
        return _refused(payloads, refusal)
    run = CallExecution(_new_call(call))
    run.inbox.accept_opening(call)
    return run


def _refused(payloads: tuple[object, ...], refusal: MessageRefused) -> CallExecution:
    run = CallExecution(_new_call(None))
    run.inbox.refuse(CALL, payloads, refusal)
    run.case.end(CallOutcome.REJECTED, str(refusal))
    return run


def _check_it_can_be_meant(call: Call) -> None:
    """It was picked up at a time that can be meant."""
    at, now = call.happened_at, workflow.now()
    if at is not None and at > now + CLOCK_TOLERANCE:
        raise MessageRefused("call.received_at", f"{at.isoformat()} lies ahead of the clock")
    if at is not None and at < now - OLDEST_ENTRY:
        raise MessageRefused(
            "call.received_at", f"{at.isoformat()} is more than a year ago; give the instant of the call"
        )


def _new_call(call: Call | None) -> AssistanceCall:
    info, now = workflow.info(), workflow.now()
    sent_at = start_sent_at() or now
    received_at = min(call.happened_at or sent_at, now) if call else now
    return AssistanceCall(
        reference=new_reference(workflow.random(), ASSISTANCE),
        workflow_id=info.workflow_id,
        run_id=info.run_id,
        call_id=info.workflow_id.removeprefix(PREFIX),
        opened_at=now,
        reported_at=received_at,
        since=received_at,
        call=call,
        serial_number=call.serial_number if call else None,
    )
