"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from collections import Counter

from temporalio import workflow

from workflows.acknowledgement import acknowledge
from workflows.case_execution import CaseExecution
from workflows.diagnosis import Ends, begin_diagnosis, diagnose
from workflows.finding import heed_finding

with workflow.unsafe.imports_passed_through():
    from domain import progress_notices
    from domain.case import Outcome, Party, Stage
    from domain.diagnosis import DiagnosisSoFar
    from domain.messages import RemoteDiagnosis
    from domain.promises import PromiseName


async def remote_diagnosis(run: CaseExecution) -> None:
    """Diagnose until it is resolved remotely, or something or somebody has to go on site."""
    ends = Ends(
        goes_on=lambda: run.is_at(Stage.REMOTE_DIAGNOSIS),
        begun=lambda: _say_by_when(run),
        resolved=lambda word: _resolve(run, word),
        found=lambda word: heed_finding(run, word),
    )
    if run.begins():
        if run.case.diagnosis is not None and run.case.round.number == 1:
            await _go_on(run, run.case.diagnosis, ends)
        else:
            await begin_diagnosis(run, ends)
    await diagnose(run, ends)


def _say_by_when(run: CaseExecution) -> None:
    """Whoever reported hears that the case is taken; a customer whose case comes back, that it goes on."""
    acknowledge(run)
    promise = run.case.owed(PromiseName.LEVEL_2_DIAGNOSIS)
    if run.case.round.is_owed_to_the_customer and promise is not None and promise.due_at is not None:
        run.tell("customer", progress_notices.diagnosis_resumed(run.about, promise.due_at))


async def _go_on(run: CaseExecution, so_far: DiagnosisSoFar, ends: Ends) -> None:
    """Where the call ended: under its clocks, and by what level 2 has found in it (R3, R5)."""
    run.case.promises = [promise.model_copy(deep=True) for promise in so_far.promises]
    run.case.promises_begun = dict(Counter(promise.name for promise in so_far.promises))
    if so_far.finding is None:
        await begin_diagnosis(run, ends)
        return
    run.case.since = so_far.finding.instant
    run.enter(Party.SUPPORT, f"level {run.case.level}", f"Go on by what {so_far.call} has found")
    await heed_finding(run, so_far.finding)


def _resolve(run: CaseExecution, word: RemoteDiagnosis) -> None:
    by_software = run.case.round.finding is not None and run.case.round.finding.outcome == "software_fault"
    run.end(Outcome.RESOLVED_BY_SOFTWARE if by_software else Outcome.RESOLVED_REMOTELY, word.findings)
