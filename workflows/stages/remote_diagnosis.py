"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from collections import Counter

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.diagnosis import Ends, begin_diagnosis, diagnose
from workflows.finding import heed_finding

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Party, Stage
    from domain.diagnosis import DiagnosisSoFar
    from domain.messages import RemoteDiagnosis


async def remote_diagnosis(run: CaseExecution) -> None:
    """Diagnose until it is resolved remotely, or something or somebody has to go on site."""
    if run.begins():
        if run.case.diagnosis is not None and run.case.round.number == 1:
            await _go_on(run, run.case.diagnosis)
        else:
            await begin_diagnosis(run)
    ends = Ends(
        goes_on=lambda: run.is_at(Stage.REMOTE_DIAGNOSIS),
        resolved=lambda word: _resolve(run, word),
        found=lambda word: heed_finding(run, word),
    )
    await diagnose(run, ends)


async def _go_on(run: CaseExecution, so_far: DiagnosisSoFar) -> None:
    """Where the call ended: under its clocks, and by what level 2 has found in it (R3, R5)."""
    run.case.promises = [promise.model_copy(deep=True) for promise in so_far.promises]
    run.case.promises_begun = dict(Counter(promise.name for promise in so_far.promises))
    if so_far.finding is None:
        await begin_diagnosis(run)
        return
    run.case.since = so_far.finding.instant
    run.enter(Party.SUPPORT, f"level {run.case.level}", f"Go on by what {so_far.call} has found")
    await heed_finding(run, so_far.finding)


def _resolve(run: CaseExecution, word: RemoteDiagnosis) -> None:
    by_software = run.case.round.finding is not None and run.case.round.finding.outcome == "software_fault"
    run.end(Outcome.RESOLVED_BY_SOFTWARE if by_software else Outcome.RESOLVED_REMOTELY, word.findings)
