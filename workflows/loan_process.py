"""Loan equipment, beside the case: decided by itself, vetoed, reserved, brought, installed, called back (R8)."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from temporalio import workflow

from workflows.case_execution import CaseExecution
from workflows.loan_delivery import dispatched, in_service, reserved, scheduling, visit
from workflows.loan_moves import follow_the_equipment
from workflows.loan_pool import reserve, waiting
from workflows.loan_return import call_back

with workflow.unsafe.imports_passed_through():
    from domain import notices
    from domain.loan import Loan, LoanStage
    from domain.messages import LoanVeto
    from domain.promises import NextBusinessDay, PromiseName

LoanStep = Callable[[CaseExecution, Loan], Awaitable[None]]


def consider_loan(run: CaseExecution, cause: str, at: datetime, *, by_breach: bool) -> None:
    """The last resort is at hand, unless a loan is under way already. It happens by itself."""
    before = run.case.loan
    if before is not None and before.is_open and before.ended_because is None:
        run.note(f"loan equipment is under way already: {cause}", kind="loan", at=at)
        return
    number = before.number + 1 if before else 1
    key = run.next_key("loan")  # known before it is used: what is asked for under it can always be called off
    run.case.loan = Loan(number=number, cause=cause, considered_at=at, by_breach=by_breach, key=key)
    run.note(f"loan equipment is considered: {cause}", kind="loan", at=at)


def end_loan(run: CaseExecution, reason: str, *, unless_it_has_left: bool = False) -> None:
    """Call the loan off, or back; what has to be done for it is done beside the case.

    What a delay has set off is called off as long as it has not left the house; then it serves until it is not needed
    any more (SPEC §4, R8).
    """
    loan = run.case.loan
    if loan is None or not loan.is_open or loan.ended_because is not None:
        return
    if unless_it_has_left and loan.has_left_the_house:
        run.note(f"the loan equipment has left the house, and goes on: {reason}", kind="loan")
        return
    loan.ended_because = reason


async def keep_lending(run: CaseExecution) -> None:
    """Move the loan of the case on, stage by stage, for as long as the case lives."""
    while True:
        await run.rest(lambda: run.case.loan is not None and run.case.loan.is_open)
        loan = run.case.loan
        assert loan is not None
        if loan.ended_because is None and loan.elsewhere_since is not None:
            await follow_the_equipment(run, loan, loan.elsewhere_since)
        elif loan.ended_because is None:
            await STEPS[loan.stage](run, loan)
        if loan.ended_because is not None:
            await call_back(run, loan)


async def loan_has_ended(run: CaseExecution) -> None:
    """Wait until nothing is left to be done for the loan."""
    await workflow.wait_condition(lambda: run.case.loan is None or not run.case.loan.is_open)


async def _considered(run: CaseExecution, loan: Loan) -> None:
    """At a breach the coordinator has a time of the terms to veto; else it is decided at once (R8)."""
    if loan.by_breach:
        if loan.veto_until is None:
            loan.veto_until = await run.after(run.coverage.terms.loan_veto, "Until when may the loan be vetoed?")
            run.note(f"the coordinator may veto the loan until {loan.veto_until:%Y-%m-%d %H:%M%z}", kind="loan")
            run.tell("coordinator", notices.loan_to_veto(run.about, loan.cause, loan.veto_until))
        veto = await run.next_message(
            "loan_veto",
            about="loan",
            until=loan.veto_until,
            summary="Without a veto, loan equipment is decided",
            unless=lambda: loan.ended_because is not None,
        )
        if isinstance(veto, LoanVeto):
            loan.ended_because = f"vetoed: {veto.reason}"
        if loan.ended_because is not None:
            return
    await _decide(run, loan)


async def _decide(run: CaseExecution, loan: Loan) -> None:
    """The customer is promised a loan unit; the pool is asked for one."""
    loan.decided_at = loan.veto_until or loan.considered_at
    budget = NextBusinessDay(transit_days=run.equipment.transit_days)
    promise = await run.promises.start(PromiseName.LOAN_AVAILABLE, budget, loan.decided_at)
    assert promise.due_at is not None
    run.note(f"loan equipment is decided, due {promise.due_at:%Y-%m-%d %H:%M%z}", kind="loan", at=loan.decided_at)
    run.tell("customer", notices.loan_decided(run.about, loan.cause, promise.due_at))
    await reserve(run, loan)


STEPS: dict[LoanStage, LoanStep] = {
    LoanStage.CONSIDERED: _considered,
    LoanStage.WAITING: waiting,
    LoanStage.RESERVED: reserved,
    LoanStage.DISPATCHED: dispatched,
    LoanStage.SCHEDULING: scheduling,
    LoanStage.VISIT: visit,
    LoanStage.IN_SERVICE: in_service,
}
"""What each stage of a loan does; it can be entered again where it was left."""
