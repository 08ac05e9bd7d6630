"""Slots of a visit: when the site and we are open, and the room is free (R10)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import BaseModel

Subject: TypeAlias = Literal["replacement", "loan"]
"""What a parcel holds, and what a visit is for."""


class SlotState(StrEnum):
    """What became of a slot (*option posée* while it is offered)."""

    OFFERED = "offered"
    CHOSEN = "chosen"
    EXPIRED = "expired"
    DECLINED = "declined"
    DONE = "done"


Released: TypeAlias = Literal[SlotState.EXPIRED, SlotState.DECLINED]
"""Why a slot that was held is free again."""


class Slot(BaseModel):
    """A span in which the visit can take place."""

    slot_id: str
    start: datetime
    end: datetime
    state: SlotState = SlotState.OFFERED
    technician: str | None = None
    """The code of the technician whose time it is; known to the registry."""
    subject: Subject = "replacement"
    """Which visit it is for: that of the replacement or the repair, or that of the loan equipment."""

    @property
    def is_held(self) -> bool:
        """Nobody else can have the room meanwhile: it is offered (*option posée*) or chosen."""
        return self.state in (SlotState.OFFERED, SlotState.CHOSEN)
