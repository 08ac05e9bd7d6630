"""A diagnosis that began in a call and goes on in a curative case: what was found, under which clocks (R2, R3)."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from domain.journal import JournalLine
from domain.messages import RemoteDiagnosis
from domain.promises import Promise

CARRIED_KINDS = frozenset(
    {"call", "remote_diagnosis", "logs_provided", "note", "contact_attempt", "escalation", "logs"}
)
"""What the journal of the case begins with: what was said and done about the fault."""

LINES_CARRIED = 30


class DiagnosisSoFar(BaseModel):
    """What a case that begins with a call is told: its reference, how far it came, its clocks, its journal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call: str
    level: int
    finding: RemoteDiagnosis | None = None
    promises: tuple[Promise, ...] = ()
    journal: tuple[JournalLine, ...] = ()


def lines_carried(journal: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    """The newest lines of a call that tell of the fault, in their order."""
    return tuple(line for line in journal if line.kind in CARRIED_KINDS)[-LINES_CARRIED:]
