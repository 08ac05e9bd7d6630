"""A case on one page: who has the ball, what is promised, what was said."""

from collections.abc import Iterator
from datetime import tzinfo

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.case import Party
from domain.view import CaseView
from starter.answers import ShownCase, Source
from starter.console import add_row, table
from starter.rendering.instants import duration, minute
from starter.rendering.rounds_page import exchange_table, loan_table, round_table
from starter.rendering.tables import journal_table, promise_table, state


def print_case(console: Console, shown: ShownCase, zone: tzinfo) -> None:
    """The page of a case, its instants in `zone`."""
    view = shown.view
    console.print(_heading(view))
    if shown.source is not Source.WORKFLOW:
        console.print(Text("as last recorded: the case itself cannot be asked now", style="yellow"))
    console.print(Text(f"All times: {zone}", style="dim"))
    for part in (
        _situation(view, zone),
        loan_table(view, zone),
        exchange_table(view),
        _promises(view, zone),
        _slots(view, zone),
        round_table(view, zone),
        _waits(view, zone),
    ):
        if part is not None:
            console.print()
            console.print(part)
    console.print()
    console.print(journal_table(view.journal, zone))


def wait_table(view: CaseView, zone: tzinfo) -> Table:
    """Who was waited for, and how long in the provider's business time."""
    shown = table("waited for", "since", "until", "business time", title="Who had the ball")
    for wait in view.waits:
        if wait.party is Party.NOBODY:
            continue
        add_row(shown, wait.party.value, minute(wait.since, zone), minute(wait.until, zone), duration(wait.business))
    return shown


def _heading(view: CaseView) -> RenderableType:
    stage = view.stage.value.replace("_", " ")
    level = f" (level {view.level})" if view.stage.value == "remote_diagnosis" else ""
    ended = f" – {view.outcome.value.replace('_', ' ')}" if view.outcome else ""
    heading = Text(f"{view.reference}  {stage}{level}{ended}", style="bold")
    because = view.outcome_reason or ("the registry cannot be asked now: check pending" if view.check_pending else "")
    return Group(heading, Text(because)) if because else heading


def _situation(view: CaseView, zone: tzinfo) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(view, zone):
        add_row(grid, name, value)
    return grid


def _facts(view: CaseView, zone: tzinfo) -> Iterator[tuple[str, str | Text]]:
    kind = f" ({view.equipment_type})" if view.equipment_type else ""
    yield "Equipment", f"{view.serial_number}{kind}"
    if view.customer_name:
        yield "Customer, site", f"{view.customer_name}, {view.site_name} ({view.site})"
    if view.symptom:
        yield "Reported", f"{minute(view.reported_at, zone)}, {view.impact}: {view.symptom}"
    if view.closed_at is None:
        yield "Waiting for", f"{view.waiting_for.value} since {minute(view.waiting_since, zone)}"
        yield "Owner", view.owner
        yield "Next action", view.next_action
        yield "Send", ", ".join(view.next_messages)
    else:
        yield "Closed", minute(view.closed_at, zone)
    yield "Promises", state(view.promise_state)
    if view.round > 1:
        yield "Round", str(view.round)
    if view.rma_number:
        yield "RMA", view.rma_number
    if view.recurrence_of:
        yield "Recurrence of", view.recurrence_of
    if view.moved_from:
        yield "Moved here from", view.moved_from
    if view.call:
        yield "Began with the call", view.call
    if view.software:
        yield "Software", f"{view.software.request or 'asked for'}: {view.software.state.replace('_', ' ')}"
    if view.basis not in (None, "contract"):
        yield "Covered by", str(view.basis)
    if view.customer_unreachable_since:
        yield "Customer", f"cannot be reached since {minute(view.customer_unreachable_since, zone)}"
    if view.kept:
        yield "Kept until their stage", ", ".join(view.kept)
    if view.delivery_missed_through:
        yield "J+1 missed through", view.delivery_missed_through.replace("_", " ")


def _promises(view: CaseView, zone: tzinfo) -> Table | None:
    return promise_table(view.promises, zone) if view.promises else None


def _slots(view: CaseView, zone: tzinfo) -> Table | None:
    if not view.slots:
        return None
    shown = table("slot", "for the", "start", "end", "technician", "state", title="Visits")
    for slot in view.slots:
        span = (minute(slot.start, zone), minute(slot.end, zone))
        add_row(shown, slot.slot_id, slot.subject, *span, slot.technician or "", slot.state.value)
    return shown


def _waits(view: CaseView, zone: tzinfo) -> Table | None:
    return wait_table(view, zone) if view.waits else None
