"""What is wrong with a payload, as one sentence for whoever sent it: pydantic's first complaint in plain words."""

from collections.abc import Collection

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.instants import EXAMPLE

SHOWN = 80
"""How much of what was given a sentence repeats, in characters."""


def first_mistake(error: ValidationError, known: Collection[str]) -> tuple[str, str]:
    """The field and the reason of what is wrong first, a misspelt field before a missing one.

    `known` are the fields of the message. A validator may name another field than its own by beginning with it:
    `end: a proposed slot ends after its start`.
    """
    errors = error.errors(include_url=False)
    first = next((found for found in errors if found["type"] == "extra_forbidden"), errors[0])
    field = ".".join(_name(part) for part in first["loc"]) or "payload"
    reason = _reason(first, known)
    named, _, rest = reason.partition(": ")
    if first["type"] == "value_error" and rest and field.endswith(f".{named}"):
        return field, rest  # it names its own place, within something
    return (named, rest) if first["type"] == "value_error" and named in known else (field, reason)


def _reason(mistake: ErrorDetails, known: Collection[str]) -> str:
    match mistake["type"]:
        case "value_error":
            return str(mistake["ctx"]["error"])
        case "extra_forbidden":
            is_outermost = len(mistake["loc"]) == 1
            return "this field is not known here" + (f"; known are {', '.join(known)}" if is_outermost else "")
        case "missing":
            return "this field is required"
        case "too_short" | "too_long":
            return mistake["msg"].replace("Tuple", "the list").replace(" after validation", "")
    return f"{_expectation(mistake)}, not {shown(mistake['input'])}"


def _expectation(mistake: ErrorDetails) -> str:
    match mistake["type"]:
        case "literal_error":
            return f"must be {mistake['ctx']['expected']}"
        case "tuple_type":
            return "must be a list"
        case "model_type":
            return "must be an object"
        case "timezone_aware":
            return f"an instant names its offset, as {EXAMPLE}"
    return mistake["msg"][0].lower() + mistake["msg"][1:]


def _name(part: int | str) -> str:
    """A part of a field's name; of what somebody made up, no more than a sentence can hold."""
    if isinstance(part, int):
        return str(part)
    return part[:SHOWN] if part and part.isprintable() else repr(part[:SHOWN])


def shown(value: object) -> str:
    """What was given, short enough for a sentence, whatever its size and depth."""
    match value:
        case None:
            return "nothing"
        case str():
            return repr(value[:SHOWN])
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > 64:
            return "a number of that size"
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "an object"
    return "something that is not JSON"
