"""The command line `curative`."""

import logging
from typing import NoReturn

import typer

from config.leaving import run_and_leave
from starter.commands.call import call
from starter.commands.codec import codec
from starter.commands.demo import demo
from starter.commands.keys import keys
from starter.commands.list_cases import list_cases
from starter.commands.loan import loan
from starter.commands.mail import mail
from starter.commands.mailgate import mailgate
from starter.commands.promise import promise
from starter.commands.registry import registry
from starter.commands.report import report
from starter.commands.returns import returns
from starter.commands.rooms import rooms
from starter.commands.send import send
from starter.commands.show import show
from starter.commands.software import software
from starter.commands.triage import triage
from starter.commands.up import up
from starter.commands.visits import visits
from starter.exit_codes import OneLineErrors

app = typer.Typer(
    name="curative",
    cls=OneLineErrors,
    help="A maintenance provider's promises, from the call to the closed case.",
    epilog="Exit codes: 0 done, 2 wrong input, 3 refused or rejected, 4 not found, 5 engine or database away.",
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (up, report, send, show):
    app.command()(command)
app.command("list")(list_cases)
app.add_typer(keys)
app.add_typer(call)
app.add_typer(loan)
app.add_typer(mail)
app.add_typer(promise)
app.add_typer(registry)
app.add_typer(returns)
app.add_typer(rooms)
app.add_typer(software)
app.add_typer(triage)
app.add_typer(visits)
app.command()(codec)
app.command()(demo)
app.command()(mailgate)


def main() -> NoReturn:
    """Run the command line and end the process."""
    logging.getLogger("config").addHandler(logging.NullHandler())  # what went wrong, the command says itself
    run_and_leave(app)


if __name__ == "__main__":
    main()
