"""What is said of the visit: scheduling and the report of the intervention (R9, R10)."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.instants import Instant
from domain.messages.base import Message, Name, Text
from domain.slots import Subject


class SiteScheduling(Message):
    """The customer's or our word on the visit (R10)."""

    kind = "site_scheduling"
    action: Literal["choose", "propose", "decline", "cancel", "room_unavailable", "technician_unavailable"]
    slot_id: Name | None = None
    start: Instant | None = None
    end: Instant | None = None
    reason: Text | None = None
    subject: Subject | None = None
    """Which visit is meant, where two are planned: else the slot tells, or the stage."""

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
    subject: Subject | None = None
    """Which visit it reports, where two are agreed."""

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
