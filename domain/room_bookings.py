"""What a room is booked for besides our visits, and the visits that this leaves without a room (R10)."""

from datetime import datetime
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.slots import SlotState, Subject


class Window(NamedTuple):
    """What an import of bookings is about: from `start` up to and without `end`, both aware."""

    start: datetime
    end: datetime


class _Span(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class RoomBooking(_Span):
    """A span in which somebody else has the room, from `starts_at` up to and without `ends_at`."""

    uid: str
    """The identifier that the calendar it comes from gave it; the occurrences of what repeats share one."""
    summary: str = ""


class Collision(_Span):
    """A slot that a case holds in a room that is booked meanwhile: its visit must be planned anew."""

    case_reference: str
    workflow_id: str | None
    """None while the case is not in the read model."""
    slot_id: str
    subject: Subject
    state: SlotState
    booking: RoomBooking
