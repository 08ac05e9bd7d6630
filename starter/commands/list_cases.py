"""`curative list`: cases in one line each, what is due next first."""

from enum import StrEnum
from typing import Annotated

import typer

from config.settings import Settings
from config.temporal import EngineUnreachable
from database.cases import CaseFilter, CaseStore
from domain.case import Party, Stage
from starter.answers import CaseList, DatabaseUnreachable
from starter.case_list import recorded_cases
from starter.commands.options import AsJson, DataDir, run
from starter.connections import database_errors, open_database, open_desk, settings_for
from starter.console import print_json, stdout
from starter.provider_zone import provider_zone
from starter.rendering.case_table import print_cases


class PromiseStanding(StrEnum):
    """How the promises of a case stand, all in all."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BREACHED = "breached"


def list_cases(
    stage: Annotated[Stage | None, typer.Option(help="Only cases at this stage.")] = None,
    waiting_for: Annotated[Party | None, typer.Option(help="Only cases that wait for this party.")] = None,
    promise_state: Annotated[PromiseStanding | None, typer.Option(help="Only cases whose promises stand so.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Only cases of this customer.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Only cases that this owner has.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List cases: open ones first, by the due instant that comes next.

    [bold]Examples[/bold]

      curative list --promise-state breached

      curative list --waiting-for vendor --json
    """
    wanted = CaseFilter(
        stage=stage, waiting_for=waiting_for, promise_state=promise_state, customer=customer, owner=owner
    )
    settings = settings_for(data)
    found = run(_find(settings, wanted, limit))
    if as_json:
        print_json(found)
    else:
        site = next((line.site for line in found.cases if line.site), None)
        print_cases(stdout(), found, run(provider_zone(settings, site)))


async def _find(settings: Settings, wanted: CaseFilter, limit: int) -> CaseList:
    """From the read model, which takes no engine; from the engine when the database is away."""
    try:
        async with open_database(settings) as pool:
            with database_errors():
                return await recorded_cases(CaseStore(pool), wanted, limit)
    except DatabaseUnreachable as away:
        try:
            async with open_desk(settings, read_model=False) as desk:
                return await desk.list(wanted, limit)
        except EngineUnreachable:
            raise away from None
