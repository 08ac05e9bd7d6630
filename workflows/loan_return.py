"""The end of a loan: called off while it is in the house, called back when it has left it (R8)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.invitations import tell_it_is_off
from workflows.loan_pool import move_to, tell_the_pool
from workflows.returns import have_returned
from workflows.visit_planning import chosen_slot, let_go

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.effects import CallOff, LoanStep
    from domain.loan import Loan, LoanStage
    from domain.promises import PromiseName
    from domain.slots import SlotState


async def call_back(run: CaseExecution, loan: Loan) -> None:
    """Nothing more is owed; a unit in the house is free again, one outside of it is called back to the pool."""
    why = loan.ended_because or ""
    now = workflow.now()
    run.promises.cancel(PromiseName.LOAN_AVAILABLE, now)
    run.inbox.drop_loan(f"not used: {why}")
    await _call_the_visit_off(run, loan, why, now)
    if loan.has_left_the_house:
        await have_the_unit_returned(run, loan)
    else:
        await _keep_it_in_the_house(run, loan, why, now)
    move_to(run, loan, LoanStage.ENDED, why)


async def _call_the_visit_off(run: CaseExecution, loan: Loan, why: str, now: datetime) -> None:
    slot = chosen_slot(run, "loan")
    await let_go(run, "loan", SlotState.DECLINED, why, now)
    if slot is not None:
        tell_it_is_off(run, loan.visit, slot, why, is_sought_anew=False)


async def _keep_it_in_the_house(run: CaseExecution, loan: Loan, why: str, now: datetime) -> None:
    """Neither its transport nor its unit is needed; whoever was promised one is told."""
    if loan.transport is not None:
        await run.effects.call_off_order(CallOff(of=loan.transport, now=now))
    if loan.key is not None:
        await tell_the_pool(run, loan, LoanStep.CALLED_OFF)
    if loan.decided_at is not None and not run.case.is_ending:
        run.tell("customer", notices.loan_called_off(run.about, why))


async def have_the_unit_returned(run: CaseExecution, loan: Loan, fault: str | None = None) -> None:
    """Its way back is followed on its own, so that the case can go on, and close."""
    assert loan.unit is not None
    await tell_the_pool(run, loan, LoanStep.RETURNING)
    item = f"{loan.unit.type} {loan.unit.serial_number}"
    have_returned(run, "loan_unit", item, destination=loan.unit.location, loan=loan.key, fault=fault)
