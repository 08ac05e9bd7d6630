"""`curative return`: what must come back, and the news of it (docs/returns.md)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict, JsonValue

from config.settings import Settings
from config.temporal import EngineUnreachable, connect
from database.returns import ReturnFilter, ReturnRow, ReturnStore
from domain.references import normalise_reference
from domain.return_messages import ReturnNews
from domain.return_view import ReturnAnswer, ReturnView
from domain.returns import ReturnState
from starter.answers import DatabaseUnreachable
from starter.commands.options import AsJson, DataDir, parse_instant, run
from starter.connections import database_errors, open_database, quiet_runtime, settings_for
from starter.console import print_json, stdout
from starter.provider_zone import provider_zone
from starter.rendering.return_page import print_return, print_returns
from starter.returns import ReturnDesk, ShownReturn, recorded_return

returns = typer.Typer(name="return", help="What must come back: faulty parts, unused parts, loan units.")

ReturnId = Annotated[str, typer.Argument(metavar="ID", help="The return's id, as `curative return list` shows it.")]


class ReturnList(BaseModel):
    """What must come back, one line each."""

    model_config = ConfigDict(frozen=True)

    returns: Sequence[ReturnRow]


@returns.command("list")
def list_returns(
    state: Annotated[ReturnState | None, typer.Option(help="Only returns in this state.")] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="Only returns of this case (CM-7K3Q-9XTB).")] = None,
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Only returns of this customer.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not back, nor lost.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List what must come back: open ones first, what is due next first.

    [bold]Example[/bold]

      curative return list --state overdue
    """
    settings = settings_for(data)
    reference = (normalise_reference(case) or case) if case else None
    wanted = ReturnFilter(state=state, case_reference=reference, customer=customer, open_only=open_only)
    found = run(_list(settings, wanted, limit))
    if as_json:
        print_json(ReturnList(returns=found))
    else:
        print_returns(stdout(), found, run(provider_zone(settings, found[0].site if found else None)))


@returns.command("show")
def show_return(return_id: ReturnId, as_json: AsJson = False, data: DataDir = None) -> None:
    """Show a return: where it stands, when it is due, what was said of it.

    [bold]Example[/bold]

      curative return show CM-7K3Q-9XTB.1.return-loan-unit-1
    """
    settings = settings_for(data)
    shown = run(_show(settings, return_id))
    if as_json:
        print_json({**shown.view.model_dump(mode="json"), "source": shown.source.value})
    else:
        print_return(stdout(), shown, run(provider_zone(settings, shown.view.site)))


@returns.command("send")
def send_news(
    return_id: ReturnId,
    status: Annotated[Literal["dispatched", "received", "lost"], typer.Argument(metavar="STATUS", help="The news.")],
    carrier: Annotated[str | None, typer.Option(metavar="NAME", help="Who carries it.")] = None,
    tracking_number: Annotated[str | None, typer.Option("--tracking", metavar="NUMBER", help="Of the parcel.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="How it was lost, or what is broken.")] = None,
    condition: Annotated[
        Literal["good", "damaged"] | None, typer.Option(help="How it was when it was received.")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option(metavar="INSTANT", parser=parse_instant, help="When it happened, if not now.")
    ] = None,
    actor: Annotated[str | None, typer.Option(metavar="ROLE:NAME", help="Who says it, as coordinator:Noor.")] = None,
    message_id: Annotated[str | None, typer.Option(metavar="ID", help="Sent twice, it is taken once.")] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Say what became of it: dispatched, received or lost.

    [bold]Examples[/bold]

      curative return send CM-7K3Q-9XTB.1.return-loan-unit-1 dispatched --carrier Chrono --tracking XY123

      curative return send CM-7K3Q-9XTB.1.return-loan-unit-1 received

      curative return send CM-7K3Q-9XTB.1.return-loan-unit-1 received --condition damaged --reason "no picture"
    """
    fields = {"carrier": carrier, "tracking_number": tracking_number, "reason": reason, "condition": condition}
    fields |= {"at": at.isoformat() if at else None, "actor": actor, "message_id": message_id}
    said: dict[str, JsonValue] = {name: text for name, text in fields.items() if text is not None}
    answer = run(_send(settings_for(data), return_id, {"status": status, **said}))
    if as_json:
        print_json(answer)
    else:
        view = answer.view
        stdout().print(f"{view.return_id}  {answer.disposition}: {_state(view)}", markup=False, soft_wrap=True)


def _state(view: ReturnView) -> str:
    return f"{view.state} damaged" if view.condition == "damaged" else view.state


async def _list(settings: Settings, wanted: ReturnFilter, limit: int) -> Sequence[ReturnRow]:
    async with open_database(settings) as pool:
        with database_errors():
            return await ReturnStore(pool).list(wanted, limit)


async def _show(settings: Settings, return_id: str) -> ShownReturn:
    try:
        async with _open_desk(settings) as desk:
            return await desk.show(return_id)
    except EngineUnreachable:
        async with open_database(settings) as pool:
            return await recorded_return(ReturnStore(pool), return_id)


async def _send(settings: Settings, return_id: str, payload: dict[str, JsonValue]) -> ReturnAnswer:
    async with _open_desk(settings) as desk:
        return await desk.send(return_id, ReturnNews.kind, payload)


@asynccontextmanager
async def _open_desk(settings: Settings) -> AsyncIterator[ReturnDesk]:
    """The desk, with the read model when it can be had. Raises EngineUnreachable."""
    async with AsyncExitStack() as opened:
        client = await connect(settings, runtime=quiet_runtime())
        store = None
        with suppress(DatabaseUnreachable):
            store = ReturnStore(await opened.enter_async_context(open_database(settings)))
        yield ReturnDesk(client, store)
