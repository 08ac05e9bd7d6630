"""The messages that a case takes (SPEC §5): one model a kind, one parser for signals and updates alike."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from domain.instants import Instant
from domain.refusals import SHOWN, first_mistake, shown
from domain.serial_numbers import normalise_serial_number

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=4_000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
"""A text that says something: a reason, a symptom, a remark."""

SerialNumber = Annotated[str, AfterValidator(normalise_serial_number)]
Actor = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}:.{1,200}$")]


class MessageRefused(Exception):
    """A message that does not fit. `field` names what to mend, `reason` says why; `str()` is both, one sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Message(BaseModel):
    """What every message may carry: its own id, the case it is meant for, who says it, and when it happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    message_id: Name | None = None
    case: Name | None = None
    actor: Actor | None = None
    at: Instant | None = None

    @property
    def happened_at(self) -> datetime | None:
        """The instant at which it happened, when the message tells it."""
        return self.at

    @property
    def instant(self) -> datetime:
        """The instant at which it happened, of a message that was accepted: then it has one."""
        assert self.happened_at is not None
        return self.happened_at

    @property
    def speaker(self) -> str:
        """Who said it, as `role:name`, when the message names no actor."""
        return "support:unnamed"

    @property
    def summary(self) -> str:
        """One line for the journal."""
        return ""

    @property
    def said_by(self) -> str:
        """The actor of the journal line."""
        return self.actor or self.speaker


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


class VendorValidation(Message):
    """The vendor's decision on the replacement request (R6); `decided_at` is the instant that counts."""

    kind = "vendor_validation"
    decision: Literal["approved", "refused", "more_information", "revoked"]
    decided_at: Instant
    rma_number: Name | None = None
    reason: Text | None = None

    @property
    def happened_at(self) -> datetime | None:
        return self.decided_at

    @property
    def speaker(self) -> str:
        return "vendor:unnamed"

    @property
    def summary(self) -> str:
        rma = f" RMA {self.rma_number}" if self.rma_number else ""
        return f"vendor: {self.decision.replace('_', ' ')}{rma}" + (f" – {self.reason}" if self.reason else "")


class Shipment(Message):
    """What became of a parcel. *Delivered* means complete, at the right address, undamaged."""

    kind = "shipment"
    status: Literal[
        "dispatched",
        "delivered",
        "partial",
        "delayed",
        "lost",
        "damaged",
        "misdelivered",
        "wrong_item",
        "out_of_stock",
        "refused_at_site",
    ]
    subject: Literal["replacement", "loan"] = "replacement"
    carrier: Name | None = None
    tracking_number: Name | None = None
    expected_at: Instant | None = None
    signed_by: Name | None = None

    @property
    def speaker(self) -> str:
        return f"carrier:{self.carrier or 'unnamed'}"

    @property
    def summary(self) -> str:
        details = [text for text in (self.carrier, self.tracking_number) if text]
        details += [f"signed by {self.signed_by}"] if self.signed_by else []
        return f"{self.subject} {self.status.replace('_', ' ')}" + (f" ({', '.join(details)})" if details else "")


class SiteScheduling(Message):
    """The customer's or our word on the visit (R10)."""

    kind = "site_scheduling"
    action: Literal["choose", "propose", "decline", "cancel", "room_unavailable", "technician_unavailable"]
    slot_id: Name | None = None
    start: Instant | None = None
    end: Instant | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_which_slot(self) -> Self:
        if self.action == "choose" and self.slot_id is None:
            raise ValueError("slot_id: name the slot that is chosen")
        if self.action == "propose":
            if self.start is None or self.end is None:
                raise ValueError("start: a proposed slot needs its start and its end")
            if self.end <= self.start:
                raise ValueError("end: a proposed slot ends after its start")
        return self

    @property
    def speaker(self) -> str:
        return "technician:unnamed" if self.action == "technician_unavailable" else "customer:unnamed"

    @property
    def summary(self) -> str:
        slot = self.slot_id or (f"{self.start:%Y-%m-%d %H:%M%z}" if self.start else "")
        return f"visit: {self.action.replace('_', ' ')} {slot}".rstrip() + (f" – {self.reason}" if self.reason else "")


