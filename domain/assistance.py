"""A call for phone assistance: everything that one execution must know to go on, as plain data (R2, R3)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.call_messages import Call, IncidentReport
from domain.handling import Handled
from domain.inbox import PendingMessage
from domain.messages import RemoteDiagnosis

PREFIX = "assistance-"
ROUND = 1
"""A call has one round: what comes back is another call."""


class CallStage(StrEnum):
    """Where a call stands; `level` says at which level it is diagnosed."""

    REGISTERED = "registered"
    REMOTE_DIAGNOSIS = "remote_diagnosis"
    HANDING_OVER = "handing_over"
    CLOSED = "closed"


class CallOutcome(StrEnum):
    """How a call ended."""

    RESOLVED = "resolved"
    CURATIVE_CASE = "curative_case"
    SOFTWARE_REQUEST = "software_request"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class AssistanceCall(Handled, BaseModel):
    """The state of one call. Plain and serialisable: carried over when the execution continues as new."""

    call_id: str
    call: Call | None = None
    serial_number: str | None = None
    """Which equipment it is about; None while nobody has said so."""
    provider_tz: str | None = None
    """The time zone of the line; None until the registry has answered."""
    line_opens_at: datetime | None = None
    """When the line opens next, of a call that came outside service hours (R4)."""
    called_back_at: datetime | None = None
    """When somebody first spoke to whoever wrote, of a call that came by mail."""

    stage: CallStage = CallStage.REGISTERED
    outcome: CallOutcome | None = None
    outcome_reason: str | None = None
    closed_at: datetime | None = None
    finding: RemoteDiagnosis | None = None
    """What level 2 has found and somebody else goes on with."""
    incident: IncidentReport | None = None
    """What level 1 reports as an incident."""
    led_to: str | None = None
    """The reference of the case or the request that the call has become."""
    led_to_workflow: str | None = None
    check_is_late: bool = False
    """The registry does not answer: whoever calls is told so."""
    said: list[PendingMessage] = []
    """What waits for its turn, in the order of history."""

    @property
    def is_open(self) -> bool:
        """It has not reached its end."""
        return self.stage is not CallStage.CLOSED

    @property
    def is_ending(self) -> bool:
        """How it ends is decided."""
        return self.outcome is not None

    @property
    def promise_round(self) -> int:
        """A call has one round."""
        return ROUND

    @property
    def stage_shown(self) -> str:
        """The stage and the level, for the journal."""
        return f"{self.stage.value} (level {self.level})" if self.stage is CallStage.REMOTE_DIAGNOSIS else self.stage

    @property
    def check_pending(self) -> bool:
        """The registry has not answered yet."""
        return self.coverage is None and not self.is_ending

    @property
    def can_be_answered(self) -> bool:
        """Whoever calls can be told: when level 1 or level 2 answers, that the call is rejected, or that it waits."""
        return self.is_ending or self.check_is_late or any(promise.due_at is not None for promise in self.promises)

    @property
    def is_by_mail(self) -> bool:
        """It came as a mail, and nobody has called back yet."""
        return self.call is not None and self.call.is_by_mail and self.called_back_at is None

    @property
    def picked_up_at(self) -> datetime:
        """When the call was picked up, for the case that it becomes: of a mail, when it was called back (R4)."""
        return self.called_back_at or self.reported_at

    def end(self, outcome: CallOutcome, reason: str) -> None:
        """Say how the call ended."""
        self.outcome = outcome
        self.outcome_reason = reason
        self.version += 1


def assistance_workflow_id(call_id: str) -> str:
    """The id of the workflow of that call."""
    return f"{PREFIX}{call_id}"
