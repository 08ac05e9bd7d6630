"""What a command prints: results on stdout, errors and progress on stderr."""

import json
import sys
from collections.abc import Mapping

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 160
"""Columns of a table that nobody reads on a screen."""


def stdout() -> Console:
    """The console for results; no colours when piped."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def stderr() -> Console:
    """The console for errors and progress."""
    return Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    """One line on stderr, whatever the message looks like."""
    stderr().print(Text(" ".join(message.split()), style="bold red"), soft_wrap=True)


def print_json(value: BaseModel | Mapping[str, object]) -> None:
    """A result as one JSON document on stdout; instants in ISO 8601."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def table(*columns: str, title: str | None = None, unbroken: tuple[str, ...] = ()) -> Table:
    """An empty table with these headings; what stands in the columns `unbroken` is to be copied in one piece."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in unbroken)
    return made


def add_row(to: Table, *cells: str | Text | None) -> None:
    """A row in which nothing that people typed is taken for markup."""
    to.add_row(*(cell if isinstance(cell, Text) else Text(cell or "") for cell in cells))
