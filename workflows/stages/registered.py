"""Registered: is the equipment entitled to curative maintenance? (R1, R4, R14)"""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party
    from domain.deadlines import DeadlineQuestion
    from domain.effects import EntitlementQuestion
    from domain.messages import Report


async def registered(run: CaseExecution, report: Report) -> bool:
    """Check the entitlement; True when the case goes on, False when it was rejected, with the reason for the caller."""
    case = run.case
    run.hand_over(Party.SUPPORT, "level 1", "Check the entitlement", at=case.reported_at)
    question = EntitlementQuestion(
        serial_number=case.serial_number, reported_at=case.reported_at, exception=report.exception
    )
    answer = await run.effects.check_entitlement(question, when_away=lambda: _check_is_pending(run))
    case.check_pending = False
    case.equipment = answer.equipment
    if answer.coverage is None:
        return _reject(run, answer.rejected_because or "not covered")
    known = DeadlineQuestion(now=workflow.now(), coverage=answer.coverage, hours_from=case.opened_at)
    hours = (await run.effects.ask_deadlines(known, "When are we open?")).service_hours
    case.service_hours = hours or case.service_hours
    if case.service_hours.is_backdated(case.reported_at, case.opened_at) and not _is_supervisor(report):
        return _reject(
            run,
            "reported_at is more than one business day before the report was entered; "
            "only a supervisor may enter it (actor supervisor:NAME)",
        )
    case.coverage = answer.coverage
    if report.exception:
        run.note(f"covered by {answer.coverage.basis}", kind="exception")
    return True


def _is_supervisor(report: Report) -> bool:
    return (report.actor or "").startswith("supervisor:")


def _check_is_pending(run: CaseExecution) -> None:
    run.case.check_pending = True
    run.note("recorded; the registry cannot be asked now, the check is pending", kind="registry")


def _reject(run: CaseExecution, reason: str) -> bool:
    run.end(Outcome.REJECTED, reason)
    return False
