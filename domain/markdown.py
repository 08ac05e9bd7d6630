"""Markdown of the pages that people read, with what anyone typed in it, and nothing of that read as Markdown."""

from collections.abc import Sequence

TEXT_SHOWN = 300
"""How much of a text a page shows, in bytes before the signs are escaped."""

GAP = "\N{NO-BREAK SPACE}"

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~|<>&[]#"})


def plain(text: str) -> str:
    """What anyone typed, on one line and cut short: no link, no HTML, no way out of its table cell."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(printable.split())
    return line.encode()[:TEXT_SHOWN].decode(errors="ignore").translate(_SIGNS)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table of cells that are Markdown already; texts go through `plain` first."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def columns_apart(page: str) -> str:
    """That page for the Web UI, which sets the columns of a table edge to edge: each cell ends with a space that it
    keeps."""
    return "\n".join(_apart(line) if line.startswith("| ") else line for line in page.split("\n"))


def _apart(row: str) -> str:
    return row if row.startswith("| --- |") else row.replace(" | ", f"{GAP} | ")
