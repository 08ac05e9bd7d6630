"""Returns as a table, and one on a page."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from database.returns import ReturnRow
from domain.return_view import ReturnView
from starter.answers import Source
from starter.console import add_row, table
from starter.rendering.instants import instant, minute
from starter.rendering.tables import journal_table
from starter.returns import ShownReturn

_STYLES = {"overdue": "bold red", "lost": "red", "received": "green"}


def print_returns(console: Console, rows: Sequence[ReturnRow], zone: tzinfo) -> None:
    """One line a return, its due instant in `zone`."""
    shown = table("return", "what", "item", "customer", "site", "to", "due", "state", unbroken=("return",))
    for row in rows:
        add_row(
            shown,
            row.return_id,
            row.kind.replace("_", " "),
            row.item,
            row.customer,
            row.site,
            row.destination,
            minute(row.due_at, zone),
            _state(row.state),
        )
    console.print(shown if rows else Text("No return matches."))
    count = "1 return" if len(rows) == 1 else f"{len(rows)} returns"
    console.print(Text(f"{count}. All times: {zone}", style="dim"))


def print_return(console: Console, shown: ShownReturn, zone: tzinfo) -> None:
    """The page of a return, its instants in `zone`."""
    view = shown.view
    condition = f" {view.condition}" if view.condition == "damaged" else ""
    console.print(Text.assemble((view.return_id, "bold"), "  ", _state(view.state), condition))
    if shown.source is not Source.WORKFLOW:
        console.print(Text("as last recorded: the return itself cannot be asked now", style="yellow"))
    console.print(Text(f"All times: {zone}", style="dim"))
    console.print()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(view, zone):
        add_row(grid, name, value)
    console.print(grid)
    console.print()
    console.print(journal_table(view.journal, zone))


def _state(word: str) -> Text:
    return Text(word, style=_STYLES.get(word, ""))


def _facts(view: ReturnView, zone: tzinfo) -> Iterator[tuple[str, str]]:
    yield "What", f"{(view.kind or '').replace('_', ' ')}: {view.item}"
    yield "From", f"{view.customer}, {view.site_name} ({view.site})"
    yield "To", view.destination or ""
    yield "Case", view.case_reference or ""
    yield "Due", instant(view.due_at, zone)
    if view.dispatched_at:
        parcel = ", ".join(text for text in (view.carrier, view.tracking_number) if text)
        yield "On its way since", minute(view.dispatched_at, zone) + (f" ({parcel})" if parcel else "")
    if view.fault:
        yield "Known to be wrong", view.fault
    if view.reminded_at:
        yield "Reminders", f"{len(view.reminded_at)}, the last one {minute(view.reminded_at[-1], zone)}"
    if view.closed_at:
        because = f": {view.closed_because}" if view.closed_because else ""
        yield "Closed", minute(view.closed_at, zone) + because
        return
    yield "Declared lost", instant(view.lost_at, zone)
    yield "Waiting for", view.waiting_for.value
    yield "Next action", view.next_action
