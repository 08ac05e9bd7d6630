"""`curative mail`: the mails that went out, where no mail server takes them (docs/mail.md)."""

import sys
from collections.abc import Sequence
from typing import Annotated, TypeAlias

import typer
from pydantic import BaseModel, ConfigDict

from config.settings import Settings
from config.smtp import smtp_server
from domain.references import normalise_reference
from starter.commands.options import AsJson, DataDir
from starter.connections import settings_for
from starter.console import print_json, stderr, stdout
from starter.maildir import MailLine, SentMail
from starter.rendering.mail_page import print_mail, print_mails

mail = typer.Typer(name="mail", help="The mails that went out, on a machine without a mail server (docs/mail.md).")

MessageId: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="A Message-ID as `curative mail list` shows it, or how it begins.")
]


class MailList(BaseModel):
    """The mails that went out, one line each."""

    model_config = ConfigDict(frozen=True)

    mails: Sequence[MailLine]


@mail.command("list")
def list_mails(
    case: Annotated[str | None, typer.Option(metavar="REF", help="Only mails of this case (CM-7K3Q-9XTB).")] = None,
    to: Annotated[str | None, typer.Option(metavar="TEXT", help="Only mails to such an address.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at the most, the newest.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List the mails that went out, the newest last.

    [bold]Example[/bold]

      curative mail list --case CM-7K3Q-9XTB
    """
    settings = settings_for(data)
    reference = (normalise_reference(case) or case.strip()) if case is not None else None
    found = SentMail(settings.data_dir).list(reference, to)[-limit:]
    _say_where_else(settings)
    if as_json:
        print_json(MailList(mails=found))
    else:
        print_mails(stdout(), found)


@mail.command("show")
def show_mail(
    message_id: MessageId,
    as_raw: Annotated[bool, typer.Option("--raw", help="Print it as it went out, for a mail program.")] = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Show one mail.

    [bold]Example[/bold]

      curative mail show CM-7K3Q-9XTB.1.notice-customer-1
    """
    settings = settings_for(data)
    sent = SentMail(settings.data_dir)
    if as_raw:
        sys.stdout.buffer.write(sent.raw(message_id))
    elif as_json:
        print_json(sent.show(message_id))
    else:
        print_mail(stdout(), sent.show(message_id))


def _say_where_else(settings: Settings) -> None:
    """Where the settings name a mail server, this Maildir has only what went out before."""
    server = smtp_server(settings)
    if server is not None:
        stderr().print(
            f"Mails are handed over to {server.host}:{server.port}; the Maildir in {settings.data_dir} is not used.",
            markup=False,
            soft_wrap=True,
        )
