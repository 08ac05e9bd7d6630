"""The pool of loan units: one with at least the same features, the nearest; or a place in line (R8)."""

from temporalio import workflow

from workflows.case_execution import CaseExecution

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.effects import EffectKey, LoanMove, LoanRequest, LoanStep, LoanUnit, words_for
    from domain.loan import Loan, LoanStage
    from domain.messages import LoanVeto
    from domain.promises import PromiseName


async def reserve(run: CaseExecution, loan: Loan) -> None:
    """Reserve a unit; when none is free, wait in line, oldest promise first, and tell the supervisor."""
    loan.key = loan.key or run.next_key("loan")
    loan.stage = LoanStage.WAITING  # a word that it is served may come before this answer
    request = _request(run, loan.key)
    answer = await run.effects.reserve_loan_unit(request)
    if answer.unit is not None:
        _have(run, loan, answer.unit)
        return
    place = answer.place_in_line or 1
    move_to(run, loan, LoanStage.WAITING, f"no unit of the pool is free: waiting in line, at place {place}")
    run.tell("supervisor", notices.no_loan_unit_free(run.about, request.promised_for, place))


def _request(run: CaseExecution, key: EffectKey) -> LoanRequest:
    promise = run.case.latest(PromiseName.LOAN_AVAILABLE)
    assert promise is not None
    assert promise.due_at is not None
    return LoanRequest(
        key=key,
        now=workflow.now(),
        equipment_type=run.equipment.type,
        site=run.equipment.site,
        promised_for=promise.due_at,
    )


async def wait_elsewhere(run: CaseExecution, loan: Loan) -> None:
    """The equipment stands at another site: what comes free is for there, and by the promise that counts there."""
    assert loan.key is not None
    await run.effects.wait_elsewhere(_request(run, loan.key))
    run.note(f"loan {loan.number} waits in line for {run.equipment.site}", kind="loan")


async def waiting(run: CaseExecution, loan: Loan) -> None:
    """Wait until a unit comes free for this case; the pool is asked which, so that nobody can make one up."""
    word = await run.next_message("loan_assigned", "loan_veto", about="loan", unless=lambda: loan.is_interrupted)
    if isinstance(word, LoanVeto):
        loan.ended_because = f"vetoed: {word.reason}"
    elif word is not None:
        assert loan.key is not None
        answer = await run.effects.find_loan(loan.key)
        if answer.unit is not None:
            _have(run, loan, answer.unit)


def _have(run: CaseExecution, loan: Loan, unit: LoanUnit) -> None:
    loan.unit = unit
    move_to(run, loan, LoanStage.RESERVED, f"{unit.type} {unit.serial_number} is reserved at {unit.location}")


def move_to(run: CaseExecution, loan: Loan, stage: LoanStage, why: str) -> None:
    """The loan reaches a stage, and the journal says why."""
    loan.stage = stage
    loan.stage_has_begun = False
    run.note(f"loan {loan.number} {stage.value.replace('_', ' ')}: {why}", kind="loan")


async def tell_the_pool(run: CaseExecution, loan: Loan, step: LoanStep) -> None:
    """Note how far the unit has come; a case in line that is served by what came free is told."""
    assert loan.key is not None
    granted = await run.effects.move_loan(LoanMove(loan=loan.key, now=workflow.now(), step=step))
    if granted:
        await run.effects.tell_cases(words_for(granted, run.next_key("loan-granted"), workflow.now()))
