"""What is said of a call: the call itself, diagnosis, log files, a serial number, the report it becomes (R2 to R4)."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from domain.instants import Instant
from domain.messages import (
    Assignment,
    Caller,
    Cancellation,
    ContactAttempt,
    CoverageException,
    LogsProvided,
    Message,
    Name,
    Note,
    RemoteDiagnosis,
    SerialNumber,
    Words,
)
from domain.outside_mail import OutsideMail

_CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _call_id(text: str) -> str:
    if not _CALL_ID.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no id of a call; give 1 to 64 letters, digits, '.', '_' or '-'")
    return text


CallId = Annotated[str, AfterValidator(_call_id)]


class DraftedReport(BaseModel):
    """What was understood of a breakdown that came by mail: a draft for whoever calls back, no report yet (R4)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial_number: SerialNumber | None = None
    reported_by: Caller | None = None
    symptom: Words | None = None
    impact: Literal["blocking", "degraded"] | None = None


class Call(Message):
    """A call: who, what about. `received_at` is when it was picked up, or when the mail came in.

    By mail it is no call yet: level 1 calls back (R4).
    """

    kind = "call"
    call_id: CallId | None = None
    caller: Caller
    channel: Literal["phone", "email"] = "phone"
    received_at: Instant | None = None
    serial_number: SerialNumber | None = None
    symptom: Words
    impact: Literal["blocking", "degraded"] = "degraded"
    mail: OutsideMail | None = None
    drafted_report: DraftedReport | None = None
    exception: CoverageException | None = None

    @property
    def happened_at(self) -> datetime | None:
        return self.received_at or self.at

    @property
    def speaker(self) -> str:
        return f"customer:{self.caller.name}"

    @property
    def summary(self) -> str:
        return f"{self.impact}: {self.symptom}"

    @property
    def is_by_mail(self) -> bool:
        """Nobody has spoken to whoever sent it yet."""
        return self.channel == "email"


class IncidentReport(Message):
    """It is a hardware incident: the call becomes a curative case. What is not given here, the call or its draft gave.

    `reported_at` is when the call was picked up: of a breakdown that came by mail, the call-back (R4).
    """

    kind = "report"
    technician: Name
    """Who took or made the call, and says so."""
    serial_number: SerialNumber | None = None
    reported_by: Caller | None = None
    symptom: Words | None = None
    impact: Literal["blocking", "degraded"] | None = None
    reported_at: Instant | None = None
    exception: CoverageException | None = None

    @property
    def happened_at(self) -> datetime | None:
        return self.reported_at or self.at

    @property
    def speaker(self) -> str:
        return f"support:{self.technician}"

    @property
    def summary(self) -> str:
        return "a curative case is to be opened" + (f": {self.symptom}" if self.symptom else "")


class SerialGiven(Message):
    """Which equipment the call is about: not known before, or given wrongly."""

    kind = "clarification"
    serial_number: SerialNumber
    type: Name | None = None

    @property
    def speaker(self) -> str:
        return "customer:unnamed"

    @property
    def summary(self) -> str:
        return f"it is about {self.serial_number}" + (f", {self.type}" if self.type else "")


CALL_MESSAGES: dict[str, type[Message]] = {
    model.kind: model
    for model in (
        Call,
        RemoteDiagnosis,
        LogsProvided,
        IncidentReport,
        SerialGiven,
        Cancellation,
        Note,
        Assignment,
        ContactAttempt,
    )
}
