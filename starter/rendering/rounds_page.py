"""What a case's page says of its rounds, of the articles that are exchanged, and of its loan equipment."""

from datetime import tzinfo

from rich.table import Table

from domain.loan import LoanStage, LoanView
from domain.view import CaseView
from starter.console import add_row, table
from starter.rendering.instants import minute


def loan_table(view: CaseView, zone: tzinfo) -> Table | None:
    """The loan equipment of the case, when there is or was some (R8)."""
    if view.loan is None:
        return None
    shown = table("loan", "because", "unit", "", title="Loan equipment")
    loan = view.loan
    unit = f"{loan.unit.type} {loan.unit.serial_number} ({loan.unit.location})" if loan.unit else ""
    add_row(shown, loan.stage.value.replace("_", " "), loan.cause, unit, _remark(loan, zone))
    return shown


def _remark(loan: LoanView, zone: tzinfo) -> str:
    if loan.ended_because:
        return loan.ended_because
    if loan.stage is LoanStage.CONSIDERED and loan.veto_until is not None:
        return f"the coordinator may veto it until {minute(loan.veto_until, zone)}"
    return f"decided {minute(loan.decided_at, zone)}" if loan.decided_at else ""


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
