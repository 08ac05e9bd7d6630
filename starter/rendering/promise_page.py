"""What the promise would be, in the provider's and in the site's time zone, and why."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from starter.console import add_row
from starter.rendering.instants import instant
from starter.site_promises import BusinessHoursPromise, DeliveryPromise

READINGS = {
    "service_hours": "service hours: hours inside service hours",
    "business_day_clock": "business-day clock: a 24-hour clock that stops on closed days",
    "business_days": "business days: one for each 24 hours, by closing time",
}


def print_promise(console: Console, promise: DeliveryPromise | BusinessHoursPromise, *, explain: bool) -> None:
    """The due instant and what it rests on; with `explain`, what was counted and skipped."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(promise):
        add_row(grid, name, value)
    console.print(grid)
    if explain:
        console.print()
        for line in promise.explanation.lines():
            console.print(Text(line), soft_wrap=True)


def _facts(promise: DeliveryPromise | BusinessHoursPromise) -> Iterator[tuple[str, str | Text]]:
    ours, there = promise.provider_time_zone, promise.site_time_zone
    yield "Due", Text(f"{instant(promise.due_at, ZoneInfo(ours))} ({ours})", style="bold")
    yield "At the site", f"{instant(promise.due_at_site, ZoneInfo(there))} ({there})"
    yield "Site", f"{promise.site}, {promise.site_name}"
    yield "Contract", promise.contract or "none"
    match promise:
        case DeliveryPromise():
            yield "Validated", f"{instant(promise.validated_at, ZoneInfo(ours))} ({ours})"
            yield "Effective day", promise.effective_day
            yield "Transit days", f"{promise.transit_days} ({promise.delivery_zone})"
            yield "Calendars", "provider (contractual view) and site"
        case BusinessHoursPromise():
            yield "Received", f"{instant(promise.received_at, ZoneInfo(ours))} ({ours})"
            yield "Counted", f"{promise.hours} hours, {READINGS[promise.reading]}"
            yield "Calendar", "provider (contractual view)" if promise.calendar == "provider" else "site"
