"""The journal of a case: append-only, one line for everything that happened or was said (SPEC §5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

JOURNAL_TAIL = 100
"""How many of the newest lines travel with the case; the rest is in the database."""

BYTES_TOGETHER = 200_000
"""How much of a journal goes out at once, as JSON: the engine ends a workflow that sends more than it takes, two
megabytes in one value, or four in all the answers that go out together, of which there may be ten."""


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


def first_lines(lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    """As many of the lines, from the first on, as go out at once; one at least, if there is one."""
    together: list[JournalLine] = []
    size = 0
    for line in lines:
        size += len(line.model_dump_json().encode())
        if together and size > BYTES_TOGETHER:
            break
        together.append(line)
    return tuple(together)


def newest_lines(lines: Sequence[JournalLine]) -> tuple[JournalLine, ...]:
    """The newest hundred lines in order, or fewer of them when they would not go out at once."""
    return first_lines(reversed(lines[-JOURNAL_TAIL:]))[::-1]
