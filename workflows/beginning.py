"""How an execution begins: with a report, or with a case that was under way (DESIGN §2.11)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.continuation import continued

with workflow.unsafe.imports_passed_through():
    from config.arrival import start_sent_at
    from domain.case import CaseState, Outcome
    from domain.diagnosis import DiagnosisSoFar
    from domain.instants import OLDEST_ENTRY
    from domain.journal import Disposition
    from domain.message_checks import CLOCK_TOLERANCE
    from domain.messages import MessageRefused, Report
    from domain.opening import Opening, parse_opening
    from domain.parcels import failed_before
    from domain.references import new_reference
    from domain.rounds import Round
    from domain.serial_numbers import curative_workflow_id


def case_of(payloads: tuple[object, ...]) -> CaseExecution:
    """The case that an execution begins with. One whose report does not fit is rejected, and told so."""
    so_far = continued(payloads, CaseState)
    if so_far is not None:
        if "failed_parcels" not in so_far.model_fields_set:
            so_far.failed_parcels = failed_before(so_far.round)
        return CaseExecution(so_far)
    try:
        opening = _admitted(parse_opening(payloads))
    except MessageRefused as refusal:
        return _refused(payloads, refusal)
    run = CaseExecution(_new_case(opening))
    run.inbox.accept_opening(opening.report)
    if opening.moved_from is not None:
        run.note(f"moved here from {opening.moved_from}", kind="correction")
    if opening.diagnosis is not None:
        _tell_of_the_call(run, opening.diagnosis)
    return run


def _tell_of_the_call(run: CaseExecution, diagnosis: DiagnosisSoFar) -> None:
    """The journal begins with what was said and done in the call, at the instants of then."""
    run.note(f"begins where the diagnosis of {diagnosis.call} ended, at level {diagnosis.level}", kind="call")
    for line in diagnosis.journal:
        text = f"[{diagnosis.call}] {line.text}"
        run.case.write(workflow.now(), line.actor, line.kind, Disposition.NOTED, text, at=line.at)


def _refused(payloads: tuple[object, ...], refusal: MessageRefused) -> CaseExecution:
    run = CaseExecution(_new_case(None))
    run.inbox.refuse("report", payloads, refusal)
    run.end(Outcome.REJECTED, str(refusal))
    return run


def _admitted(opening: Opening) -> Opening:
    """The opening, when it belongs to this workflow id and was picked up at a time that can be meant."""
    report = opening.report
    expected = curative_workflow_id(report.serial_number)
    if workflow.info().workflow_id != expected:
        raise MessageRefused(
            "report.serial_number", f"the case of {report.serial_number} has the workflow id {expected}"
        )
    at = report.happened_at
    if at is not None and at > workflow.now() + CLOCK_TOLERANCE:
        raise MessageRefused("report.reported_at", f"{at.isoformat()} lies ahead of the case's clock")
    if at is not None and at < workflow.now() - OLDEST_ENTRY:
        raise MessageRefused(
            "report.reported_at", f"{at.isoformat()} is more than a year ago; give the instant of the call"
        )
    return opening


def _new_case(opening: Opening | None) -> CaseState:
    info, now = workflow.info(), workflow.now()
    report: Report | None = opening.report if opening else None
    sent_at = start_sent_at() or now
    reported_at = min(report.happened_at or sent_at, now) if report else now
    return CaseState(
        reference=new_reference(workflow.random()),
        workflow_id=info.workflow_id,
        run_id=info.run_id,
        opened_at=now,
        reported_at=reported_at,
        since=reported_at,
        serial_number=report.serial_number if report else info.workflow_id.removeprefix("curative-")[:64],
        report=report,
        moved_from=opening.moved_from if opening else None,
        diagnosis=opening.diagnosis if opening else None,
        rounds=[Round(reason="reported", began_at=reported_at)],
    )
