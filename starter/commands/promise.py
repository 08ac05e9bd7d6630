"""`curative promise`: what the promise would be at a site."""

from datetime import datetime
from typing import Annotated

import typer

from config.settings import Settings
from database.registry import Registry, SiteRecord
from domain.calendars import Reading
from starter.commands.options import AsJson, DataDir, Explain, SiteCode, parse_instant, run
from starter.connections import database_errors, open_database, settings_for
from starter.console import print_json, stdout
from starter.rendering.promise_page import print_promise
from starter.site_promises import (
    BusinessHoursPromise,
    DeliveryPromise,
    WhoseCalendar,
    business_hours_promise,
    delivery_promise,
    site_record,
)

promise = typer.Typer(name="promise", help="What the promise would be at a site, and why.")


@promise.command()
def delivery(
    validated_at: Annotated[
        datetime,
        typer.Option("--validated-at", metavar="INSTANT", parser=parse_instant, help="When the vendor approved."),
    ],
    site: SiteCode,
    explain: Explain = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """When a replacement is due that the vendor approves at an instant (before 16:00: on the next business day).

    [bold]Example[/bold]

      curative promise delivery --validated-at 2026-04-02T15:59:59+02:00 --site ALS-STR --explain
    """
    record = run(_site(settings_for(data), site, validated_at))
    _print(delivery_promise(record, validated_at), explain=explain, as_json=as_json)


@promise.command("business-hours")
def business_hours(
    received_at: Annotated[
        datetime,
        typer.Option("--from", metavar="INSTANT", parser=parse_instant, help="When the request was received."),
    ],
    hours: Annotated[int, typer.Option(metavar="N", help="How many business hours, as 72.")],
    site: SiteCode,
    reading: Annotated[
        Reading | None, typer.Option(help="How the hours are read; the contract's reading unless given.")
    ] = None,
    calendar: Annotated[
        WhoseCalendar,
        typer.Option(help="Whose hours count: the provider's, as the contract has it, or the site's."),
    ] = "provider",
    explain: Explain = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """When so many business hours are up ("72h ouvrées"), counted on the provider's calendar.

    [bold]Examples[/bold]

      curative promise business-hours --from 2026-06-08T10:00:00+02:00 --hours 72 --site BRU-PAR --explain

      curative promise business-hours --from 2026-06-08T10:00:00+02:00 --hours 72 --site RHO-LYO --reading business_days
    """
    record = run(_site(settings_for(data), site, received_at))
    answer = business_hours_promise(record, received_at, hours, reading=reading, calendar=calendar)
    _print(answer, explain=explain, as_json=as_json)


async def _site(settings: Settings, code: str, at: datetime) -> SiteRecord:
    async with open_database(settings) as pool:
        with database_errors():
            return await site_record(Registry(pool), code, at)


def _print(answer: DeliveryPromise | BusinessHoursPromise, *, explain: bool, as_json: bool) -> None:
    if not as_json:
        print_promise(stdout(), answer, explain=explain)
    elif explain:
        print_json({**answer.model_dump(mode="json"), "explanation_lines": list(answer.explanation.lines())})
    else:
        print_json(answer.model_dump(mode="json", exclude={"explanation"}))
