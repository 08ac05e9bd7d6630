"""`curative software`: requests for software and keys, and the stock of keys (docs/software.md)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, JsonValue

from config.key_ring import key_ring
from config.secrets import SecretBox
from config.settings import Settings
from config.temporal import EngineUnreachable, connect
from database.encryption_keys import KeyRegister
from database.known_keys import KnownKeys
from database.registry_import import RegistryErrors
from database.software_registry import SoftwareRegistry
from database.software_requests import SoftwareFilter, SoftwareRequestStore, SoftwareRow
from domain.software_update import SoftwareStage
from domain.software_view import SoftwareSubmitAnswer
from starter.answers import DatabaseUnreachable, NotRegistered, WrongInput
from starter.commands.options import AsJson, DataDir, parse_instant, run
from starter.commands.payloads import merged, read_json
from starter.commands.software_items import items_stated
from starter.connections import database_errors, open_database, quiet_runtime, settings_for
from starter.console import complain, print_json, stdout
from starter.exit_codes import REFUSED, WRONG_INPUT
from starter.key_import import KeyImport, import_keys, tell_if_reachable
from starter.provider_zone import provider_zone
from starter.rendering.software_page import print_software, print_software_answer, print_software_list
from starter.software_desk import ShownSoftware, SoftwareAnswer, SoftwareDesk, recorded_software

software = typer.Typer(name="software", help="Software and activation keys: asked for, supplied, waited for.")
keys = typer.Typer(name="keys", help="The stock of activation keys.")
software.add_typer(keys)

Name = Annotated[str, typer.Argument(metavar="REQUEST", help="A reference (SW-7K3Q-9XTB) or a workflow id.")]
At = Annotated[
    datetime | None, typer.Option(metavar="INSTANT", parser=parse_instant, help="When it happened, if not now.")
]
Actor = Annotated[str | None, typer.Option(metavar="ROLE:NAME", help="Who says it, as supervisor:R. Martin.")]
MessageId = Annotated[str | None, typer.Option(metavar="ID", help="Sent twice, it is taken once.")]


class SoftwareList(BaseModel):
    """Software requests, one line each."""

    model_config = ConfigDict(frozen=True)

    requests: Sequence[SoftwareRow]


@software.command("request")
def request_software(
    by: Annotated[str, typer.Option(metavar="NAME", help="Who asks.")],
    item: Annotated[
        list[str] | None,
        typer.Option(metavar="SERIAL[=TYPE]", help="A serial number, and its type; `=TYPE` alone. Once a piece."),
    ] = None,
    file: Annotated[Path | None, typer.Option(metavar="CSV", help="Many items: columns serial_number,type.")] = None,
    phone: Annotated[str | None, typer.Option(help="How to call back.")] = None,
    email: Annotated[str | None, typer.Option(help="Where to write to.")] = None,
    at: At = None,
    actor: Actor = None,
    message_id: MessageId = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Ask for new software: opens a request, or joins the one that is open for the same items of the same requester.

    [bold]Examples[/bold]

      curative software request --by "A. Petit" --email a.petit@brunel.example --item "FTT27177WBH=Room Kit"

      curative software request --by "A. Petit" --phone 0148030368 --file fleet.csv
    """
    caller = {"name": by, "phone": phone, "email": email}
    said: dict[str, JsonValue] = {
        "requested_by": {field: value for field, value in caller.items() if value is not None},
        "channel": "phone",
        "items": items_stated(item or [], file),
    }
    said |= {"received_at": at.isoformat()} if at else {}
    said |= {"actor": actor} if actor else {}
    settings = settings_for(data)
    answer = run(_request(settings, said, message_id))
    if as_json:
        print_json(answer)
    else:
        print_software_answer(stdout(), answer, run(provider_zone(settings, answer.view.site if answer.view else None)))
    if answer.status == "rejected":
        raise typer.Exit(REFUSED)


@software.command("show")
def show_software(name: Name, as_json: AsJson = False, data: DataDir = None) -> None:
    """Show a request: how each item stands, what is promised, what was said. Keys are masked.

    [bold]Example[/bold]

      curative software show SW-7K3Q-9XTB
    """
    settings = settings_for(data)
    shown = run(_show(settings, name))
    if as_json:
        print_json({**shown.view.model_dump(mode="json"), "source": shown.source.value})
    else:
        print_software(stdout(), shown, run(provider_zone(settings, shown.view.site)))


