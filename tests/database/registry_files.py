"""A copy of the sample registry whose lines a test can change."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from database.registry_import import SAMPLE_DIRECTORY

Cells = dict[str, str]


class RegistryFiles:
    """CSV files in a directory of the test's own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "registry"
        shutil.copytree(SAMPLE_DIRECTORY, self.directory)

    def rows(self, file: str) -> list[Cells]:
        """The lines of a file; the first is on line 2."""
        with (self.directory / file).open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    def rewrite(self, file: str, change: Callable[[list[Cells]], None]) -> None:
        """Change the lines of a file, and write it back with its own columns."""
        rows = self.rows(file)
        columns = list(rows[0])
        change(rows)
        with (self.directory / file).open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, columns)
            writer.writeheader()
            writer.writerows(rows)

    def set(self, file: str, line: int, **cells: str) -> None:
        """Put these cells on a line."""
        self.rewrite(file, lambda rows: rows[line - 2].update(cells))

    def append(self, file: str, **cells: str) -> int:
        """Add a line; answers with its number. Cells that are not given are empty."""
        self.rewrite(file, lambda rows: rows.append({**dict.fromkeys(rows[0], ""), **cells}))
        return len(self.rows(file)) + 1

    def remove(self, file: str, line: int) -> None:
        """Take a line out."""
        self.rewrite(file, lambda rows: rows.__delitem__(line - 2))

    def lines_of(self, file: str, **cells: str) -> list[int]:
        """The numbers of the lines with these cells."""
        return [number for number, row in enumerate(self.rows(file), 2) if cells.items() <= row.items()]

    def line_of(self, file: str, **cells: str) -> int:
        """The number of the only line with these cells."""
        (line,) = self.lines_of(file, **cells)
        return line
