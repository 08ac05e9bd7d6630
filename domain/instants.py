"""Instants: every one is aware, and arrives as text."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EXAMPLE = "2026-06-11T15:50:00+02:00"
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""What can be meant: beyond, an instant cannot even be written in every time zone, nor in every store."""

OLDEST_ENTRY = timedelta(days=366)
"""How far back even a supervisor may date a report or a call."""

_BEGINS_WITH_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text_or_datetime(value: object) -> object:
    """Refuse numbers, written as text too: pydantic would take 5 for five seconds after the epoch."""
    if isinstance(value, datetime) or (isinstance(value, str) and _BEGINS_WITH_A_DATE.match(value)):
        return value
    raise ValueError(f"give an instant with its offset, as {EXAMPLE}")


def _can_be_meant(instant: datetime) -> datetime:
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"{instant.isoformat()} cannot be meant; give an instant of the years 2000 to 2099")
    return instant


Instant = Annotated[AwareDatetime, BeforeValidator(_text_or_datetime), AfterValidator(_can_be_meant)]
"""An aware datetime of this century; naive ones and numbers are refused (SPEC §4, conventions of business time)."""


def instant_from_text(text: str) -> datetime:
    """Parse an ISO 8601 instant that names its offset. Raises ValueError in one sentence otherwise."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an instant; write it as {EXAMPLE}") from None
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no offset; write it as {EXAMPLE}")
    return instant
