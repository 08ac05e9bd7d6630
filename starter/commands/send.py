"""`curative send`: any message to an open case."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal

import typer
from pydantic import JsonValue

from config.settings import Settings
from domain.submission import SubmitAnswer
from starter.answers import NotAnswered
from starter.commands.options import Case, DataDir, parse_instant, run
from starter.commands.payloads import merged, read_json
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
    content = merged(read_json(payload), kind=kind, at=at, actor=actor, message_id=message_id)
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
