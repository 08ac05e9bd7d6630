"""`curative demo`: three stories on a stack of their own."""

import typer

from starter.answers import NotAnswered
from starter.commands.options import AsJson
from starter.commands.up import COULD_NOT_START
from starter.console import print_json, stderr, stdout
from starter.demo import ToldStory, tell_stories
from starter.exit_codes import INTERRUPTED, REFUSED
from starter.interrupts import run_until_interrupted
from starter.rendering.demo_page import print_stories


def demo(as_json: AsJson = False) -> None:
    """Tell a case from the call to the end, one with loan equipment, one rejected, on a stack that is gone afterwards.

    PostgreSQL, Temporal and a worker are real; only the clock of the cases is moved forward. Exit code 0 when all
    stories ended as they should.

    [bold]Example[/bold]

      curative demo
    """
    stories: list[ToldStory] = []

    async def tell() -> None:
        stories.extend(await tell_stories())

    try:
        with stderr().status("Starting PostgreSQL, Temporal and a worker, and playing three stories…"):
            finished = run_until_interrupted(tell)
    except COULD_NOT_START as error:
        raise NotAnswered(f"The demo could not start its servers: {error}") from error
    if not finished:
        raise typer.Exit(INTERRUPTED)
    as_expected = all(story.as_expected for story in stories)
    if as_json:
        told = [story.model_dump(mode="json") for story in stories]
        print_json({"as_expected": as_expected, "stories": told})
    else:
        print_stories(stdout(), stories)
    if not as_expected:
        raise typer.Exit(REFUSED)
