"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.diagnosis import Ends, begin_diagnosis, diagnose
from workflows.finding import heed_finding

with workflow.unsafe.imports_passed_through():
    from domain.case import Outcome, Stage
    from domain.messages import RemoteDiagnosis


async def remote_diagnosis(run: CaseExecution) -> None:
    """Diagnose until it is resolved remotely, or something or somebody has to go on site."""
    if run.begins():
        await begin_diagnosis(run)
    ends = Ends(
        goes_on=lambda: run.is_at(Stage.REMOTE_DIAGNOSIS),
        resolved=lambda word: _resolve(run, word),
        found=lambda word: heed_finding(run, word),
    )
    await diagnose(run, ends)


def _resolve(run: CaseExecution, word: RemoteDiagnosis) -> None:
    by_software = run.case.round.finding is not None and run.case.round.finding.outcome == "software_fault"
    run.end(Outcome.RESOLVED_BY_SOFTWARE if by_software else Outcome.RESOLVED_REMOTELY, word.findings)
