"""`curative triage`: mails that a person must read (docs/mail-in.md)."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from config.secrets import SecretBox, SecretUnreadable
from config.settings import Settings
from database.triage import Triage, TriageMail, TriageState
from starter.answers import Refused
from starter.commands.options import AsJson, DataDir, run
from starter.connections import database_errors, open_database, settings_for
from starter.console import stdout
from starter.provider_zone import line_zone
from starter.rendering.safely import print_json_safely, safely
from starter.rendering.triage_page import print_triage_list, print_triage_mail
from starter.triage_desk import TriageDesk

triage = typer.Typer(name="triage", help="Mails that a person must read: nobody was answered, nothing was started.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Its number, as `curative triage list` shows it.")]


class TriageList(BaseModel):
    """Mails in triage, the oldest first."""

    model_config = ConfigDict(frozen=True)

    mails: Sequence[TriageMail]


@triage.command("list")
def list_mails(
    state: Annotated[TriageState | None, typer.Option(help="Only mails in this state.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is done.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List the mails that wait for a person, the oldest first.

    [bold]Example[/bold]

      curative triage list --state open
    """
    settings = settings_for(data)

    async def ask() -> Sequence[TriageMail]:
        async with _open(settings) as desk:
            return await desk.list(state, everything=everything, limit=limit)

    found = run(ask())
    if as_json:
        print_json_safely(TriageList(mails=found))
    else:
        print_triage_list(stdout(), found, run(line_zone(settings)))


@triage.command("show")
def show_mail(
    number: Number,
    raw: Annotated[bool, typer.Option("--raw", help="As it came, its beginning, every odd sign written out.")] = False,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as it came to this new file.")] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Show a mail. Whatever it holds, the terminal only shows it; attachments are named and never opened.

    [bold]Examples[/bold]

      curative triage show 17

      curative triage show 17 --save mail-17.eml
    """
    settings = settings_for(data)

    async def ask() -> tuple[TriageMail, bytes]:
        async with _open(settings) as desk:
            return await desk.show(number), await desk.raw(number) if raw or save else b""

    mail, content = run(ask())
    if save is not None:
        _write(save, content)
    if as_json:
        print_json_safely(mail)
    elif raw:
        sys.stdout.write(safely(content.decode("utf-8", "backslashreplace").replace("\r\n", "\n"), lines=True) + "\n")
    else:
        print_triage_mail(stdout(), mail, run(line_zone(settings)))


@triage.command("take")
def take_mail(
    number: Number,
    owner: Annotated[str, typer.Option(metavar="NAME", help="Who sees to it.")],
    force: Annotated[bool, typer.Option("--force", help="Take it over from somebody else.")] = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """See to a mail, so that nobody else does.

    [bold]Example[/bold]

      curative triage take 17 --owner Noor
    """
    settings, now = settings_for(data), datetime.now(UTC)

    async def ask() -> TriageMail:
        async with _open(settings) as desk:
            return await desk.take(number, owner, now, by_force=force)

    _tell(run(ask()), as_json=as_json)


@triage.command("done")
def done_with_mail(
    number: Number,
    resolution: Annotated[str, typer.Argument(metavar="TEXT", help="What was done: `called back, SW-7K3Q-9XTB`.")],
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Who did it, if nobody had taken it.")] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Say that a mail is done, and what was done. It is kept; `list --all` shows it.

    [bold]Example[/bold]

      curative triage done 17 "opened SW-7K3Q-9XTB for them"
    """
    settings, now = settings_for(data), datetime.now(UTC)

    async def ask() -> TriageMail:
        async with _open(settings) as desk:
            return await desk.done(number, owner, resolution, now)

    _tell(run(ask()), as_json=as_json)


def _tell(mail: TriageMail, *, as_json: bool) -> None:
    if as_json:
        print_json_safely(mail)
    else:
        by = f" by {mail.owner}" if mail.owner else ""
        stdout().print(safely(f"{mail.number}  {mail.state}{by}"), markup=False, soft_wrap=True)


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise Refused("save", f"{path} cannot be written: {error.strerror}") from None


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[TriageDesk]:
    """The desk. Raises DatabaseUnreachable, SettingsError; Refused for what is sealed with a key that is not here."""
    box = SecretBox.of(settings)
    async with open_database(settings) as pool:
        with database_errors():
            try:
                yield TriageDesk(Triage(pool, box))
            except SecretUnreadable as error:
                raise Refused("number", str(error)) from None
