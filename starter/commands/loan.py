"""`curative loan`: the pool of loan units, and the way back into service (docs/returns.md)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from config.settings import Settings
from config.temporal import connect
from database.loan_units import LoanUnits, PoolUnitRow
from starter.commands.options import AsJson, DataDir, run
from starter.connections import database_errors, open_database, quiet_runtime, settings_for
from starter.console import add_row, print_json, stdout, table
from starter.loan_units import LoanUnitDesk, UnitPutBack
from starter.messenger import ClientMessenger
from starter.provider_zone import line_zone
from starter.rendering.instants import minute

loan = typer.Typer(name="loan", help="The pool of loan units: who has which, what is lost or out of order.")

NOT_IN_SERVICE = ("lost", "out_of_order")


class PoolList(BaseModel):
    """The units of the pool, one line each."""

    model_config = ConfigDict(frozen=True)

    units: Sequence[PoolUnitRow]


@loan.command("list")
def list_units(
    not_in_service: Annotated[
        bool, typer.Option("--not-in-service", help="Only what is lost, or out of order.")
    ] = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List the units of the pool: free, with a case, lost, or out of order and why.

    [bold]Example[/bold]

      curative loan list --not-in-service
    """
    settings = settings_for(data)
    found = run(_list(settings))
    if not_in_service:
        found = [unit for unit in found if unit.state in NOT_IN_SERVICE]
    if as_json:
        print_json(PoolList(units=found))
        return
    zone = run(line_zone(settings))
    shown = table("unit", "type", "kept at", "state", "since", "case", "because", unbroken=("unit",))
    for unit in found:
        since = minute(unit.since, zone) if unit.since else ""
        state, case = unit.state.replace("_", " "), unit.case_reference or ""
        add_row(shown, unit.serial_number, unit.type, unit.location, state, since, case, unit.because or "")
    stdout().print(shown if found else "No unit matches.")


@loan.command("put-back")
def put_back(
    serial_number: Annotated[str, typer.Argument(metavar="UNIT", help="The unit, as `curative loan list` shows it.")],
    reason: Annotated[str, typer.Argument(metavar="TEXT", help="Why: `repaired: new power supply`, `found again`.")],
    actor: Annotated[str, typer.Option(metavar="ROLE:NAME", help="Who says so, as coordinator:Noor.")],
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Put a unit back into service that was lost, or out of order; a case that waits in line for it gets it.

    [bold]Example[/bold]

      curative loan put-back FOC2811NH3P "repaired: new power supply" --actor coordinator:Noor
    """
    done = run(_put_back(settings_for(data), serial_number, reason, actor))
    if as_json:
        print_json(done)
        return
    told = f"; told: {', '.join(done.told)}" if done.told else ""
    text = f"{done.serial_number}  was {done.was.replace('_', ' ')}, is {done.state.replace('_', ' ')}{told}"
    stdout().print(text, markup=False, soft_wrap=True)


async def _list(settings: Settings) -> Sequence[PoolUnitRow]:
    async with open_database(settings) as pool:
        with database_errors():
            return await LoanUnits(pool).list()


async def _put_back(settings: Settings, serial_number: str, reason: str, actor: str) -> UnitPutBack:
    """Needs both: what comes free may be somebody's at once, who has to be told."""
    client = await connect(settings, runtime=quiet_runtime())
    async with open_database(settings) as pool:
        with database_errors():
            signal = ClientMessenger(client, settings.task_queue).signal
            return await LoanUnitDesk(signal, LoanUnits(pool)).put_back(serial_number, reason, actor, datetime.now(UTC))
