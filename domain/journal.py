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


class Journaled(BaseModel):
    """What keeps a journal of itself, and grows a version with every change that people may see."""

    journal: list[JournalLine] = []
    journal_length: int = 0
    version: int = 0

    def write(
        self,
        entered_at: datetime,
        actor: str,
        kind: str,
        disposition: Disposition,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """Append a line to the journal."""
        self.version += 1
        self.journal_length += 1
        self.journal.append(
            JournalLine(
                sequence=self.journal_length,
                at=at or entered_at,
                entered_at=entered_at,
                actor=actor,
                kind=kind,
                disposition=disposition,
                text=text,
            )
        )

    def trim_journal(self, recorded: int) -> None:
        """Forget lines beyond the newest hundred that are in the database already, up to sequence `recorded`."""
        excess = len(self.journal) - JOURNAL_TAIL
        if excess > 0:
            self.journal = [line for i, line in enumerate(self.journal) if i >= excess or line.sequence > recorded]


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
