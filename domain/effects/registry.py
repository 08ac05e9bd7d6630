"""What the registry is asked, and told: entitlement, and where equipment stands (R14)."""

from datetime import datetime

from domain.calendars import CalendarSpec
from domain.effects.base import Effect, EffectKey
from domain.messages import CoverageException


class EntitlementQuestion(Effect):
    """Is curative maintenance of this serial number covered at that instant?"""

    serial_number: str
    reported_at: datetime
    exception: CoverageException | None


class CallQuestion(Effect):
    """Is phone assistance for this equipment covered at that instant? None: nobody has said which it is.

    A breakdown that was reported by mail is called back when curative maintenance covers the equipment, too.
    """

    serial_number: str | None
    received_at: datetime
    is_breakdown: bool = False
    exception: CoverageException | None = None


class Relocation(Effect):
    """The equipment stands at another site of its customer (a correction); its room is not known."""

    key: EffectKey
    now: datetime
    serial_number: str
    site: str
    contract: str


class RelocationAnswer(Effect):
    """The new place, or the reason why the correction cannot be carried out."""

    site: str | None = None
    site_name: str | None = None
    region: str | None = None
    calendar: CalendarSpec | None = None
    transit_days: int | None = None
    contact_email: str | None = None
    refused_because: str | None = None
