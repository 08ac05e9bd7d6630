"""Tables in text: CSV in any sane delimiter, and rows that somebody typed with tabs, bars or blanks."""

import csv
import re
from collections.abc import Sequence
from typing import Final

from mailgate.reading.lines import MOST_CELLS, Line, Role, clean, clean_breaks

_DELIMITERS: Final = (";", "\t", ",", "|")
_LONGEST_CELL: Final = 400
_MOST_ROWS: Final = 3_000
_SAMPLE_ROWS: Final = 30
_SEPARATOR = re.compile(r"\s{0,5}sep\s?=\s?(.)\s{0,5}", re.IGNORECASE)
_TYPED = re.compile(r"\t+|\s{0,20}\|\s{0,20}|\s{0,20}[¦│]\s{0,20}|\s{0,5};\s{0,5}| {3,}")
_RULE = re.compile(r"[\s|+\-=:_─│┼]{3,}")


def csv_lines(text: str, table: int) -> list[Line]:
    """The rows of a CSV attachment; one that is none is read line by line."""
    lines = [clean(line) for line in clean_breaks(text).split("\n")]
    delimiter = None
    if lines and (told := _SEPARATOR.fullmatch(lines[0])):
        delimiter, lines = told[1], lines[1:]
    delimiter = delimiter or _delimiter_of(lines)
    return [_row(cells, table) for cells in _parsed(lines, delimiter) if any(cell.strip() for cell in cells)]


def _parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            rows.append(row)
            if len(rows) == _MOST_ROWS:
                break
    except csv.Error:  # a quotation mark that nobody closed
        rows = [line.split(delimiter) for line in lines[:_MOST_ROWS]]
    if len(rows) * 2 < len([line for line in lines[:_MOST_ROWS] if line.strip()]):
        rows = [[cell.strip('" ') for cell in line.split(delimiter)] for line in lines[:_MOST_ROWS]]
    return rows


def _delimiter_of(lines: Sequence[str]) -> str:
    """The one that most lines have the same number of; the semicolon of French spreadsheets before the comma."""
    sample = [line for line in lines[:_SAMPLE_ROWS] if line.strip()]

    def constancy(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in sample]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0), usual

    return max(_DELIMITERS, key=constancy)


def _row(cells: Sequence[str], table: int) -> Line:
    short = tuple(" ".join(cell.split())[:_LONGEST_CELL] for cell in cells[:MOST_CELLS])
    return Line("\t".join(short), Role.OWN, short, table)


def with_typed_rows(lines: Sequence[Line]) -> list[Line]:
    """The same lines; those that are rows of a table somebody typed have their cells, rows in a row one table."""
    made: list[Line] = []
    table, inside = -1, False
    for line in lines:
        cells = () if line.cells else typed_cells(line.text)
        if cells:
            table -= 0 if inside else 1
            made.append(line._replace(cells=cells, table=table))
        else:
            made.append(line)
        inside = bool(cells) or (inside and bool(_RULE.fullmatch(line.text)))
    return made


def typed_cells(text: str) -> tuple[str, ...]:
    """The cells of a line that was typed as a row; none when it is a line of text."""
    if len(text) > 1_000:
        return ()
    bare = text.lstrip("> ").strip().strip("|¦│").strip()
    cells = tuple(cell.strip() for cell in _TYPED.split(bare))
    filled = [cell for cell in cells if cell]
    return cells[:MOST_CELLS] if len(filled) > 1 and max(map(len, filled)) <= 80 else ()
