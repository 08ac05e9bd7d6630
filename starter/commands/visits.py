"""`curative visits`: the visits that were agreed, as a list or as an iCalendar file (docs/calendar-files.md)."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from activities.visit_calendar import visit_calendar
from config.settings import Settings
from database.registry import Registry
from database.visit_records import VisitFilter, VisitRecords
from domain.references import normalise_reference
from domain.visits import Visit
from starter.answers import NotRegistered, WrongInput
from starter.commands.options import AsJson, DataDir, parse_day, run
from starter.connections import database_errors, open_database, settings_for
from starter.console import print_json, stderr, stdout
from starter.rendering.visit_table import print_visits

visits = typer.Typer(name="visits", help="The visits that were agreed (docs/calendar-files.md).")

Technician: TypeAlias = Annotated[str | None, typer.Option(metavar="CODE", help="Only visits of this technician.")]
Site: TypeAlias = Annotated[str | None, typer.Option(metavar="CODE", help="Only visits to this site.")]
OfCase: TypeAlias = Annotated[str | None, typer.Option(metavar="REF", help="Only visits of this case.")]
Since: TypeAlias = Annotated[
    date | None, typer.Option("--from", metavar="DATE", parser=parse_day, help="From this day on, at the site.")
]
Until: TypeAlias = Annotated[
    date | None, typer.Option(metavar="DATE", parser=parse_day, help="Up to this day, at the site; it is included.")
]


@visits.command("list")
def list_visits(
    technician: Technician = None,
    site: Site = None,
    case: OfCase = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List the visits that were agreed, those that took place among them.

    [bold]Example[/bold]

      curative visits list --technician T-ADAM --from 2026-06-08 --until 2026-06-12
    """
    found = run(_find(settings_for(data), _filter(technician, site, case, since, until)))
    if as_json:
        print_json({"visits": [visit.model_dump(mode="json") for visit in found]})
    else:
        print_visits(stdout(), found)


@visits.command("export")
def export(
    technician: Technician = None,
    site: Site = None,
    case: OfCase = None,
    since: Since = None,
    until: Until = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="Where to. Default: stdout.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Write visits as an iCalendar file, which any calendar can import or subscribe to.

    [bold]Example[/bold]

      curative visits export --technician T-ADAM -o adam.ics
    """
    settings = settings_for(data)
    found = run(_find(settings, _filter(technician, site, case, since, until)))
    written = visit_calendar(found, datetime.now(UTC), settings.mail_from)
    if output is None:
        sys.stdout.buffer.write(written)
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise WrongInput(f"{output} cannot be written: {error.strerror}; name another file") from None
    stderr().print(f"{len(found)} visits written to {output}", markup=False, soft_wrap=True)


def _filter(
    technician: str | None, site: str | None, case: str | None, since: date | None, until: date | None
) -> VisitFilter:
    """Raises WrongInput for what can match no visit."""
    reference = normalise_reference(case) if case is not None else None
    if case is not None and reference is None:
        raise WrongInput(f"--case {case[:80]!r} is no reference; write it as CM-7K3Q-9XTB")
    if since and until and until < since:
        raise WrongInput(f"--until {until} lies before --from {since}")
    return VisitFilter(technician=technician, site=site, case=reference, since=since, until=until)


async def _find(settings: Settings, wanted: VisitFilter) -> Sequence[Visit]:
    async with open_database(settings) as pool:
        with database_errors():
            records = VisitRecords(pool)
            _check("technician", wanted.technician, await records.technicians())
            _check("site", wanted.site, [site.code for site in await Registry(pool).sites()])
            return await records.list(wanted)


def _check(what: str, code: str | None, known: Sequence[str]) -> None:
    """Raise NotRegistered for a code that the registry does not know: an empty list would hide the slip."""
    if code is not None and code not in known:
        raise NotRegistered(f"{what} {code[:80]!r} is not in the registry; it knows {', '.join(known) or 'none'}")
