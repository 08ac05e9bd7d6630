"""Options that several commands have, with one meaning."""

import asyncio
from collections.abc import Coroutine
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer

from domain.instants import instant_from_text

Result = TypeVar("Result")


def parse_instant(text: str) -> datetime:
    """An instant of the command line. Raises BadParameter, in one sentence, for one without an offset."""
    try:
        return instant_from_text(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parse_day(text: str) -> date:
    """A day of the command line. Raises BadParameter, in one sentence, for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2026-06-11") from None


def run(command: Coroutine[Any, Any, Result]) -> Result:
    """Run what a command does, in an event loop of its own."""
    return asyncio.run(command)


DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="CURATIVE_DATA_DIR",
        show_envvar=False,
        help="Data directory of the stack that `curative up` runs (CURATIVE_DATA_DIR, else ./.curative).",
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON (docs/command-line.md).")]
Explain: TypeAlias = Annotated[
    bool, typer.Option("--explain", help="Say what was counted, and which days were skipped and why.")
]
Case: TypeAlias = Annotated[
    str, typer.Argument(metavar="CASE", help="A reference (CM-7K3Q-9XTB), a workflow id or a serial number.")
]
SiteCode: TypeAlias = Annotated[str, typer.Option("--site", metavar="SITE", help="A site's code in the registry.")]
