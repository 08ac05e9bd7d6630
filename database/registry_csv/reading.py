"""CSV files as cells: UTF-8 with or without a byte order mark, separated by commas or semicolons."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from database.registry_csv.errors import Findings
from domain.masking import mask


@dataclass(frozen=True)
class Line:
    """The cells of one line, trimmed, by column; empty cells are left out."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Columns:
    """The columns of a file; those of `may_lack` are not missed. Of a file that holds secrets no cell is quoted."""

    names: Sequence[str]
    may_lack: Sequence[str] = ()
    holds_secrets: bool = False

    def shown(self, found: str) -> str:
        """What stands in a header, for a message."""
        return mask(found) if self.holds_secrets and found not in self.names else found


def read_lines(path: Path, columns: Columns, findings: Findings) -> tuple[Line, ...] | None:
    """The lines below the header. None when the file cannot be read as one with exactly these columns."""
    text = _text_of(path, findings)
    if text is None:
        return None
    records = _records(path.name, text, findings)
    first = next(records, None)
    if first is None:
        findings.add(path.name, 1, f"the header is missing: begin with {','.join(columns.names)}")
        return None
    number, header = first
    if not _header_fits(path.name, number, header, columns, findings):
        return None
    return tuple(_lines(path.name, header, records, findings))


def _text_of(path: Path, findings: Findings) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        findings.add(path.name, 0, "the file is missing: a registry has all of its files, if only with a header")
        return None
    except OSError as error:
        findings.add(path.name, 0, f"the file cannot be read: {error.strerror}")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.add(path.name, line, f"byte 0x{content[error.start]:02X} is no UTF-8: save the file as UTF-8")
        return None


def _records(file: str, text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of the line on which it begins."""
    separator = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins_on = 1
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells):
                yield begins_on, cells
            begins_on = reader.line_num + 1
    except csv.Error as error:
        findings.add(file, begins_on, f"the line is no CSV ({error}): close every quotation mark")


def _header_fits(file: str, number: int, header: Sequence[str], columns: Columns, findings: Findings) -> bool:
    names = columns.names
    wrong = [f"column {name!r} is missing" for name in names if name not in header and name not in columns.may_lack]
    unknown = [found for found in dict.fromkeys(header) if found not in names]
    wrong += [f"column {columns.shown(found)!r} is unknown" for found in unknown]
    wrong += [f"column {name!r} is there twice" for name in names if header.count(name) > 1]
    for reason in wrong:
        findings.add(file, number, f"{reason}: the columns are {','.join(names)}")
    return not wrong


def _lines(
    file: str, header: Sequence[str], records: Iterator[tuple[int, list[str]]], findings: Findings
) -> Iterator[Line]:
    for number, cells in records:
        if len(cells) != len(header):
            findings.add(file, number, f"the line has {len(cells)} cells where the header has {len(header)}")
        else:
            yield Line(number, {column: cell for column, cell in zip(header, cells, strict=True) if cell})
