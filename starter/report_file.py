"""Many reports at once, from a CSV file: what is wrong with a line does not stop the others."""

import asyncio
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.messages import MessageRefused, Report
from starter.answers import Refused, WrongInput
from starter.desk import Desk
from starter.reports import parsed_report
from starter.text_file import read_text

REQUIRED = ("serial_number", "reported_by", "symptom")
OPTIONAL = ("phone", "email", "impact", "reported_at", "channel")
STATUSES = ("accepted", "joined", "pending", "rejected", "refused", "wrong")
AT_ONCE = 8
"""Reports under way at the same time."""


class ReportLine(BaseModel):
    """One line of the file: its report, or what is wrong with it. `line` counts from 1, the header's line."""

    model_config = ConfigDict(frozen=True)

    line: int
    serial_number: str
    report: Report | None = None
    reason: str | None = None


class LineOutcome(BaseModel):
    """What became of one line: a status of ReportAnswer, or `wrong` with the reason."""

    model_config = ConfigDict(frozen=True)

    line: int
    serial_number: str
    status: str
    reference: str | None = None
    reason: str | None = None


class FileOutcome(BaseModel):
    """What became of a file: how many lines of each status, and every line."""

    model_config = ConfigDict(frozen=True)

    counts: dict[str, int]
    lines: tuple[LineOutcome, ...]

    @classmethod
    def of(cls, lines: Sequence[LineOutcome]) -> "FileOutcome":
        """The lines in their order, counted."""
        ordered = tuple(sorted(lines, key=lambda outcome: outcome.line))
        counted = Counter(outcome.status for outcome in ordered)
        return cls(counts={status: counted[status] for status in STATUSES}, lines=ordered)


def read_reports(path: Path) -> tuple[ReportLine, ...]:
    """The lines of a CSV file with a header, `,` or `;` between the columns, UTF-8 with or without a BOM.

    Raises WrongInput when the file as a whole cannot be used; a single wrong line says so itself.
    """
    text = read_text(path)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip() for column in rows.fieldnames or ()]
    except csv.Error as error:
        raise WrongInput(f"{path}:1: {error}") from None
    _check_columns(path, columns)
    rows.fieldnames = columns
    return tuple(_lines(rows))


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in columns]
    unknown = [column for column in columns if column not in (*REQUIRED, *OPTIONAL)]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if missing:
        raise WrongInput(f"{path}: column {', '.join(missing)} is missing")
    if twice:
        raise WrongInput(f"{path}: column {', '.join(twice)} is there more than once")
    if unknown:
        known = ", ".join((*REQUIRED, *OPTIONAL))
        raise WrongInput(f"{path}: column {', '.join(unknown)} is not known; known are {known}")


def _lines(rows: "csv.DictReader[str]") -> Iterator[ReportLine]:
    """Every line, whatever is wrong with the ones before it; a quotation that never ends takes the rest along."""
    while True:
        first = rows.reader.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield ReportLine(line=first, serial_number="", reason=str(error))
        else:
            yield _line(rows.line_num, row)


def _line(number: int, row: dict[str, str]) -> ReportLine:
    line = ReportLine(line=number, serial_number=(row.get("serial_number") or "").strip())
    if None in row or None in row.values():
        return line.model_copy(update={"reason": "the number of columns is not that of the header"})
    try:
        return line.model_copy(update={"report": parsed_report(_content(row))})
    except MessageRefused as refusal:
        return line.model_copy(update={"reason": str(refusal)})


def _content(row: dict[str, str]) -> dict[str, JsonValue]:
    """The report of a line; its message id is a fingerprint of it, so that the file can be given again."""
    cells = {column: cell.strip() for column, cell in row.items() if cell.strip()}
    fingerprint = hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:32]
    caller: dict[str, JsonValue] = {"name": cells.pop("reported_by", "")}
    caller |= {column: cells.pop(column) for column in ("phone", "email") if column in cells}
    return {**cells, "reported_by": caller, "message_id": f"line-{fingerprint}"}


async def report_all(
    desk: Desk, lines: Sequence[ReportLine], on_outcome: Callable[[LineOutcome], None] = lambda _: None
) -> FileOutcome:
    """Report every line, several at a time, and tell `on_outcome` of each as it comes.

    Raises EngineUnreachable when the engine goes away; the same file can then be given again.
    """
    limit = asyncio.Semaphore(AT_ONCE)

    async def report(line: ReportLine) -> LineOutcome:
        async with limit:
            outcome = await _report(desk, line)
        on_outcome(outcome)
        return outcome

    return FileOutcome.of(await asyncio.gather(*map(report, lines)))


async def _report(desk: Desk, line: ReportLine) -> LineOutcome:
    if line.report is None:
        return _outcome(line, "wrong", reason=line.reason)
    try:
        answer = await desk.report_incident(line.report)
    except Refused as refusal:
        return _outcome(line, "refused", reason=str(refusal))
    return _outcome(line, answer.status, answer.reference, answer.reason)


def _outcome(line: ReportLine, status: str, reference: str | None = None, reason: str | None = None) -> LineOutcome:
    return LineOutcome(
        line=line.line, serial_number=line.serial_number, status=status, reference=reference, reason=reason
    )
