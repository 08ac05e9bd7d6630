"""Software that a case waits for, when it is at fault, alone or with the hardware (R3, R9)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.messages import SoftwareNews


class SoftwareState(StrEnum):
    """How far it has come; the last four are the end of the wait."""

    ASKED = "asked"
    DELIVERED = "delivered"
    UP_TO_DATE = "up_to_date"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SoftwareWait(BaseModel):
    """What was asked for, and what was answered. `request` is the reference of the software request."""

    state: SoftwareState = SoftwareState.ASKED
    asked_at: datetime
    with_hardware: bool
    """The hardware failed too: the case goes on with its parts, and the software is tested with the visit."""
    request: str | None = None
    request_workflow: str | None = None
    text: str | None = None
    answered_at: datetime | None = None
    is_heeded: bool = True
    """What was answered has led on."""
    is_over: bool = False
    """The round in which it was to be tested is over."""

    @property
    def is_awaited(self) -> bool:
        """It was asked for, and not answered yet."""
        return self.state is SoftwareState.ASKED

    @property
    def is_to_be_tested(self) -> bool:
        """It is there, and level 2 has it installed and tested: there is no visit that does."""
        return self.state is SoftwareState.DELIVERED and not self.with_hardware and not self.is_over

    def hear(self, news: SoftwareNews) -> None:
        """Take the answer."""
        self.state = SoftwareState(news.state)
        self.request = self.request or news.request
        self.text = news.text
        self.answered_at = news.instant
        self.is_heeded = self.with_hardware  # it changes nothing in the way of the parts

    def withdraw(self, at: datetime) -> None:
        """Nobody waits for it any more."""
        self.state, self.answered_at, self.is_heeded = SoftwareState.WITHDRAWN, at, True


class SoftwareWaitView(BaseModel):
    """The same as people see it."""

    state: SoftwareState
    request: str | None
    asked_at: datetime
    answered_at: datetime | None
    text: str | None


def view_of_software(wait: SoftwareWait) -> SoftwareWaitView:
    """Show it as it stands."""
    return SoftwareWaitView(
        state=wait.state,
        request=wait.request,
        asked_at=wait.asked_at,
        answered_at=wait.answered_at,
        text=wait.text[:500] if wait.text else None,
    )
