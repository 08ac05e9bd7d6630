"""How values enter and leave PostgreSQL, for every connection alike.

People type anything, and PostgreSQL holds neither NUL nor lone surrogates, in text or in JSON, nor JSON
numbers that are no numbers. Such text is written with the escape spelt out (`\\u0000`), and no write fails.
"""

import json
import math
import re
from datetime import UTC, datetime, timedelta

import asyncpg
from pydantic import JsonValue

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def storable_text(text: str) -> str:
    """The text as PostgreSQL can hold it."""
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def storable_json(value: JsonValue) -> JsonValue:
    """The JSON value as PostgreSQL can hold it, at every depth."""
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {storable_text(key): storable_json(item) for key, item in value.items()}
        case list() | tuple():
            return [storable_json(item) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value


def _encode_json(value: JsonValue) -> str:
    return json.dumps(storable_json(value), ensure_ascii=False, separators=(",", ":"))


def _encode_instant(instant: datetime) -> tuple[int]:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone; give an aware instant")
    return ((instant - _EPOCH) // _MICROSECOND,)


def _decode_instant(microseconds: tuple[int]) -> datetime:
    return _EPOCH + microseconds[0] * _MICROSECOND


async def set_codecs(connection: asyncpg.Connection) -> None:
    """Teach a new connection to take any text, JSON as Python values, and aware instants only."""
    builtin = {"schema": "pg_catalog"}
    await connection.set_type_codec("text", encoder=storable_text, decoder=str, format="text", **builtin)
    await connection.set_type_codec("jsonb", encoder=_encode_json, decoder=json.loads, format="text", **builtin)
    await connection.set_type_codec(
        "timestamptz", encoder=_encode_instant, decoder=_decode_instant, format="tuple", **builtin
    )
