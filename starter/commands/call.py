"""`curative call`: phone assistance, as levels 1 and 2 work with it (docs/assistance.md)."""

from datetime import datetime
from typing import Annotated, Literal

import typer
from pydantic import JsonValue

from database.calls import CallFilter
from domain.assistance import CallStage
from starter.answers import WrongInput
from starter.call_answers import CallStatus
from starter.commands.options import AsJson, DataDir, parse_instant, run
from starter.commands.payloads import merged, read_json
from starter.commands.telling_calls import (
    find_calls,
    given,
    look_at_call,
    print_answer,
    resolve_at_its_level,
    take_call,
    tell,
)
from starter.connections import settings_for
from starter.console import print_json, stdout
from starter.exit_codes import REFUSED
from starter.provider_zone import line_zone
from starter.rendering.call_page import print_call, print_calls, print_opened

call = typer.Typer(name="call", help="Phone assistance: calls, and breakdowns that were reported by mail.")

Call = Annotated[str, typer.Argument(metavar="CALL", help="A reference (CA-7K3Q-9XTB), a call id or a workflow id.")]
At = Annotated[
    datetime | None, typer.Option(metavar="INSTANT", parser=parse_instant, help="When it happened, if not now.")
]
Actor = Annotated[str | None, typer.Option(metavar="ROLE:NAME", help="Who says it, as supervisor:R. Martin.")]
MessageId = Annotated[str | None, typer.Option(metavar="ID", help="Its own id: sent twice, it is taken once.")]


