"""The files of a registry, read: rows with their line numbers, keys unique, references that lead somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from database.registry_csv.errors import Findings, reason_of
from database.registry_csv.forms import RowT, SheetForm
from database.registry_csv.reading import Columns, Line, read_lines
from database.registry_csv.rows import Row
from domain.masking import mask


@dataclass(frozen=True)
class Sheet(Generic[RowT]):
    """A file that was read. `names` holds what others may refer to, wrong lines included; None: it was not readable."""

    form: SheetForm[RowT]
    numbered: tuple[tuple[int, RowT], ...]
    names: frozenset[str] | None

    @property
    def rows(self) -> Sequence[RowT]:
        """The rows, without their line numbers."""
        return [row for _, row in self.numbered]


def read_sheet(directory: Path, form: SheetForm[RowT], findings: Findings) -> Sheet[RowT]:
    """Read one file of the directory; what is wrong with it goes to the findings."""
    if form.may_be_missing and not (directory / form.file).exists():
        return Sheet(form, (), frozenset())
    return read_form(directory / form.file, form, findings)


def read_form(path: Path, form: SheetForm[RowT], findings: Findings) -> Sheet[RowT]:
    """Read a file of that form, whatever its own name; what is wrong with it goes to the findings."""
    columns = Columns(tuple(form.row.model_fields), form.may_lack, holds_secrets=bool(form.secret))
    lines = read_lines(path, columns, findings)
    if lines is None:
        return Sheet(form, (), None)
    numbered = tuple((line.number, row) for line in lines if (row := _row(form, line, findings)))
    _check_keys(form, numbered, findings)
    said = {line.cells.get(form.key[0], "") for line in lines}
    return Sheet(form, numbered, frozenset(said | {_name(form, row) for _, row in numbered}))


def _name(form: SheetForm[Row], row: Row) -> str:
    return str(getattr(row, form.key[0]))


def _row(form: SheetForm[RowT], line: Line, findings: Findings) -> RowT | None:
    try:
        return form.row.model_validate(line.cells)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            findings.add(form.file, line.number, _reason(form, error, line))
        return None


def _reason(form: SheetForm[Row], error: ErrorDetails, line: Line) -> str:
    """One sentence: the column, what stands there (never a secret), and what to write."""
    advice = reason_of(error)
    if not error["loc"]:
        return advice
    column = str(error["loc"][0])
    if column not in line.cells:
        return f"{column} is empty: every line needs one"
    shown = mask(line.cells[column]) if column in form.secret else line.cells[column]
    return f"{column} {shown!r}: {advice}"


def _check_keys(form: SheetForm[Row], numbered: Sequence[tuple[int, Row]], findings: Findings) -> None:
    first_lines: dict[tuple[object, ...], int] = {}
    for number, row in numbered:
        key = tuple(getattr(row, column) for column in form.key)
        first = first_lines.setdefault(key, number)
        if first != number:
            named = ", ".join(f"{column} {value}" for column, value in zip(form.key, key, strict=True))
            findings.add(form.file, number, f"{named} stands on line {first} already: keep one of the two")
