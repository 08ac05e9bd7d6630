"""Calls as a table, one on a page, and the answer to whoever calls."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from database.calls import CallRow
from domain.call_view import CallView
from starter.answers import Source
from starter.call_answers import CallStatus, OpenedCall, ShownCall
from starter.console import add_row, table
from starter.rendering.instants import minute
from starter.rendering.tables import journal_table, promise_table, state

_STYLES = {
    CallStatus.ACCEPTED: "bold green",
    CallStatus.JOINED: "bold",
    CallStatus.REJECTED: "bold red",
    CallStatus.PENDING: "bold yellow",
}


def print_opened(console: Console, answer: OpenedCall, zone: tzinfo) -> None:
    """What became of the call, when the line opens if it is closed, and what is promised."""
    console.print(Text(f"{answer.reference or answer.workflow_id}  {answer.status}", style=_STYLES[answer.status]))
    if answer.reason:
        console.print(Text(answer.reason), soft_wrap=True)
    view = answer.view
    if view is None or view.closed_at is not None:
        return
    if answer.line_opens_at is not None:
        opens = f"outside service hours: recorded; the line opens {minute(answer.line_opens_at, zone)} ({zone})"
        console.print(Text(opens, style="yellow"), soft_wrap=True)
    for promise in view.promises:
        if promise.due_at is not None and promise.ended_at is None:
            due = f"{promise.name.replace('_', ' ')} due {minute(promise.due_at, zone)} ({zone})"
            console.print(Text(due), soft_wrap=True)
    console.print(Text(f"waiting for {view.waiting_for}; {view.owner}: {view.next_action}"), soft_wrap=True)


def print_calls(console: Console, rows: Sequence[CallRow], zone: tzinfo) -> None:
    """One line a call, its due instant in `zone`."""
    shown = table("call", "by", "serial", "customer", "stage", "next action", "due", "promises", unbroken=("call",))
    for row in rows:
        add_row(
            shown,
            row.reference,
            row.channel,
            row.serial_number,
            row.customer,
            _stage(row),
            row.next_action if row.closed_at is None else "",
            minute(row.next_due_at, zone),
            state(row.promise_state),
        )
    console.print(shown if rows else Text("No call matches."))
    count = "1 call" if len(rows) == 1 else f"{len(rows)} calls"
    console.print(Text(f"{count}. All times: {zone}", style="dim"))


def _stage(row: CallRow) -> str:
    if row.outcome:
        return row.outcome.replace("_", " ") + (f" {row.led_to}" if row.led_to else "")
    return f"level {row.level}" if row.stage == "remote_diagnosis" else row.stage.replace("_", " ")


def print_call(console: Console, shown: ShownCall, zone: tzinfo) -> None:
    """The page of a call, its instants in `zone`."""
    view = shown.view
    ended = f" – {view.outcome.value.replace('_', ' ')}" if view.outcome else ""
    level = f" (level {view.level})" if view.stage.value == "remote_diagnosis" else ""
    console.print(Text(f"{view.reference}  {view.stage.value.replace('_', ' ')}{level}{ended}", style="bold"))
    if view.outcome_reason:
        console.print(Text(view.outcome_reason), soft_wrap=True)
    if shown.source is not Source.WORKFLOW:
        console.print(Text("as last recorded: the call itself cannot be asked now", style="yellow"))
    console.print(Text(f"All times: {zone}", style="dim"))
    console.print()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(view, zone):
        add_row(grid, name, value)
    console.print(grid)
    if view.promises:
        console.print()
        console.print(promise_table(view.promises, zone))
    console.print()
    console.print(journal_table(view.journal, zone))


def _facts(view: CallView, zone: tzinfo) -> Iterator[tuple[str, str | Text]]:
    if view.caller:
        yield "Caller", ", ".join(text for text in (view.caller.name, view.caller.phone, view.caller.email) if text)
    if view.symptom:
        yield "About", f"{view.impact}: {view.symptom}"
    kind = f" ({view.equipment_type})" if view.equipment_type else ""
    yield "Equipment", f"{view.serial_number}{kind}" if view.serial_number else "nobody has said which"
    if view.customer_name:
        yield "Customer, site", f"{view.customer_name}, {view.site_name} ({view.site})"
    yield "Came by", f"{view.channel}, {minute(view.received_at, zone)}"
    if view.line_opens_at:
        yield "Outside hours", f"the line opens {minute(view.line_opens_at, zone)}"
    if view.drafted_report and view.closed_at is None:
        draft = view.drafted_report.model_dump(mode="json", exclude_none=True)
        yield "Drafted report", ", ".join(f"{name}: {_drafted(value)}" for name, value in draft.items())
    if view.led_to:
        yield "Goes on as", view.led_to
    if view.closed_at is not None:
        yield "Closed", minute(view.closed_at, zone)
        return
    yield "Waiting for", f"{view.waiting_for.value} since {minute(view.waiting_since, zone)}"
    yield "Owner", view.owner
    yield "Next action", view.next_action
    yield "Send", ", ".join(view.next_messages)
    yield "Promises", state(view.promise_state)
    if view.customer_unreachable_since:
        yield "Customer", f"cannot be reached since {minute(view.customer_unreachable_since, zone)}"
    if view.basis not in (None, "contract"):
        yield "Covered by", str(view.basis)


def _drafted(value: object) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)
