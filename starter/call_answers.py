"""What the assistance desk answers with, and what it raises instead."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from database.calls import CallRow
from domain.assistance import CallOutcome
from domain.call_view import CallView
from starter.answers import Source


class CallNotFound(LookupError):
    """No call is known under that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no call is known as {name[:80]!r}; see `curative call list` (CA-XXXX-XXXX)")


class CallStatus(StrEnum):
    """What became of a call: taken, joined (it was taken before), rejected, or recorded with the check pending."""

    ACCEPTED = "accepted"
    JOINED = "joined"
    REJECTED = "rejected"
    PENDING = "pending"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenedCall(_Answer):
    """The answer to whoever calls, within five seconds whatever is away.

    `reference` and `view` are None while no worker has run; the call is recorded all the same. `line_opens_at` tells
    a caller outside service hours when the line opens (R4).
    """

    status: CallStatus
    workflow_id: str
    call_id: str
    message_id: str
    reference: str | None = None
    reason: str | None = None
    line_opens_at: datetime | None = None
    view: CallView | None = None


class ShownCall(_Answer):
    """A call as it stands, or as it was last recorded."""

    view: CallView
    source: Source


class CallList(_Answer):
    """A list of calls."""

    calls: Sequence[CallRow]


def answer_of(view: CallView, call_id: str, message_id: str, *, opened: bool) -> OpenedCall:
    """The answer when the call has answered; `opened` says whether it was this message that opened it."""
    status, reason = CallStatus.ACCEPTED, None
    if view.outcome is CallOutcome.REJECTED:
        status, reason = CallStatus.REJECTED, view.outcome_reason
    elif view.check_pending:
        status, reason = CallStatus.PENDING, "recorded; the registry cannot be asked now, the check is pending"
    elif not opened:
        status, reason = CallStatus.JOINED, f"{view.reference} has this call already"
    return OpenedCall(
        status=status,
        workflow_id=view.workflow_id,
        call_id=call_id,
        message_id=message_id,
        reference=view.reference,
        reason=reason,
        line_opens_at=view.line_opens_at,
        view=view,
    )


def answer_unseen(workflow_id: str, call_id: str, message_id: str) -> OpenedCall:
    """The answer when nobody has worked on the call yet."""
    reason = "recorded; no worker has answered yet, the check is pending"
    return OpenedCall(
        status=CallStatus.PENDING, workflow_id=workflow_id, call_id=call_id, message_id=message_id, reason=reason
    )