@call.command("open")
def open_call(
    by: Annotated[str, typer.Option(metavar="NAME", help="Who calls.")],
    about: Annotated[str, typer.Option(metavar="TEXT", help="What about, in the caller's words.")],
    phone: Annotated[str | None, typer.Option(help="How to call back.")] = None,
    email: Annotated[str | None, typer.Option(help="Where to write to.")] = None,
    serial: Annotated[str | None, typer.Option(metavar="S", help="The serial number, if it is known.")] = None,
    impact: Annotated[
        Literal["blocking", "degraded"], typer.Option(help="A blocking fault goes straight to level 2.")
    ] = "degraded",
    at: Annotated[
        datetime | None,
        typer.Option(metavar="INSTANT", parser=parse_instant, help="When the call was picked up, if not now."),
    ] = None,
    actor: Actor = None,
    message_id: MessageId = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Take a call: who, what about. The answer comes within five seconds, and says when the line opens if it is closed.

    [bold]Example[/bold]

      curative call open --by "A. Petit" --phone 0148030368 --about "no sound from the far end" --serial FOC2735Y3TT
    """
    caller: dict[str, JsonValue] = {"name": by, "phone": phone, "email": email}
    said: dict[str, JsonValue] = {
        "caller": given(caller),
        "symptom": about,
        "serial_number": serial,
        "impact": impact,
        "received_at": at.isoformat() if at else None,
        "actor": actor,
    }
    settings = settings_for(data)
    answer = run(take_call(settings, given(said), message_id))
    if as_json:
        print_json(answer)
    else:
        print_opened(stdout(), answer, run(line_zone(settings)))
    if answer.status is CallStatus.REJECTED:
        raise typer.Exit(REFUSED)


@call.command("show")
def show_call(name: Call, as_json: AsJson = False, data: DataDir = None) -> None:
    """Show a call: level, who has the ball, promises, journal.

    [bold]Example[/bold]

      curative call show CA-7K3Q-9XTB
    """
    settings = settings_for(data)
    shown = run(look_at_call(settings, name))
    if as_json:
        print_json({**shown.view.model_dump(mode="json"), "source": shown.source.value})
    else:
        print_call(stdout(), shown, run(line_zone(settings)))


@call.command("list")
def list_calls(
    stage: Annotated[CallStage | None, typer.Option(help="Only calls at this stage.")] = None,
    channel: Annotated[Literal["phone", "email"] | None, typer.Option(help="Only calls that came so.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Only calls of this customer.")] = None,
    serial: Annotated[str | None, typer.Option(metavar="S", help="Only calls about this equipment.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only calls that are not closed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 100,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """List calls: open ones first, what is due next first. Cases are in `curative list`.

    [bold]Example[/bold]

      curative call list --open --channel email
    """
    wanted = CallFilter(
        stage=stage, channel=channel, customer=customer, serial_number=serial.upper() if serial else None,
        open_only=open_only,
    )  # fmt: skip
    settings = settings_for(data)
    found = run(find_calls(settings, wanted, limit))
    if as_json:
        print_json(found)
    else:
        print_calls(stdout(), found.calls, run(line_zone(settings)))


@call.command("resolve")
def resolve(
    name: Call,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who of level 1 or level 2 says so.")],
    findings: Annotated[str, typer.Option(metavar="TEXT", help="How it was resolved.")],
    at: At = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """The caller is helped: the call ends.

    [bold]Example[/bold]

      curative call resolve CA-7K3Q-9XTB --by Noor --findings "the sound was muted"
    """
    said: dict[str, JsonValue] = {"outcome": "resolved", "technician": by, "findings": findings}
    answer = run(resolve_at_its_level(settings_for(data), name, given(said | {"at": at.isoformat() if at else None})))
    print_answer(answer, as_json=as_json)


@call.command("escalate")
def escalate(
    name: Call,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who of level 1 says so.")],
    findings: Annotated[str, typer.Option(metavar="TEXT", help="What was tried.")],
    at: At = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Level 1 cannot help: level 2 goes on.

    [bold]Example[/bold]

      curative call escalate CA-7K3Q-9XTB --by Noor --findings "a restart changes nothing"
    """
    said: dict[str, JsonValue] = {"level": 1, "outcome": "escalate", "technician": by, "findings": findings}
    said["at"] = at.isoformat() if at else None
    print_answer(run(tell(settings_for(data), name, "remote_diagnosis", given(said))), as_json=as_json)


@call.command("take")
def take(
    name: Call,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who took the call, or called back.")],
    serial: Annotated[str | None, typer.Option(metavar="S", help="The serial number, if it is not known yet.")] = None,
    symptom: Annotated[str | None, typer.Option(metavar="TEXT", help="What is wrong, if it is not said yet.")] = None,
    impact: Annotated[Literal["blocking", "degraded"] | None, typer.Option(help="As the caller says.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(metavar="INSTANT", parser=parse_instant, help="When a mail was called back, if not now."),
    ] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Make it a curative case: what is not given here, the call or the draft of its mail gave (R4).

    [bold]Example[/bold]

      curative call take CA-7K3Q-9XTB --by Noor --impact blocking
    """
    said: dict[str, JsonValue] = {"technician": by, "serial_number": serial, "symptom": symptom, "impact": impact}
    said["reported_at"] = at.isoformat() if at else None
    print_answer(run(tell(settings_for(data), name, "report", given(said))), as_json=as_json)


@call.command("send")
def send(
    name: Call,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of message, as remote_diagnosis.")],
    payload: Annotated[str, typer.Option("--json", metavar="JSON", help="The payload: JSON, @FILE, or - for stdin.")],
    signal: Annotated[bool, typer.Option("--signal", help="Send a signal: it has no answer.")] = False,
    at: At = None,
    actor: Actor = None,
    message_id: MessageId = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="How the answer is printed.")] = "text",
    data: DataDir = None,
) -> None:
    """Send any message to a call. Here --json takes the payload; --output json prints the answer as JSON.

    [bold]Example[/bold]

      curative call send CA-7K3Q-9XTB clarification --json '{"serial_number": "FOC2735Y3TT"}'
    """
    content = merged(read_json(payload), kind=kind, at=at, actor=actor, message_id=message_id)
    if not isinstance(content, dict):
        raise WrongInput("--json: a message is one JSON object")
    answer = run(tell(settings_for(data), name, kind, content, as_signal=signal))
    if answer is not None:
        print_answer(answer, as_json=output == "json")
    elif output == "json":
        print_json({"disposition": "sent", "text": f"signal {kind} is recorded", "call": None})
    else:
        stdout().print(f"signal {kind} is recorded; see `curative call show {name}`", markup=False)
