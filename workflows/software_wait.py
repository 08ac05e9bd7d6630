"""Software at fault: asked for, waited for, tested; or done without, as the technician says (R3, R9)."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party
    from domain.effects import SoftwareOrder, SoftwareWithdrawal
    from domain.messages import InterventionReport, RemoteDiagnosis
    from domain.software_wait import SoftwareState, SoftwareWait

KIND = "software"


async def ask_for_software(run: CaseExecution, word: RemoteDiagnosis) -> bool:
    """Open a software request for the equipment, joined if one is open for it; what is awaited already stays so.

    False when no request can have it: level 2 has to find another way.
    """
    case, with_hardware = run.case, word.outcome != "software_fault"
    if case.software is not None and case.software.is_awaited:
        case.software.with_hardware = with_hardware
        run.note(f"the software is awaited already: {case.software.request}", kind=KIND)
        return True
    assert case.report is not None
    case.software = SoftwareWait(asked_at=word.instant, with_hardware=with_hardware)
    order = SoftwareOrder(
        key=run.next_key("software"),
        now=workflow.now(),
        serial_number=case.serial_number,
        requested_by=case.report.reported_by.model_dump(mode="json", exclude_none=True),
        received_at=word.instant,
        reason=word.findings,
        tell=case.workflow_id,
    )
    try:
        request = await run.effects.request_software(order)
    except ActivityError as failure:
        case.software = None
        run.note(f"no software request can have it: {failure.cause}"[:1_000], kind=KIND)
        return False
    case.software.request, case.software.request_workflow = request.reference, request.workflow_id
    run.note(f"software is asked for: {request.reference}", kind=KIND)
    return True


def wait_for_software(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """The ball is with whoever looks for the software; level 2 may go on without it at any time."""
    software = run.case.software
    assert software is not None
    next_action = f"Wait for the software ({software.request}) and have it tested, or go on without (remote_diagnosis)"
    run.hand_over(Party.SUPPORT, "level 2", next_action, word.instant)


def software_has_news(run: CaseExecution) -> bool:
    """Whether the software request has answered, and what it said has not led on yet."""
    software = run.case.software
    return software is not None and not software.is_heeded


async def heed_software_news(run: CaseExecution) -> None:
    """Delivered, it is installed and tested; else level 2 diagnoses anew, with the answer (R3, R9)."""
    software = run.case.software
    assert software is not None
    assert software.answered_at is not None
    software.is_heeded = True
    if software.state is SoftwareState.DELIVERED:
        next_action = f"Have the software of {software.request} installed, test it, say how it ended (remote_diagnosis)"
        run.hand_over(Party.SUPPORT, "level 2", next_action, software.answered_at)
        return
    said = "is up to date" if software.state is SoftwareState.UP_TO_DATE else "cannot be had"
    run.back_to_level_2(f"the software {said}: {software.text or ''}"[:500], software.answered_at)


async def go_on_without_software(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """The technician goes another way: nobody waits for the software any more, unless it is at fault as well."""
    if not word.also_software:
        await withdraw_software(run, f"the diagnosis goes another way: {word.outcome.replace('_', ' ')}")


async def withdraw_software(run: CaseExecution, reason: str) -> None:
    """Wait no more for what was asked for; the request goes on for whoever else needs it."""
    software = run.case.software
    if software is None or not software.is_awaited:
        return
    software.withdraw(workflow.now())
    assert software.request_workflow is not None
    withdrawal = SoftwareWithdrawal(
        key=run.next_key("software-withdrawal"),
        now=workflow.now(),
        request=software.request_workflow,
        serial_number=run.case.serial_number,
        tell=run.case.workflow_id,
        reason=reason[:1_000],
    )
    await run.effects.withdraw_software(withdrawal)
    run.note(f"no longer waits for the software of {software.request}: {reason}"[:1_000], kind=KIND)


def heed_software_test(run: CaseExecution, word: RemoteDiagnosis | InterventionReport) -> None:
    """A repair by software is tested too; the case never closes on a failed test (R9)."""
    failed = [test.name for test in word.tests if not test.passed]
    if isinstance(word, InterventionReport) and not word.service_is_restored:
        run.back_to_level_2(word.summary, word.instant)
    elif failed:
        run.back_to_level_2(f"tests failed: {', '.join(failed)}"[:500], word.instant)
    else:
        summary = word.summary if isinstance(word, InterventionReport) else word.findings
        run.end(Outcome.RESOLVED_BY_SOFTWARE, summary)
