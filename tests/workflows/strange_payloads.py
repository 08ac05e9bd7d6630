"""Payloads that no message should have, and that every message can get: the wrong number, form, type or size."""

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

MEGABYTE = 1_000_000


def raw(encoding: bytes | None, data: bytes) -> RawValue:
    """A payload as some other client may have written it."""
    return RawValue(Payload(metadata={"encoding": encoding} if encoding else {}, data=data))


def json(text: str) -> RawValue:
    """A payload that says it is JSON, whether or not Python's own writer would ever write it."""
    return raw(b"json/plain", text.encode())


NO_OBJECT: dict[str, list[Any]] = {
    "no payload": [],
    "null": [None],
    "two payloads": [{"text": "one"}, {"text": "two"}],
    "a list": [["text"]],
    "a text": ["text"],
    "a number": [7],
    "a truth value": [True],
    "broken JSON": [json('{"text": "unfin')],
    "nothing at all": [json("")],
    "NaN": [json("NaN")],
    "a lone surrogate": [json('{"text": "\\ud800"}')],
    "a number with 5,000 digits": [json('{"text": ' + "9" * 5_000 + "}")],
    "brackets 100,000 deep": [json("[" * 100_000)],
    "bytes": [raw(b"binary/plain", b'{"text": "x"}')],
    "a null with bytes": [raw(b"binary/null", b"x")],
    "protobuf": [raw(b"binary/protobuf", b"\xff\x00")],
    "an unknown encoding": [raw(b"binary/encrypted", b"\x00\x01")],
    "no encoding": [raw(None, b"{}")],
    "an encoding that is no text": [raw(b"\xff", b"{}")],
}
"""Nothing that could be one JSON object."""

NO_SUCH_MESSAGE: dict[str, list[Any]] = {
    "an empty object": [{}],
    "unknown fields": [{"colour": "blue", "\x00": "\x00", "é" * 300: None}],
    "types that are all wrong": [{"message_id": 7, "case": [], "actor": {}, "at": 1_700_000_000}],
    "numbers that are none": [json('{"at": NaN, "case": Infinity, "actor": -Infinity}')],
    "values nested 150 deep": [json('{"case": ' + "[" * 150 + "]" * 150 + "}")],
    "an instant without an offset": [{"at": "2027-05-10T09:00:00"}],
    "an instant in the year 10000": [{"at": "10000-01-01T00:00:00Z"}],
}
"""JSON objects that no kind of message has."""

HUGE: dict[str, list[Any]] = {
    "a megabyte of text": [{"text": "x" * MEGABYTE}],
    "half a megabyte of NUL": [{"text": "\x00" * (MEGABYTE // 12)}],
    "an object with 20,000 fields": [{f"field {number}": number for number in range(20_000)}],
    "a megabyte of brackets": [json("[" * MEGABYTE)],
}
"""More than anybody has to say."""

STRANGE = NO_OBJECT | NO_SUCH_MESSAGE
