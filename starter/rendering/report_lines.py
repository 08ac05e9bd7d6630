"""The answer to whoever reports: accepted with due instants, or why not (SPEC §3)."""

from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from domain.view import CaseView
from starter.answers import ReportAnswer, ReportStatus
from starter.rendering.instants import minute

STYLES = {
    ReportStatus.ACCEPTED: "bold green",
    ReportStatus.JOINED: "bold",
    ReportStatus.REJECTED: "bold red",
    ReportStatus.PENDING: "bold yellow",
}


def print_answer(console: Console, answer: ReportAnswer, zone: tzinfo) -> None:
    """What became of the report, and what is promised from here on; of one that went to another case, which."""
    console.print(Text(f"{answer.reference or answer.workflow_id}  {answer.status}", style=STYLES[answer.status]))
    if answer.reason:
        console.print(Text(answer.reason), soft_wrap=True)
    if answer.view is None or answer.view.closed_at is not None:
        return
    if answer.status in (ReportStatus.ACCEPTED, ReportStatus.JOINED):
        _print_promises(console, answer.view, zone)


def _print_promises(console: Console, view: CaseView, zone: tzinfo) -> None:
    kind = f" ({view.equipment_type})" if view.equipment_type else ""
    console.print(Text(f"{view.serial_number}{kind}, {view.customer_name}, {view.site_name}"), soft_wrap=True)
    for promise in view.promises:
        if promise.due_at is not None and promise.ended_at is None:
            name = promise.name.replace("_", " ")
            console.print(Text(f"{name} due {minute(promise.due_at, zone)} ({zone})"), soft_wrap=True)
    console.print(Text(f"waiting for {view.waiting_for}; {view.owner}: {view.next_action}"), soft_wrap=True)