class Exchange(BaseModel):
    """A serial number that was taken out, and the one that took its place (R7)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    removed: Name
    installed: Name


class Test(BaseModel):
    """A test done on site, and whether it passed (R9)."""

    __test__ = False  # pytest would collect it by its name
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    passed: bool


class InterventionReport(Message):
    """What the technician did on site (R9)."""

    kind = "intervention_report"
    technician: Name
    outcome: Literal["completed", "unfinished", "dead_on_arrival", "no_fault_found", "no_access"]
    arrived_at: Instant | None = None
    installed: bool = True
    configured: bool = True
    exchanges: Annotated[tuple[Exchange, ...], Field(max_length=100)] = ()
    tests: Annotated[tuple[Test, ...], Field(max_length=200)] = ()
    reservations: Text | None = None
    signed_by: Name | None = None

    @model_validator(mode="after")
    def _a_completed_intervention_was_tested(self) -> Self:
        if self.outcome == "completed" and not self.tests:
            raise ValueError("tests: a completed intervention names each test and whether it passed")
        return self

    @property
    def service_is_restored(self) -> bool:
        """Installed, configured, and every test passed (R9)."""
        done = self.outcome == "completed" and self.installed and self.configured
        return done and bool(self.tests) and all(test.passed for test in self.tests)

    @property
    def speaker(self) -> str:
        return f"technician:{self.technician}"

    @property
    def summary(self) -> str:
        passed = sum(test.passed for test in self.tests)
        tests = f", {passed} of {len(self.tests)} tests passed" if self.tests else ""
        return f"intervention {self.outcome.replace('_', ' ')}{tests}"


class CustomerConfirmation(Message):
    """The customer confirms or contests that service is restored."""

    kind = "customer_confirmation"
    restored: bool
    comment: Text | None = None

    @property
    def speaker(self) -> str:
        return "customer:unnamed"

    @property
    def summary(self) -> str:
        word = "confirms that service is restored" if self.restored else "contests that service is restored"
        return f"customer {word}" + (f" – {self.comment}" if self.comment else "")


class Cancellation(Message):
    """The customer calls the case off."""

    kind = "cancellation"
    reason: Words

    @property
    def summary(self) -> str:
        return f"cancellation – {self.reason}"


class Correction(Message):
    """The wrong serial number was given, or the equipment stands elsewhere."""

    kind = "correction"
    serial_number: SerialNumber | None = None
    site: Name | None = None
    reason: Words

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        if self.serial_number is None and self.site is None:
            raise ValueError("serial_number: name the right serial number, or the right site")
        return self

    @property
    def summary(self) -> str:
        right = ", ".join(text for text in (self.serial_number, self.site) if text)
        return f"correction to {right} – {self.reason}"


class Note(Message):
    """A remark for the journal."""

    kind = "note"
    text: Words

    @property
    def summary(self) -> str:
        return self.text


class Assignment(Message):
    """Who owns the case from now on, and what they do next."""

    kind = "assignment"
    owner: Name
    next_action: Text | None = None

    @property
    def summary(self) -> str:
        return f"assigned to {self.owner}" + (f": {self.next_action}" if self.next_action else "")


class ContactAttempt(Message):
    """Somebody tried to reach a party."""

    kind = "contact_attempt"
    party: Name
    channel: Name
    reached: bool
    text: Text | None = None

    @property
    def summary(self) -> str:
        word = "reached" if self.reached else "not reached"
        return f"{self.party} {word} by {self.channel}" + (f" – {self.text}" if self.text else "")


class LoanVeto(Message):
    """The coordinator vetoes the loan that a breach would bring (R8)."""

    kind = "loan_veto"
    reason: Words

    @property
    def speaker(self) -> str:
        return "coordinator:unnamed"

    @property
    def summary(self) -> str:
        return f"loan vetoed – {self.reason}"


CASE_MESSAGES: dict[str, type[Message]] = {
    model.kind: model
    for model in (
        Report,
        RemoteDiagnosis,
        LogsProvided,
        VendorValidation,
        Shipment,
        SiteScheduling,
        InterventionReport,
        CustomerConfirmation,
        Cancellation,
        Correction,
        Note,
        Assignment,
        ContactAttempt,
        LoanVeto,
    )
}


def parse_message(kind: str, payload: object) -> Message:
    """Return the message of that kind. Raises MessageRefused, in one sentence that names the field, otherwise."""
    model = CASE_MESSAGES.get(kind)
    if model is None:
        known = ", ".join(CASE_MESSAGES)
        raise MessageRefused("kind", f"{kind[:SHOWN]!r} is not a message of this process; it takes {known}")
    if not isinstance(payload, dict):
        raise MessageRefused("payload", f"{kind} takes one JSON object, not {shown(payload)}")
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise MessageRefused(*first_mistake(error, model.model_fields)) from None
