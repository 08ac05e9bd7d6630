"""A visit as its technician and its site have it in their calendars (R10)."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.slots import SlotState, Subject

_UID_DOMAIN = "@curative"


class Visit(BaseModel):
    """A slot that was chosen, with everything that people want to know of it. A code without a name is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot_id: str
    case_reference: str
    subject: Subject
    state: SlotState
    """Chosen, or done; anything else is a visit that was called off."""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    serial_number: str | None
    equipment_type: str | None
    customer_name: str
    site: str
    site_name: str
    address: str
    time_zone: str
    room: str | None
    room_name: str | None
    technician: str | None
    technician_name: str | None
    technician_email: str | None
    calendar_uid: str | None = Field(default=None, exclude=True)
    calendar_sequence: int = Field(default=0, exclude=True)

    @property
    def uid(self) -> str:
        """What it is known by in calendars; it stays the same when the visit moves."""
        return self.calendar_uid or visit_uid(self.slot_id)

    @property
    def is_cancelled(self) -> bool:
        """The visit will not take place."""
        return self.state not in (SlotState.CHOSEN, SlotState.DONE)


def visit_uid(slot_id: str) -> str:
    """The UID of a visit that was agreed for that slot first."""
    return f"{slot_id}{_UID_DOMAIN}"


def is_visit_uid(uid: str) -> bool:
    """The event is a visit of ours that came back in somebody's calendar."""
    return uid.endswith(_UID_DOMAIN)
