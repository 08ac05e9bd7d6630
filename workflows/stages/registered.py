"""Registered: is the equipment entitled to curative maintenance? (R1, R4, R14)"""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.moving import move

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party, Stage
    from domain.deadlines import DeadlineQuestion
    from domain.effects import EntitlementQuestion
    from domain.messages import Report


async def registered(run: CaseExecution) -> None:
    """Check the entitlement: the case goes on, or is rejected, with the reason for the caller."""
    case, report = run.case, run.case.report
    assert report is not None
    run.begins()
    run.hand_over(Party.SUPPORT, "level 1", "Check the entitlement", at=case.reported_at)
    question = EntitlementQuestion(
        serial_number=case.serial_number, reported_at=case.reported_at, exception=report.exception
    )
    answer = await run.effects.check_entitlement(question, when_away=lambda: _check_is_pending(run))
    case.check_pending = False
    case.equipment = answer.equipment
    if answer.belongs_to is not None:
        await move(run, answer.belongs_to, f"the registry knows it as {answer.belongs_to}")
        return
    if answer.coverage is None:
        run.end(Outcome.REJECTED, answer.rejected_because or "not covered")
        return
    known = DeadlineQuestion(now=workflow.now(), coverage=answer.coverage, hours_from=case.opened_at)
    hours = (await run.effects.ask_deadlines(known, "When are we open?")).service_hours
    case.service_hours = hours or case.service_hours
    if _is_too_old(run, report):
        reason = "only a supervisor may enter it (actor supervisor:NAME)"
        run.end(Outcome.REJECTED, f"reported_at is more than one business day before the report was entered; {reason}")
        return
    case.coverage = answer.coverage
    case.recurrence_of = answer.recurrence_of
    if case.recurrence_of is not None:
        run.note(f"recurrence of {case.recurrence_of}, under its terms", kind="recurrence")
    if report.exception:
        run.note(f"covered by {answer.coverage.basis}", kind="exception")
    case.level = 2 if case.is_blocking or (case.diagnosis and case.diagnosis.level == 2) else 1
    run.go_to(Stage.REMOTE_DIAGNOSIS)


def _is_too_old(run: CaseExecution, report: Report) -> bool:
    """Entered too late by anybody but a supervisor; what a case or a call took first was entered in time there."""
    case = run.case
    is_backdated = case.service_hours.is_backdated(case.reported_at, case.opened_at)
    is_handed_over = case.moved_from is not None or case.diagnosis is not None
    return is_backdated and not is_handed_over and not _is_supervisor(report)


def _is_supervisor(report: Report) -> bool:
    return (report.actor or "").startswith("supervisor:")


def _check_is_pending(run: CaseExecution) -> None:
    run.case.check_pending = True
    run.note("recorded; the registry cannot be asked now, the check is pending", kind="registry")
