"""`curative report`: the call that opens a case, or many of them from a file."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from pydantic import JsonValue
from rich.progress import Progress
from rich.text import Text

from config.settings import Settings
from domain.messages import Report
from starter.answers import ReportAnswer, ReportStatus, WrongInput
from starter.commands.options import AsJson, DataDir, parse_instant, run
from starter.connections import open_desk, settings_for
from starter.console import add_row, print_json, stderr, stdout, table
from starter.exit_codes import REFUSED, WRONG_INPUT
from starter.rendering.report_lines import print_answer
from starter.report_file import FileOutcome, LineOutcome, read_reports, report_all
from starter.reports import parsed_report


def report(
    serial: Annotated[str | None, typer.Option(metavar="S", help="The equipment's serial number.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who calls.")] = None,
    phone: Annotated[str | None, typer.Option(help="How to call back.")] = None,
    email: Annotated[str | None, typer.Option(help="Where to write to.")] = None,
    symptom: Annotated[str | None, typer.Option(metavar="TEXT", help="What is wrong, in the caller's words.")] = None,
    impact: Annotated[
        Literal["blocking", "degraded"], typer.Option(help="A blocking fault goes straight to level 2.")
    ] = "degraded",
    at: Annotated[
        datetime | None,
        typer.Option(metavar="INSTANT", parser=parse_instant, help="When the call was picked up, if not now."),
    ] = None,
    exception: Annotated[
        Literal["out_of_contract", "goodwill"] | None,
        typer.Option(help="A supervisor accepts what the contract does not cover; needs --reason."),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why the exception is granted.")] = None,
    granted_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who grants the exception; --by unless given.")
    ] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="ROLE:NAME", help="Who enters the report, as supervisor:R. Martin.")
    ] = None,
    message_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The report's own id: given twice, it is taken once.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Many reports at once (docs/command-line.md).")
    ] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Report an incident: opens the case of the equipment, or joins the one that is open.

    The answer comes within five seconds: accepted with due instants, rejected with the reason, or recorded.

    [bold]Examples[/bold]

      curative report --serial FOC2735Y3TT --by "A. Petit" --phone 0148030368 --symptom "No picture" --impact blocking

      curative report --serial 821518170AADCV --by "A. Petit" --symptom "No sound" --exception goodwill --reason "…"

      curative report --file reports.csv
    """
    settings = settings_for(data)
    if file is not None:
        if serial or by or symptom:
            raise WrongInput("--file takes the place of --serial, --by and --symptom: give one or the other")
        _report_file(settings, file, as_json=as_json)
        return
    caller: dict[str, JsonValue] = {"name": by, "phone": phone, "email": email}
    said: dict[str, JsonValue] = {
        "serial_number": serial,
        "reported_by": _given(caller),
        "symptom": symptom,
        "impact": impact,
        "reported_at": at.isoformat() if at else None,
        "exception": _exception(exception, reason, granted_by or by),
        "actor": actor,
    }
    _check_required({"--serial": serial, "--by": by, "--symptom": symptom})
    _report_one(settings, parsed_report(_given(said)), message_id, as_json=as_json)


def _given(fields: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {field: value for field, value in fields.items() if value is not None}


def _check_required(options: dict[str, str | None]) -> None:
    missing = [option for option, value in options.items() if value is None]
    if missing:
        raise WrongInput(f"{', '.join(missing)} is missing: a report gives them, or --file names many reports")


def _exception(kind: str | None, reason: str | None, granted_by: str | None) -> dict[str, JsonValue] | None:
    """The supervisor's exception. Raises WrongInput when it is given without a reason, or a reason without it."""
    if kind is None and reason is None:
        return None
    if kind is None or reason is None:
        raise WrongInput("--exception and --reason belong together: say what is granted, and why")
    return {"kind": kind, "granted_by": granted_by, "reason": reason}


def _report_one(settings: Settings, report: Report, message_id: str | None, *, as_json: bool) -> None:
    answer, zone = run(_answer(settings, report, message_id))
    if as_json:
        print_json(answer)
    else:
        print_answer(stdout(), answer, zone)
    if answer.status is ReportStatus.REJECTED:
        raise typer.Exit(REFUSED)


async def _answer(settings: Settings, report: Report, message_id: str | None) -> tuple[ReportAnswer, tzinfo]:
    """The answer, and the provider's time zone to show it in."""
    async with open_desk(settings, read_model=False) as desk:
        answer = await desk.report_incident(report, message_id)
        known = answer.status in (ReportStatus.ACCEPTED, ReportStatus.JOINED)
        coverage = await desk.coverage(answer.workflow_id) if known else None
    return answer, ZoneInfo(coverage.provider.tz) if coverage else UTC


def _report_file(settings: Settings, path: Path, *, as_json: bool) -> None:
    """Report every line of a file. Exit code 2 when a line was wrong, else 3 when one was rejected."""
    lines = read_reports(path)
    with Progress(console=stderr(), transient=True) as progress:
        bar = progress.add_task("reports", total=len(lines))

        async def report_lines(on_outcome: Callable[[LineOutcome], None]) -> FileOutcome:
            async with open_desk(settings, read_model=False) as desk:
                return await report_all(desk, lines, on_outcome)

        outcome = run(report_lines(lambda _: progress.advance(bar)))
    if as_json:
        print_json(outcome)
    else:
        _print_outcome(outcome)
    if outcome.counts["wrong"]:
        raise typer.Exit(WRONG_INPUT)
    if outcome.counts["rejected"] or outcome.counts["refused"]:
        raise typer.Exit(REFUSED)


def _print_outcome(outcome: FileOutcome) -> None:
    shown = table("line", "serial", "status", "case", "why")
    for line in outcome.lines:
        add_row(shown, str(line.line), line.serial_number, line.status, line.reference, line.reason)
    stdout().print(shown)
    stdout().print(Text(", ".join(f"{count} {status}" for status, count in outcome.counts.items() if count)))
