"""Remote diagnosis: level 1 guides, level 2 finds the cause (R2, R3, R5)."""

from collections import Counter

from temporalio import workflow

from workflows.acknowledgement import acknowledge
from workflows.case_execution import CaseExecution
from workflows.diagnosis import Ends, begin_diagnosis, diagnose
from workflows.finding import heed_finding
from workflows.software_wait import heed_software_news, heed_software_test, software_has_news

with workflow.unsafe.imports_passed_through():
    from domain import progress_notices
    from domain.case import Outcome, Party, Stage
    from domain.diagnosis import DiagnosisSoFar
    from domain.messages import InterventionReport, Message, RemoteDiagnosis
    from domain.promises import Promise, PromiseName


async def remote_diagnosis(run: CaseExecution) -> None:
    """Diagnose until it is resolved remotely, or something or somebody has to go on site."""
    ends = Ends(
        goes_on=lambda: run.is_at(Stage.REMOTE_DIAGNOSIS) and run.case.stage_has_begun,  # a new round begins anew
        resolved=lambda word: _resolve(run, word),
        found=lambda word: heed_finding(run, word),
        others=(InterventionReport.kind,),
        hear_other=lambda word: _hear_the_test(run, word),
        promised=lambda promise: _tell_the_customer(run, promise),
        has_news=lambda: software_has_news(run),
        heed_news=lambda: heed_software_news(run),
    )
    if run.begins():
        if run.case.diagnosis is not None and run.case.round.number == 1:
            await _go_on(run, run.case.diagnosis, ends)
        else:
            await begin_diagnosis(run, ends)
    await diagnose(run, ends)


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


def _tell_the_customer(run: CaseExecution, promise: Promise) -> None:
    """By when something happens next: the report is taken, or what was not restored is diagnosed again (SPEC §3)."""
    acknowledge(run)
    is_owed = promise.name is PromiseName.LEVEL_2_DIAGNOSIS and run.case.round.is_owed_to_the_customer
    if is_owed and promise.due_at is not None:
        run.tell("customer", progress_notices.diagnosis_resumed(run.about, promise.due_at))


def _resolve(run: CaseExecution, word: RemoteDiagnosis) -> None:
    """Software that was at fault was put right, and tested (R9)."""
    if run.case.round.finding is not None and run.case.round.finding.outcome == "software_fault":
        heed_software_test(run, word)
    else:
        run.end(Outcome.RESOLVED_REMOTELY, word.findings)


async def _hear_the_test(run: CaseExecution, word: Message) -> None:
    if isinstance(word, InterventionReport):
        heed_software_test(run, word)
