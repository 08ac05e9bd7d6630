"""The journal of a case: append-only, one line for everything that happened or was said (SPEC §5)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

JOURNAL_TAIL = 100
"""How many of the newest lines travel with the case; the rest is in the database."""


class Disposition(StrEnum):
    """What became of a message; `noted` is for what the case itself did."""

    TAKEN = "taken"
    KEPT = "kept"
    REFUSED = "refused"
    NOTED = "noted"


class JournalLine(BaseModel):
    """One line. `at` is when it happened, `entered_at` when the case learnt of it."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    at: datetime
    entered_at: datetime
    actor: str
    kind: str
    disposition: Disposition
    text: str
