"""A list of cases as a table."""

from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from starter.answers import CaseList, Source
from starter.console import add_row, table
from starter.rendering.instants import minute
from starter.rendering.tables import state


def print_cases(console: Console, cases: CaseList, zone: tzinfo) -> None:
    """One line a case, its next due instant in `zone`; a hint when the read model could not be asked."""
    columns = ("case", "serial", "customer", "site", "stage", "waiting for", "owner", "next due", "promises")
    shown = table(*columns, unbroken=("case", "serial"))
    for line in cases.cases:
        ended = f" – {line.outcome.replace('_', ' ')}" if line.outcome else ""
        add_row(
            shown,
            line.reference or line.workflow_id,
            line.serial_number,
            line.customer,
            line.site,
            (line.stage or "").replace("_", " ") + ended,
            line.waiting_for,
            line.owner,
            minute(line.next_due_at, zone),
            state(line.promise_state or ""),
        )
    console.print(shown if cases.cases else Text("No case matches."))
    count = "1 case" if len(cases.cases) == 1 else f"{len(cases.cases)} cases"
    console.print(Text(f"{count}. All times: {zone}", style="dim"))
    if cases.source is Source.VISIBILITY:
        console.print(Text("The database is away: this is what Temporal knows, without owners.", style="yellow"))
