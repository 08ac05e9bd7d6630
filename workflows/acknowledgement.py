"""The first and the last word to whoever reported: taken, by when and why; rejected, or closed, and how (SPEC §3)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.outbox import tells_of_every_moment

with workflow.unsafe.imports_passed_through():
    from domain import progress_notices
    from domain.case import Outcome
    from domain.promises import PromiseName

CLOSED_WITH_A_WORD = (Outcome.RESTORED, Outcome.RESOLVED_REMOTELY, Outcome.RESOLVED_BY_SOFTWARE)
"""A cancelled case has said so when it was; one that moved is acknowledged by the case that it moved to."""


def acknowledge(run: CaseExecution) -> None:
    """Say once that the report is taken, as soon as it is known by when something happens next."""
    case = run.case
    promise = case.owed(PromiseName.LEVEL_1_ANSWER) or case.owed(PromiseName.LEVEL_2_DIAGNOSIS)
    if promise is None or case.is_acknowledged or not tells_of_every_moment():
        return
    case.is_acknowledged = True
    run.tell("customer", progress_notices.report_acknowledged(run.about, case, promise))


def say_how_it_ended(run: CaseExecution) -> None:
    """Tell whoever reported; a report that could not even be read names nobody."""
    case = run.case
    if case.report is None or case.outcome is None or not tells_of_every_moment():
        return
    if case.outcome is Outcome.REJECTED:
        run.tell("customer", progress_notices.report_rejected(run.about, case.outcome_reason or ""))
    elif case.outcome in CLOSED_WITH_A_WORD:
        run.tell("customer", progress_notices.case_closed(run.about, case.outcome, case.outcome_reason or ""))
