"""`curative demo`: stories on a stack of their own."""

import typer

from starter.answers import NotAnswered
from starter.commands.options import AsJson
from starter.commands.up import COULD_NOT_START
from starter.console import print_json, stderr, stdout
from starter.demo import ToldDemo, tell_stories
from starter.exit_codes import INTERRUPTED, REFUSED
from starter.interrupts import run_until_interrupted
from starter.rendering.demo_page import print_demo


def demo(as_json: AsJson = False) -> None:
    """Tell cases from the call to the end, and a software request by mail, on a stack that is gone afterwards.

    PostgreSQL, Temporal, a worker and the mail gate are real; only the clock of the cases is moved forward. Exit code
    0 when all stories ended as they should.

    [bold]Example[/bold]

      curative demo
    """
    told: list[ToldDemo] = []

    async def tell() -> None:
        told.append(await tell_stories())

    try:
        with stderr().status("Starting PostgreSQL, Temporal, a worker and the mail gate, and playing four stories…"):
            finished = run_until_interrupted(tell)
    except COULD_NOT_START as error:
        raise NotAnswered(f"The demo could not start its servers: {error}") from error
    if not finished:
        raise typer.Exit(INTERRUPTED)
    if as_json:
        print_json({"as_expected": told[0].as_expected, **told[0].model_dump(mode="json")})
    else:
        print_demo(stdout(), told[0])
    if not told[0].as_expected:
        raise typer.Exit(REFUSED)
