"""What an operator reads of the loan equipment of a case (R8)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from domain.case import CaseState
from domain.loan import Loan, LoanStage
from domain.markdown import plain, table
from domain.promises import PromiseName

Clock: TypeAlias = Callable[[datetime], str]
"""How a page shows an instant."""

NEXT_OF_A_LOAN = {
    LoanStage.CONSIDERED: "the coordinator may veto it (loan_veto); without a veto it is decided by itself",
    LoanStage.WAITING: "none is free: another case gives one back, or one is put back in service (`curative loan`)",
    LoanStage.RESERVED: "the carrier takes it (shipment dispatched, subject loan); the coordinator may still veto it",
    LoanStage.DISPATCHED: "the carrier delivers it (shipment delivered, subject loan)",
    LoanStage.SCHEDULING: "the customer chooses a slot (site_scheduling, subject loan)",
    LoanStage.VISIT: "the technician installs it (intervention_report, subject loan)",
    LoanStage.IN_SERVICE: "it stands in until the replacement is in service",
}
"""Who does what next, and which message says so, at each stage of a loan that is open."""


def loan_briefing(case: CaseState, clock: Clock) -> str:
    """The loan's stage, cause, unit and promise, and who must act; nothing when there is none."""
    loan = case.loan
    if loan is None or not case.is_open:
        return ""
    if not loan.is_open:
        return f"**Loan equipment** {loan.number}: ended – {plain(loan.ended_because or '')}"
    rows = [
        ("Loan equipment", f"**{loan.stage.value.replace('_', ' ')}**: {plain(loan.cause)}"),
        ("Next", NEXT_OF_A_LOAN[loan.stage] + _until(loan, clock)),
    ]
    if loan.unit is not None:
        rows.append(("Unit", f"{plain(loan.unit.type)} {plain(loan.unit.serial_number)} ({plain(loan.unit.location)})"))
    promise = case.latest(PromiseName.LOAN_AVAILABLE)
    if promise is not None and promise.due_at is not None:
        rows.append(("Due", f"{clock(promise.due_at)} ({promise.state.value})"))
    return table(("", ""), rows)


def _until(loan: Loan, clock: Clock) -> str:
    match loan.stage:
        case LoanStage.CONSIDERED if loan.veto_until is not None:
            return f" at {clock(loan.veto_until)}"
        case LoanStage.SCHEDULING if loan.visit.held_until is not None:
            return f"; those offered are held until {clock(loan.visit.held_until)}"
    return ""
