"""`curative up`: the whole product on this machine, until Ctrl-C."""

import asyncio
import json
import logging
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.text import Text

from config.settings import SettingsError
from database.encryption_keys import KeysDoNotFit
from database.pool import UNREACHABLE as AWAY
from starter.codec_service import CodecFailed
from starter.connections import settings_for
from starter.dev_server import TemporalFailed
from starter.embedded_postgres import PostgresFailed
from starter.exit_codes import UNREACHABLE, WRONG_INPUT
from starter.interrupts import run_until_interrupted
from starter.service_process import LockHeldError
from starter.stack import Stack, StackAlreadyRuns, running_stack

COULD_NOT_START: tuple[type[Exception], ...] = (*AWAY, PostgresFailed, TemporalFailed, CodecFailed, LockHeldError)
WRONG: tuple[type[Exception], ...] = (StackAlreadyRuns, SettingsError, KeysDoNotFit)


def up(
    data: Annotated[
        Path | None, typer.Option(help="Where everything is kept. Default: CURATIVE_DATA_DIR, else .curative")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="How many worker processes to run.")] = 1,
    ui: Annotated[bool, typer.Option(help="Whether to serve the Temporal Web UI.")] = True,
    codec_login: Annotated[
        bool, typer.Option(help="Show cases in clear in the Web UI only to who has logged in at the codec endpoint.")
    ] = False,
    mailgate: Annotated[bool, typer.Option(help="Whether to take mail in, on loopback (docs/mail-in.md).")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as one line of JSON.")] = False,
) -> None:
    """Run PostgreSQL, Temporal, the workers and the mail gate on this machine, until Ctrl-C.

    Everything is kept in one data directory; the next start goes on from there. With DATABASE_URL set, that
    PostgreSQL is used instead of one of our own. Exit codes: 0 after Ctrl-C or SIGTERM, 2 when a stack already
    runs on the directory or a setting is wrong, 5 when something could not be started.
    """
    settings = settings_for(data)
    make_directory(settings.data_dir)
    stack = partial(
        running_stack,
        settings.data_dir,
        workers=workers,
        ui=ui,
        codec_login=codec_login,
        mailgate=mailgate,
        database_url=settings.database_url,
    )
    complaints = Console(stderr=True)
    logging.basicConfig(
        level="WARNING", format="%(message)s", handlers=[RichHandler(console=complaints, show_path=False)]
    )
    try:
        run_until_interrupted(lambda: _serve(stack, as_json=as_json))
    except WRONG as error:
        complaints.print(str(error), style="bold red", highlight=False, soft_wrap=True)
        raise typer.Exit(WRONG_INPUT) from error
    except COULD_NOT_START as error:
        complaints.print(_reason(error), style="bold red", highlight=False, soft_wrap=True)
        raise typer.Exit(UNREACHABLE) from error


def make_directory(path: Path) -> None:
    """Make it, unless it is there. Raises SettingsError when that cannot be, or nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The data directory {path} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"The data directory {path} cannot be written to: choose another one with --data.")


def _reason(error: Exception) -> str:
    if isinstance(error, AWAY):
        return f"PostgreSQL does not answer ({error}): check DATABASE_URL, or unset it to use one of our own."
    return str(error)


async def _serve(begin: Callable[[], AbstractAsyncContextManager[Stack]], *, as_json: bool) -> None:
    console = Console()
    async with begin() as stack:
        if as_json:
            console.file.write(json.dumps(_facts(stack)) + "\n")
            console.file.flush()
        else:
            _welcome(console, stack)
        await asyncio.Event().wait()


def _facts(stack: Stack) -> dict[str, object]:
    return {
        **stack.addresses.model_dump(),
        "data_dir": str(stack.data_dir),
        "logs": {name: str(service.command.log_file) for name, service in stack.services.items()},
    }


def _welcome(console: Console, stack: Stack) -> None:
    addresses = stack.addresses
    lines = {
        "Temporal Web UI": addresses.ui_url or "none",
        "Codec endpoint": addresses.codec_url or "none",
        "Mail gate (SMTP)": addresses.mailgate_address or "none",
        "Temporal": f"{addresses.temporal_address}, namespace {addresses.temporal_namespace}",
        "Database": addresses.database_url,
        **{f"Metrics of {name}": url for name, url in addresses.metrics_urls.items()},
        "Data": str(stack.data_dir),
        **{f"Log of {name}": str(service.command.log_file) for name, service in stack.services.items()},
    }
    for name, value in lines.items():  # a table would break addresses, and then they cannot be copied
        console.print(Text.assemble((f"{name:<22}", "bold"), value), soft_wrap=True)
    console.print("\nIn another terminal:", style="bold")
    console.print("  curative --help    report an incident, send what happened, list the cases", soft_wrap=True)
    console.print("Ctrl-C stops everything in order; what was recorded is there at the next start.", soft_wrap=True)
