"""A list of visits as a table."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from domain.visits import Visit
from starter.console import add_row, table
from starter.rendering.instants import minute


def print_visits(console: Console, visits: Sequence[Visit]) -> None:
    """One line a visit, in its site's time."""
    columns = ("case", "slot", "from", "until", "time zone", "customer", "site", "room", "technician", "state")
    shown = table(*columns, unbroken=("case", "slot", "from"))
    for visit in visits:
        zone = ZoneInfo(visit.time_zone)
        add_row(
            shown,
            visit.case_reference,
            visit.slot_id,
            minute(visit.starts_at, zone),
            f"{visit.ends_at.astimezone(zone):%H:%M}",
            visit.time_zone,
            visit.customer_name,
            visit.site,
            visit.room,
            visit.technician_name,
            visit.state,
        )
    console.print(shown if visits else Text("No visit matches."))