@software.command("list")
def list_software(
    stage: Annotated[SoftwareStage | None, typer.Option(help="Only requests at this stage.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Only requests of this customer.")] = None,
    serial: Annotated[str | None, typer.Option(metavar="S", help="Only requests for this piece of equipment.")] = None,
    promise: Annotated[
        str | None, typer.Option(metavar="STATE", help="on_track, at_risk or breached: what is late?")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only what is not closed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List software requests: open ones first, what is due next first.

    [bold]Example[/bold]

      curative software list --open --promise breached
    """
    settings = settings_for(data)
    wanted = SoftwareFilter(
        stage=stage,
        customer=customer,
        promise_state=promise,
        serial_number=serial.strip().upper() if serial else None,
        open_only=open_only,
    )
    found = run(_list(settings, wanted, limit))
    if as_json:
        print_json(SoftwareList(requests=found))
    else:
        print_software_list(stdout(), found, run(provider_zone(settings, None)))


@software.command("send")
def send_software(
    name: Name,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="clarification, activation_keys, cancellation, note, …")],
    payload: Annotated[str, typer.Option("--json", metavar="JSON", help="The payload: JSON, @FILE, or - for stdin.")],
    at: At = None,
    actor: Actor = None,
    message_id: MessageId = None,
    data: DataDir = None,
) -> None:
    """Tell an open request something; the answer is printed as JSON. Keys are best given as @FILE or on stdin.

    [bold]Examples[/bold]

      curative software send SW-7K3Q-9XTB clarification --json '{"serial_number": "52AE2266"}'

      curative software send SW-7K3Q-9XTB activation_keys --json @keys.json
    """
    content = merged(read_json(payload), kind=kind, at=at, actor=actor, message_id=message_id)
    if not isinstance(content, dict):
        raise WrongInput("--json: a message is one JSON object")
    print_json(run(_send(settings_for(data), name, kind, content)))


@software.command("installed")
def note_installed(
    serial: Annotated[str, typer.Argument(metavar="SERIAL", help="The equipment's serial number.")],
    version: Annotated[str, typer.Argument(metavar="VERSION", help="What runs on it now, as it shows it.")],
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Say that a version is installed: a delivery alone does not change what the registry has as installed.

    [bold]Example[/bold]

      curative software installed FTT27177WBH "RoomOS 11.14"
    """
    serial_number = serial.strip().upper()
    if not run(_installed(settings_for(data), serial_number, version.strip())):
        raise NotRegistered(f"serial number {serial_number[:80]!r} is not in the registry, or not in service")
    if as_json:
        print_json({"serial_number": serial_number, "software_version": version.strip()})
    else:
        stdout().print(f"{serial_number}: {version.strip()} is installed", markup=False)


@keys.command("import")
def import_keys_(
    file: Annotated[Path, typer.Argument(metavar="CSV", exists=True, dir_okay=False, help="activation_keys.csv")],
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Load activation keys, sealed: all of the file, or nothing. Who waits is served, the oldest due first, and told.

    [bold]Example[/bold]

      curative software keys import ./activation_keys.csv
    """
    try:
        done = run(_import(settings_for(data), file))
    except RegistryErrors as errors:
        for error in errors.errors:
            complain(str(error))
        raise typer.Exit(WRONG_INPUT) from None
    if as_json:
        print_json(done)
    else:
        stdout().print(f"{done.added} keys added, {done.known} known; {done.served} requests served", markup=False)


async def _request(settings: Settings, said: dict[str, JsonValue], message_id: str | None) -> SoftwareAnswer:
    async with _open_desk(settings) as desk:
        return await desk.request(said, message_id)


async def _show(settings: Settings, name: str) -> ShownSoftware:
    try:
        async with _open_desk(settings) as desk:
            return await desk.show(name)
    except EngineUnreachable:
        async with open_database(settings) as pool:
            return await recorded_software(SoftwareRequestStore(pool), name)


async def _list(settings: Settings, wanted: SoftwareFilter, limit: int) -> Sequence[SoftwareRow]:
    async with open_database(settings) as pool:
        with database_errors():
            return await SoftwareRequestStore(pool).list(wanted, limit)


async def _send(settings: Settings, name: str, kind: str, payload: dict[str, JsonValue]) -> SoftwareSubmitAnswer:
    async with _open_desk(settings) as desk:
        return await desk.send(name, kind, payload)


async def _installed(settings: Settings, serial_number: str, version: str) -> bool:
    if not version:
        raise WrongInput("VERSION: write what the equipment shows, as RoomOS 11.14")
    async with open_database(settings) as pool:
        with database_errors():
            return await SoftwareRegistry(pool).note_installed(serial_number, version)


async def _import(settings: Settings, file: Path) -> KeyImport:
    secrets, now = SecretBox.of(settings), datetime.now(UTC)
    async with open_database(settings) as pool:
        with database_errors():
            await KeyRegister(pool).check(key_ring(settings), now)  # what another ring seals, no worker could read
            done, to_be_told = await import_keys(pool, secrets, file, now)
    return done.model_copy(update={"told": await tell_if_reachable(settings, to_be_told)})


@asynccontextmanager
async def _open_desk(settings: Settings) -> AsyncIterator[SoftwareDesk]:
    """The desk, with the read model when it can be had. Raises EngineUnreachable."""
    async with AsyncExitStack() as opened:
        client = await connect(settings, runtime=quiet_runtime())
        store = known = None
        with suppress(DatabaseUnreachable):
            pool = await opened.enter_async_context(open_database(settings))
            store, known = SoftwareRequestStore(pool), KnownKeys(pool, SecretBox.of(settings))
        yield SoftwareDesk(client, settings.task_queue, store, keys=known)
