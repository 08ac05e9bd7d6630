"""Software requests as a table, and one on a page. Keys are masked."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from database.software_requests import SoftwareRow
from domain.software_view import SoftwareView
from starter.answers import Source
from starter.console import add_row, table
from starter.rendering.instants import instant, minute
from starter.rendering.tables import journal_table, paused, state
from starter.software_desk import ShownSoftware, SoftwareAnswer

_STYLES = {
    "delivered": "green",
    "up_to_date": "green",
    "awaiting_key": "yellow",
    "clarification": "yellow",
    "not_covered": "red",
    "unknown": "red",
}


def print_software_answer(console: Console, answer: SoftwareAnswer, zone: tzinfo) -> None:
    """What became of a request: how each item stands, and when it is due in which reading."""
    heading = answer.reference or answer.workflow_id
    because = f": {answer.reason}" if answer.reason else ""
    console.print(Text.assemble((heading, "bold"), "  ", state(answer.status.value), because), soft_wrap=True)
    if answer.view is not None and answer.view.items:
        console.print(item_table(answer.view, zone))
        console.print(software_promise_table(answer.view, zone))
    console.print(Text(f"All times: {zone}", style="dim"))


def print_software(console: Console, shown: ShownSoftware, zone: tzinfo) -> None:
    """The page of a request, its instants in `zone`."""
    view = shown.view
    ended = f" – {view.outcome.value}" if view.outcome else ""
    console.print(Text(f"{view.reference}  {view.stage.value.replace('_', ' ')}{ended}", style="bold"))
    if shown.source is not Source.WORKFLOW:
        console.print(Text("as last recorded: the request itself cannot be asked now", style="yellow"))
    console.print(Text(f"All times: {zone}", style="dim"))
    console.print()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(view, zone):
        add_row(grid, name, value)
    for part in (grid, item_table(view, zone), software_promise_table(view, zone), journal_table(view.journal, zone)):
        console.print(part)
        console.print()


def print_software_list(console: Console, rows: Sequence[SoftwareRow], zone: tzinfo) -> None:
    """One line a request, what is due next in `zone`."""
    shown = table(
        "request", "by", "customer", "stage", "answered", "waiting for", "next due", "promises", unbroken=("request",)
    )
    for row in rows:
        add_row(
            shown,
            row.reference,
            row.requested_by,
            ", ".join(row.customers),
            row.stage.replace("_", " ") + (f" ({row.outcome})" if row.outcome else ""),
            f"{row.answered} of {row.items}",
            row.waiting_for,
            minute(row.next_due_at, zone),
            state(row.promise_state),
        )
    console.print(shown if rows else Text("No software request matches."))
    count = "1 request" if len(rows) == 1 else f"{len(rows)} requests"
    console.print(Text(f"{count}. All times: {zone}", style="dim"))


def _facts(view: SoftwareView, zone: tzinfo) -> Iterator[tuple[str, str | Text]]:
    yield "Requested by", f"{view.requested_by}, by {view.channel}, {minute(view.received_at, zone)}"
    yield "Customer", ", ".join(view.customers)
    yield "Answered", f"{view.answered} of {len(view.items)}, {view.delivered} delivered"
    if view.closed_at is None:
        yield "Waiting for", f"{view.waiting_for.value} since {minute(view.waiting_since, zone)}"
        yield "Owner", view.owner
        yield "Next action", view.next_action
        yield "Send", ", ".join(view.next_messages)
    else:
        yield "Closed", minute(view.closed_at, zone) + (f": {view.outcome_reason}" if view.outcome_reason else "")
    yield "Promises", state(view.promise_state)


def item_table(view: SoftwareView, zone: tzinfo) -> Table:
    """Each item: what it is, how far it has come, and why."""
    shown = table("item", "serial number", "type", "installed", "version", "state", "since", "why", title="Items")
    for item in view.items:
        keys = f" ({', '.join(item.keys)})" if item.keys else ""
        add_row(
            shown,
            str(item.item),
            item.serial_number,
            item.type,
            item.installed_version,
            item.version,
            Text(item.state.value.replace("_", " ") + keys, style=_STYLES.get(item.state.value, "")),
            minute(item.answered_at or item.asked_at, zone),
            item.reason,
        )
    return shown


def software_promise_table(view: SoftwareView, zone: tzinfo) -> Table:
    """Each promise, with its contract and the reading of "72h ouvrées"."""
    shown = table("promise", "contract", "reading", "due", "state", "ended", "paused", title="Promises")
    for promise in view.promises:
        add_row(
            shown,
            promise.name.replace("_", " "),
            promise.contract,
            promise.reading.value.replace("_", " ") if promise.reading else "strictest",
            instant(promise.due_at, zone),
            state(promise.state.value),
            minute(promise.ended_at, zone),
            paused(promise.paused_seconds),
        )
    return shown
