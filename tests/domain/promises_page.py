"""The worked examples of docs/promises.md, as promises to recompute."""

import re
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.calendars import CalendarSpec, Reading
from domain.promises import (
    ApprovalCutoff,
    Budget,
    BusinessHours,
    NextBusinessDay,
    Pause,
    Promise,
    PromiseKind,
    PromiseName,
    SoftwareReading,
)
from domain.readings import due
from tests.domain.sample_calendars import calendar
from tests.domain.sample_cases import LA_REUNION, PARIS, TERMS

PAGE = (Path(__file__).parents[2] / "docs" / "promises.md").read_text(encoding="utf-8")
SITES = {
    "Paris": PARIS,
    "Strasbourg": CalendarSpec(tz="Europe/Paris", holidays_zone="Alsace-Moselle"),
    "La Réunion": LA_REUNION,
}
TRANSIT_DAYS = {"La Réunion": 3}


class Example(NamedTuple):
    """A promise, the calendars that it is counted on, and what the page says of it."""

    promise: Promise
    provider: CalendarSpec
    site: CalendarSpec
    says: datetime


def table(*head: str) -> list[tuple[str, ...]]:
    """The rows below that head."""
    after_head = PAGE.split(f"| {' | '.join(head)} |\n", 1)[1].splitlines()[1:]
    rows = takewhile(lambda line: line.startswith("|"), after_head)
    return [tuple(cell.strip(" `") for cell in row[1:-1].split("|")) for row in rows]


def instant(text: str) -> datetime:
    """`Thu 2026-06-11 08:20`, by the clocks of Paris unless it names an offset; the weekday must be right."""
    weekday, day, time = text.split()
    parsed = datetime.fromisoformat(f"{day}T{time}")
    assert f"{parsed:%a}" == weekday, f"{day} is no {weekday}"
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo("Europe/Paris"))


def examples() -> list[Example]:
    """The examples of due instants."""
    return [
        _example(name, site, closed, starts, paused, due_at)
        for name, site, closed, starts, paused, due_at in table("promise", "site", "closed", "starts", "paused", "due")
    ]


def warnings() -> list[tuple[str, Example]]:
    """The examples of warning points."""
    return [
        (point, _example(name, "Paris", "", starts, paused, warns))
        for name, starts, paused, point, warns in table("promise", "starts", "paused", "point", "warns")
    ]


KINDS = {name: PromiseKind(kind) for name, kind, *_ in table("promise", "kind", "counts", "from", "on the calendar of")}


def _example(name: str, site: str, closed: str, starts: str, paused: str, says: str) -> Example:
    whose, _, day = closed.partition(" ")
    closures = {whose: (date.fromisoformat(day),)} if closed else {}
    promised = Promise(
        id=f"{name}.1",
        name=PromiseName(name),
        kind=KINDS[name],
        round=1,
        budget=_budget(PromiseName(name), site, instant(starts)),
        started_at=instant(starts),
        pauses=[_pause(paused)] if paused else [],
    )
    return Example(
        promised,
        PARIS.model_copy(update={"closures": closures.get("provider", ())}),
        SITES[site].model_copy(update={"closures": closures.get("site", ())}),
        instant(says),
    )


def _pause(text: str) -> Pause:
    since, until = re.split(" to ", text)
    return Pause(started_at=instant(since), ended_at=instant(until), actor="customer", reason="log files")


def _budget(name: PromiseName, site: str, starts: datetime) -> Budget:
    match name:
        case PromiseName.VENDOR_VALIDATION:
            return ApprovalCutoff()
        case PromiseName.REPLACEMENT_DELIVERY | PromiseName.LOAN_AVAILABLE:
            return NextBusinessDay(transit_days=TRANSIT_DAYS.get(site, 0))
        case PromiseName.SOFTWARE_DELIVERY:
            return SoftwareReading(reading=TERMS.software_reading)
        case PromiseName.SOFTWARE_DELIVERY_TARGET:
            budgets = (SoftwareReading(reading=reading) for reading in Reading)
            return min(budgets, key=lambda budget: due(budget.reading, calendar(), starts, budget.hours))
    return BusinessHours(amount=getattr(TERMS, name))
