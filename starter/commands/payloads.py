"""The payload of a message, as the command line gives it: JSON, a file, or stdin, and what options say besides."""

import json
import sys
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from domain.messages import VendorValidation
from starter.answers import WrongInput
from starter.text_file import read_text


def read_json(argument: str) -> JsonValue:
    """The JSON that an argument is, or leads to. Raises WrongInput, in one sentence."""
    if argument == "-":
        where, text = "stdin", sys.stdin.read()
    elif argument.startswith("@"):
        where, text = argument[1:], read_text(Path(argument[1:]))
    else:
        where, text = "--json", argument
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongInput(f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    return value


def merged(
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
