"""What a case's page says of its rounds, of the articles that are exchanged, and of its loan equipment."""

from datetime import tzinfo

from rich.table import Table

from domain.loan import LoanStage, LoanView
from domain.loan_briefing import NEXT_OF_A_LOAN
from domain.promises import PromiseName
from domain.view import CaseView
from starter.console import add_row, table
from starter.rendering.instants import minute


def loan_table(view: CaseView, zone: tzinfo) -> Table | None:
    """The loan equipment of the case, when there is or was some: its unit, its promise, who acts next (R8)."""
    if view.loan is None:
        return None
    loan = view.loan
    shown = Table.grid(padding=(0, 2))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    because = loan.ended_because if loan.stage is LoanStage.ENDED else loan.cause
    add_row(shown, "Loan equipment", f"{loan.stage.value.replace('_', ' ')}: {because}")
    if loan.unit:
        add_row(shown, "Loan unit", f"{loan.unit.type} {loan.unit.serial_number} ({loan.unit.location})")
    if loan.stage is LoanStage.ENDED:
        return shown
    due = [promise for promise in view.promises if promise.name == PromiseName.LOAN_AVAILABLE]
    if due:
        add_row(shown, "Loan due", f"{minute(due[-1].due_at, zone)} ({due[-1].state.value})")
    add_row(shown, "Next for it", _next(loan, zone))
    return shown


def _next(loan: LoanView, zone: tzinfo) -> str:
    until = loan.veto_until if loan.stage is LoanStage.CONSIDERED else None
    return NEXT_OF_A_LOAN[loan.stage] + (f" until {minute(until, zone)}" if until else "")


def exchange_table(view: CaseView) -> Table | None:
    """The articles of the present round, line by line (R7)."""
    lines = view.rounds[-1].lines if view.rounds else ()
    if not lines:
        return None
    shown = table("pieces", "article", "designation", "exchange", "why", title="Articles")
    for line in lines:
        verdict = line.verdict.value.replace("_", " ")
        add_row(shown, str(line.quantity), line.article, line.designation, verdict, line.reason)
    return shown


def round_table(view: CaseView, zone: tzinfo) -> Table | None:
    """The rounds of intervention, when there was more than one (R9)."""
    if len(view.rounds) < 2:
        return None
    shown = table("round", "because", "began", "ended", "found", title="Rounds")
    for each in view.rounds:
        began, ended = minute(each.began_at, zone), minute(each.ended_at, zone)
        add_row(shown, str(each.number), each.reason, began, ended, each.finding or "")
    return shown
