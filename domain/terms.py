"""The terms of a contract: the figures behind its promises (SPEC §4). A case keeps the ones it opened under (R14)."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.calendars import Reading

_FRACTION = re.compile(r"(?:[1-9]|[1-9][0-9])%")
_OFFSET = re.compile(r"-(?:[1-9][0-9]{0,3})m")


def _warning_point(text: str) -> str:
    if not (_FRACTION.fullmatch(text) or _OFFSET.fullmatch(text)):
        raise ValueError(
            f"{text!r} is not a warning point; give a fraction of the budget ('50%') "
            "or business minutes before the due instant ('-60m')"
        )
    return text


WarningPoint = Annotated[str, AfterValidator(_warning_point)]
"""`"75%"`: that much of the budget was consumed; `"-60m"`: sixty business minutes before the due instant."""

DEFAULT_WARNINGS: dict[str, tuple[str, ...]] = {
    "level_1_answer": ("50%",),
    "level_2_diagnosis": ("50%", "-60m"),
    "vendor_request_sent": (),
    "vendor_validation": ("-60m", "-15m"),
    "replacement_delivery": ("-120m",),
    "loan_available": ("-120m",),
    "visit_planning": ("50%",),
    "software_delivery": ("50%", "80%"),
    "software_delivery_target": ("80%",),
}


class Terms(BaseModel):
    """What a contract promises, in figures. Durations count inside service hours.

    `software_reading` has no default: "72h ouvrées" has three readings and a contract must name its own (R13).
    `transit_days` are days added by delivery zone; a zone that is not named has none to give, and an equipment
    delivered there cannot be promised (R6).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    software_reading: Reading
    transit_days: dict[str, Annotated[int, Field(ge=0, le=30)]]
    level_1_answer: timedelta = Field(timedelta(hours=1), gt=timedelta(0))
    level_2_diagnosis: timedelta = Field(timedelta(hours=4), gt=timedelta(0))
    vendor_request_sent: timedelta = Field(timedelta(minutes=30), gt=timedelta(0))
    loan_veto: timedelta = Field(timedelta(hours=1), gt=timedelta(0))
    visit_planning: timedelta = Field(timedelta(hours=4), gt=timedelta(0))
    software_hours: int = Field(72, gt=0)
    visit_duration: timedelta = Field(timedelta(hours=2), gt=timedelta(0), le=timedelta(hours=10))
    slots_offered: int = Field(3, ge=1, le=10)
    slot_hold: timedelta = Field(timedelta(hours=20), gt=timedelta(0))
    confirmation: timedelta = Field(timedelta(hours=20), gt=timedelta(0))
    recurrence: timedelta = Field(timedelta(hours=50), gt=timedelta(0))
    reminders: Annotated[tuple[Annotated[timedelta, Field(gt=timedelta(0))], ...], Field(max_length=8)] = (
        timedelta(hours=10),
        timedelta(hours=20),
        timedelta(hours=50),
        timedelta(hours=100),
        timedelta(hours=200),
    )
    """How long after the one before each reminder to somebody silent goes out; after the last there is none."""
    unanswered_offers: int = Field(3, ge=1, le=10)
    """How many offers of slots in a row nobody answers before none is held any more without a word."""
    contact_attempts: int = Field(3, ge=1, le=10)
    contact_days: int = Field(2, ge=1, le=10)
    """So many attempts on so many business days, and a party counts as not to be reached (SPEC §4)."""
    return_due: timedelta = Field(timedelta(hours=100), gt=timedelta(0))
    return_lost: timedelta = Field(timedelta(hours=500), gt=timedelta(0))
    """When a faulty part or a loan unit should be back, and when it counts as lost."""
    warnings: dict[str, tuple[WarningPoint, ...]] = Field(default_factory=lambda: dict(DEFAULT_WARNINGS))

    def warning_points(self, promise: str) -> tuple[str, ...]:
        """The warning points of that promise, in the order in which the terms name them."""
        return tuple(self.warnings.get(promise, ()))
