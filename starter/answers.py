"""What the desk answers with, and what it raises instead."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.view import CaseView


class Refused(Exception):
    """A message that was refused. `field` names what to mend, `reason` is one sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class CaseNotFound(LookupError):
    """No case is known under that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no case is known as {name[:80]!r}; give a reference (CM-XXXX-XXXX), a workflow id or a serial number"
        )


class NotAnswered(RuntimeError):
    """The engine is there, but nobody answered in time: no worker runs, or it is overwhelmed."""


class DatabaseUnreachable(RuntimeError):
    """PostgreSQL is needed and cannot be asked; one sentence that says what to do."""


class NotRegistered(LookupError):
    """The registry does not know what was named."""


class NotCovered(Exception):
    """The registry gives no ground for a promise; one sentence says why (R6, R14)."""


class WrongInput(ValueError):
    """What was given cannot be used; one sentence says what to do."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReportStatus(StrEnum):
    """What became of a report (SPEC §3): a new case, an open one joined, or recorded with the check pending."""

    ACCEPTED = "accepted"
    JOINED = "joined"
    REJECTED = "rejected"
    PENDING = "pending"


class ReportAnswer(_Answer):
    """The answer to whoever reports, within five seconds whatever is away (SPEC §3).

    `reference` and `view` are None while no worker has run; the report is recorded all the same.
    """

    status: ReportStatus
    workflow_id: str
    message_id: str
    reference: str | None = None
    reason: str | None = None
    view: CaseView | None = None


class Source(StrEnum):
    """Where something that is shown comes from: the workflow itself, or a record that may be behind."""

    WORKFLOW = "workflow"
    READ_MODEL = "read_model"
    VISIBILITY = "visibility"


class ShownCase(_Answer):
    """A case as it stands, or as it was last recorded."""

    view: CaseView
    source: Source


class FoundCase(_Answer):
    """The execution that a name leads to. `reference` is None as long as nobody could tell it.

    `named_by_reference` says that one case was meant, and not whichever is open for a piece of equipment.
    """

    workflow_id: str
    run_id: str
    is_open: bool
    reference: str | None = None
    named_by_reference: bool = False


class CaseLine(_Answer):
    """One line of a list of cases; what only the read model knows is None when it could not be asked."""

    reference: str | None
    workflow_id: str
    serial_number: str | None
    customer: str | None
    site: str | None
    stage: str | None
    outcome: str | None = None
    waiting_for: str | None
    owner: str | None = None
    next_action: str | None = None
    promise_state: str | None
    next_due_at: datetime | None
    reported_at: datetime | None = None
    opened_at: datetime
    closed_at: datetime | None
    round: int | None = None


class CaseList(_Answer):
    """A list of cases, and where it comes from."""

    source: Source
    cases: tuple[CaseLine, ...]
