"""What a case keeps of the registry for as long as it lives: the equipment's card, the terms, the calendars (R14)."""

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarSpec
from domain.registry import Category
from domain.terms import Terms


class EquipmentCard(BaseModel):
    """What a case remembers of its equipment: enough for people, and for what the stages decide."""

    model_config = ConfigDict(frozen=True)

    type: str
    category: Category
    customer: str
    customer_name: str
    contract: str
    site: str
    site_name: str
    room: str | None
    vendor: str
    vendor_name: str
    vendor_email: str
    transit_days: int
    skills: tuple[str, ...] = ()
    """What a technician must be able to do to work on it."""
    region: str | None = None
    contact_email: str | None = None


class Coverage(BaseModel):
    """The terms and the calendar revisions that a case was opened under; they travel with it (R14)."""

    model_config = ConfigDict(frozen=True)

    terms: Terms
    provider: CalendarSpec
    site: CalendarSpec
    basis: str
