"""A loan follows the equipment to another site: its parcel, its promise, its visit (R8, SPEC §5 correction)."""

from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.loan_pool import move_to, wait_elsewhere
from workflows.visit_planning import plan_anew

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.effects import EffectKey, Rerouting
    from domain.loan import Loan, LoanStage
    from domain.promises import NextBusinessDay, PromiseName


THE_LINE_FOLLOWS = "a-loan-waits-in-line-for-the-right-site"
"""Before, the place in line was still for the old one."""


async def follow_the_equipment(run: CaseExecution, loan: Loan, since: datetime) -> None:
    """Have the unit brought to where the equipment stands; one that is in service already stays."""
    loan.elsewhere_since = None
    if loan.stage is LoanStage.WAITING and workflow.patched(THE_LINE_FOLLOWS):
        await wait_elsewhere(run, loan)
    if loan.stage in (LoanStage.SCHEDULING, LoanStage.VISIT):
        await _back_on_its_way(run, loan, since)
    if loan.transport is not None and loan.stage in (LoanStage.RESERVED, LoanStage.DISPATCHED):
        await _reroute(run, loan, loan.transport)


async def _back_on_its_way(run: CaseExecution, loan: Loan, since: datetime) -> None:
    """Delivered at the wrong site is not delivered yet: a promise of its own, and a visit at the right one."""
    await plan_anew(run, loan.visit, "the equipment stands elsewhere", since)
    budget = NextBusinessDay(transit_days=run.equipment.transit_days)
    await run.promises.start(PromiseName.LOAN_AVAILABLE, budget, since)
    move_to(run, loan, LoanStage.DISPATCHED, f"it is to be brought to {run.equipment.site}")


async def _reroute(run: CaseExecution, loan: Loan, transport: EffectKey) -> None:
    promise = run.case.latest(PromiseName.LOAN_AVAILABLE)
    assert loan.unit is not None
    assert promise is not None
    assert promise.due_at is not None
    site, due_at = run.equipment.site, promise.due_at
    await run.effects.reroute(Rerouting(order=transport, now=workflow.now(), site=site, due_at=due_at))
    run.note(f"loan unit {loan.unit.serial_number} is re-routed to {site}", kind="loan")
    shown = (f"{loan.unit.type} {loan.unit.serial_number}",)
    run.tell("coordinator", notices.order_rerouted(run.about, transport.identifier, shown, due_at))
