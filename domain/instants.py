"""Instants: every one is aware, and arrives as text."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator


def _text_or_datetime(value: object) -> object:
    """Refuse numbers: pydantic would take 5 for five seconds after the epoch."""
    if isinstance(value, (str, datetime)):
        return value
    raise ValueError("give an instant with its offset, as 2026-06-11T15:50:00+02:00")


Instant = Annotated[AwareDatetime, BeforeValidator(_text_or_datetime)]
"""An aware datetime; naive ones and numbers are refused (SPEC §4, conventions of business time)."""


def instant_from_text(text: str) -> datetime:
    """Parse an ISO 8601 instant that names its offset. Raises ValueError in one sentence otherwise."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an instant; write it as 2026-06-11T15:50:00+02:00") from None
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no offset; write it as 2026-06-11T15:50:00+02:00")
    return instant
