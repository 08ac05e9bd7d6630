"""`curative send`: any message to an open case."""

import json
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import JsonValue

from config.settings import Settings
from domain.messages import VendorValidation
from domain.submission import SubmitAnswer
from starter.answers import NotAnswered, WrongInput
from starter.commands.options import Case, DataDir, parse_instant, run
from starter.connections import open_desk, settings_for
from starter.console import print_json, stdout


def send(
    case: Case,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of message, as vendor_validation.")],
    payload: Annotated[str, typer.Option("--json", metavar="JSON", help="The payload: JSON, @FILE, or - for stdin.")],
    signal: Annotated[
        bool, typer.Option("--signal", help="Send a signal: recorded at once, without an answer.")
    ] = False,
    at: Annotated[
        datetime | None,
        typer.Option(metavar="INSTANT", parser=parse_instant, help="When it happened, if not now."),
    ] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="ROLE:NAME", help="Who says it, as supervisor:R. Martin.")
    ] = None,
    message_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The message's own id: sent twice, it is taken once.")
    ] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="How the answer is printed.")] = "text",
    data: DataDir = None,
) -> None:
    """Send a message to a case: an update with an answer, or with --signal one without.

    Here --json takes the payload; --output json prints the answer as JSON.

    [bold]Examples[/bold]

      curative send CM-7K3Q-9XTB note --json '{"text": "The customer calls back at 14:00"}'

      curative send FOC2735Y3TT vendor_validation --at 2026-06-11T15:50:00+02:00 --json '{"decision": "approved"}'

      curative send CM-7K3Q-9XTB shipment --signal --json @delivered.json
    """
    content = _merged(_read_json(payload), kind=kind, at=at, actor=actor, message_id=message_id)
    answer = run(_send(settings_for(data), case, kind, content, as_signal=signal))
    if output == "json":
        print_json(answer or {"disposition": "sent", "text": f"signal {kind} is recorded", "case": None})
    elif answer is None:
        stdout().print(f"signal {kind} is recorded; see what became of it with `curative show {case}`", markup=False)
    else:
        view = answer.case
        because = "" if answer.text == answer.disposition else f": {answer.text}"
        stdout().print(f"{view.reference}  {answer.disposition}{because}", markup=False, soft_wrap=True)
        stdout().print(f"{view.stage}, waiting for {view.waiting_for}; {view.owner}: {view.next_action}", markup=False)


async def _send(
    settings: Settings, case: str, kind: str, payload: JsonValue, *, as_signal: bool
) -> SubmitAnswer | None:
    async with open_desk(settings) as desk:
        answer = await desk.send(case, kind, payload, as_signal=as_signal)
        if answer is None:
            return None
        with suppress(NotAnswered):  # the answer does not wait for where the message leads: a look after it does
            return answer.model_copy(update={"case": (await desk.show(answer.case.workflow_id)).view})
        return answer


def _read_json(argument: str) -> JsonValue:
    """The JSON that an argument is, or leads to. Raises WrongInput, in one sentence."""
    if argument == "-":
        where, text = "stdin", sys.stdin.read()
    elif argument.startswith("@"):
        where, text = argument[1:], _read_file(Path(argument[1:]))
    else:
        where, text = "--json", argument
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongInput(f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    return value


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(f"{path} cannot be read: {error}") from None


def _merged(
    payload: JsonValue, *, kind: str, at: datetime | None, actor: str | None, message_id: str | None
) -> JsonValue:
    """The payload with what the options say besides. Raises WrongInput when both say the same field."""
    instant = "decided_at" if kind == VendorValidation.kind else "at"
    options = {instant: at.isoformat() if at else None, "actor": actor, "message_id": message_id}
    given: dict[str, JsonValue] = {field: value for field, value in options.items() if value is not None}
    if not given:
        return payload
    if not isinstance(payload, dict):
        raise WrongInput("--json: a message is one JSON object")
    twice = sorted(set(given) & set(payload))
    if twice:
        raise WrongInput(f"{', '.join(twice)} is said in the payload and by an option: say it once")
    return {**payload, **given}
