"""What the caller, level 1 and level 2 say: report, diagnosis, logs (R2 to R4)."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.instants import Instant
from domain.messages.base import Message, Name, SerialNumber, Text, Words
from domain.messages.visit import Test
from domain.outside_mail import OutsideMail


class Caller(BaseModel):
    """Who called, and how to call back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    phone: Name | None = None
    email: Name | None = None


class CoverageException(BaseModel):
    """A supervisor's acceptance of a case that the contract does not cover (R14)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["out_of_contract", "goodwill"]
    granted_by: Name
    reason: Words


class Report(Message):
    """The call (R4). `reported_at` is when it was picked up, not when the form was saved."""

    kind = "report"
    serial_number: SerialNumber
    reported_by: Caller
    symptom: Words
    impact: Literal["blocking", "degraded"] = "degraded"
    reported_at: Instant | None = None
    channel: Name = "phone"
    exception: CoverageException | None = None
    mail: OutsideMail | None = None
    """The mail with which it began, under which our letters to the customer are read."""

    @property
    def happened_at(self) -> datetime | None:
        return self.reported_at or self.at

    @property
    def speaker(self) -> str:
        return f"customer:{self.reported_by.name}"

    @property
    def summary(self) -> str:
        return f"{self.impact}: {self.symptom}"


class RemoteDiagnosis(Message):
    """What level 1 or level 2 found remotely (R2, R3)."""

    kind = "remote_diagnosis"
    level: Literal[1, 2]
    outcome: Literal[
        "resolved", "escalate", "logs_needed", "hardware_failure", "onsite_without_parts", "software_fault"
    ]
    technician: Name
    findings: Text
    defective_articles: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    parts_from: Literal["vendor", "own_stock"] = "vendor"
    also_software: bool = False
    tests: Annotated[tuple[Test, ...], Field(max_length=200)] = ()
    """What was tested, of a repair by software: it is tested too (R9)."""

    @model_validator(mode="after")
    def _level_1_resolves_or_escalates(self) -> Self:
        if self.level == 1 and self.outcome not in ("resolved", "escalate"):
            raise ValueError(f"outcome: level 1 says 'resolved' or 'escalate'; {self.outcome!r} is for level 2 to find")
        if self.level == 2 and self.outcome == "escalate":
            raise ValueError("outcome: level 2 is the last level; it finds, asks for logs or resolves")
        return self

    @property
    def speaker(self) -> str:
        return f"level_{self.level}:{self.technician}"

    @property
    def summary(self) -> str:
        return f"level {self.level}: {self.outcome.replace('_', ' ')} – {self.findings}"


class LogFile(BaseModel):
    """A log file of infrastructure equipment (R3): its name, where it is, and its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    uri: Annotated[str, Field(min_length=1, max_length=2_000)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class LogsProvided(Message):
    """The customer sent log files; `complete` is false while more are to come."""

    kind = "logs_provided"
    files: Annotated[tuple[LogFile, ...], Field(min_length=1, max_length=100)]
    complete: bool = True

    @property
    def speaker(self) -> str:
        return "customer:unnamed"

    @property
    def summary(self) -> str:
        names = ", ".join(file.name for file in self.files)
        return f"logs received: {names}" + ("" if self.complete else " (more to come)")


class SoftwareNews(Message):
    """What became of the software that was asked for (R3). Said by the software request of that reference."""

    kind = "software_news"
    serial_number: SerialNumber
    state: Literal["delivered", "up_to_date", "refused"]
    text: Text = ""
    request: Name

    @property
    def speaker(self) -> str:
        return f"system:{self.request}"

    @property
    def summary(self) -> str:
        return f"software {self.state.replace('_', ' ')} ({self.request})" + (f" – {self.text}" if self.text else "")
