"""`curative registry`: check a registry in CSV files, and load it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from config.secrets import SecretBox
from config.settings import Settings
from database.activation_keys import KeyStore
from database.registry_csv.forms import ACTIVATION_KEYS
from database.registry_import import ImportSummary, RegistryErrors, check_directory, import_directory
from starter.commands.options import AsJson, DataDir, run
from starter.connections import database_errors, open_database, settings_for
from starter.console import add_row, complain, print_json, stdout, table
from starter.exit_codes import WRONG_INPUT
from starter.key_import import tell_if_reachable

registry = typer.Typer(name="registry", help="Check and load the registry from CSV files (docs/registry.md).")

Directory: TypeAlias = Annotated[
    Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="A directory of CSV files.")
]


@registry.command("check")
def check(directory: Directory, as_json: AsJson = False) -> None:
    """Check a registry without loading it; every wrong line is named. Needs no database.

    [bold]Example[/bold]

      curative registry check ./registry
    """
    try:
        check_directory(directory)
    except RegistryErrors as errors:
        raise _refused(directory, errors, as_json=as_json) from None
    if as_json:
        print_json({"directory": str(directory), "errors": []})
    else:
        stdout().print(f"{directory}: nothing is wrong.", markup=False, soft_wrap=True)


@registry.command("import")
def import_(directory: Directory, as_json: AsJson = False, data: DataDir = None) -> None:
    """Load a registry: all of it, or nothing when any line is wrong. Importing again updates what changed.

    New activation keys go to whoever waits for them.

    [bold]Example[/bold]

      curative registry import ./registry
    """
    try:
        summary = run(_import(settings_for(data), directory))
    except RegistryErrors as errors:
        raise _refused(directory, errors, as_json=as_json) from None
    if as_json:
        print_json(summary)
    else:
        _print_summary(summary)


async def _import(settings: Settings, directory: Path) -> ImportSummary:
    async with open_database(settings) as pool:
        with database_errors():
            secrets = SecretBox.of(settings) if (directory / ACTIVATION_KEYS.file).exists() else None
            summary = await import_directory(pool, directory, secrets)
            to_be_told = await KeyStore(pool, secrets).serve_everybody(datetime.now(UTC)) if secrets else ()
    await tell_if_reachable(settings, to_be_told)
    return summary


def _print_summary(summary: ImportSummary) -> None:
    shown = table("file", "added", "changed", "unchanged", "removed")
    for file in summary.files:
        add_row(shown, file.file, *(str(n) for n in (file.added, file.changed, file.unchanged, file.removed)))
    stdout().print(shown)


def _refused(directory: Path, errors: RegistryErrors, *, as_json: bool) -> typer.Exit:
    """One line for each wrong line; nothing was loaded."""
    if as_json:
        wrong = [{"file": error.file, "line": error.line, "reason": error.reason} for error in errors.errors]
        print_json({"directory": str(directory), "errors": wrong})
    for error in errors.errors:
        complain(str(error))
    return typer.Exit(WRONG_INPUT)
