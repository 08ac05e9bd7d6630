"""Loan equipment (*matériel de prêt*): the last resort that is guaranteed (R8)."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.effects import EffectKey, LoanUnit
from domain.visit_plan import VisitPlan


class LoanStage(StrEnum):
    """How far a loan has come, in order."""

    CONSIDERED = "considered"
    WAITING = "waiting"
    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    SCHEDULING = "scheduling"
    VISIT = "visit"
    IN_SERVICE = "in_service"
    ENDED = "ended"


class Loan(BaseModel):
    """One loan of a case. It ends vetoed, called off, or on its way back."""

    number: int
    cause: str
    stage: LoanStage = LoanStage.CONSIDERED
    considered_at: datetime
    veto_until: datetime | None = None
    """Until when the coordinator may veto it after a breach; None when it is decided."""
    by_breach: bool = False
    decided_at: datetime | None = None
    key: EffectKey | None = None
    """What its unit is reserved under; another unit has another key."""
    unit: LoanUnit | None = None
    given_up_because: str | None = None
    """How the unit before the present one failed."""
    tracking_number: str | None = None
    """Of the parcel in which the unit is on its way."""
    given_up: dict[str, str] = {}
    """Units before the present one, by the tracking numbers of their parcels."""
    transport: EffectKey | None = None
    """What its way to the site is ordered under."""
    visit: VisitPlan = VisitPlan(subject="loan")
    stage_has_begun: bool = False
    elsewhere_since: datetime | None = None
    """When the equipment turned out to stand at another site; None once the loan has followed it."""
    ended_because: str | None = None

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.stage is not LoanStage.ENDED

    @property
    def is_interrupted(self) -> bool:
        """Something has to be done before its stage goes on: it has ended, or has to follow the equipment."""
        return self.ended_because is not None or self.elsewhere_since is not None

    @property
    def has_left_the_house(self) -> bool:
        """The unit is on its way or at the site: calling the loan off means that it must come back."""
        return self.stage in (LoanStage.DISPATCHED, LoanStage.SCHEDULING, LoanStage.VISIT, LoanStage.IN_SERVICE)


class LoanView(BaseModel):
    """A loan as people see it."""

    model_config = ConfigDict(frozen=True)

    number: int
    stage: LoanStage
    cause: str
    considered_at: datetime
    veto_until: datetime | None
    decided_at: datetime | None
    unit: LoanUnit | None
    ended_because: str | None


def view_of_loan(loan: Loan) -> LoanView:
    """Show a loan as it stands."""
    fields = {name: getattr(loan, name) for name in LoanView.model_fields}
    return LoanView(**fields)
