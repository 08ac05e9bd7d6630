"""Effects: what a case does to the world. Each happens once, under the key (case, round, step) (SPEC §7.3)."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.calendars import CalendarSpec
from domain.messages import CoverageException
from domain.slots import Released, Slot


class _Effect(BaseModel):
    model_config = ConfigDict(frozen=True)


class EffectKey(_Effect):
    """What an effect is known by, in PostgreSQL and towards the outside."""

    case: str
    round: int
    step: str

    @property
    def identifier(self) -> str:
        """The same in every repetition: `CM-7K3Q-9XTB.1.vendor-request`."""
        return f"{self.case}.{self.round}.{self.step}"


class EntitlementQuestion(_Effect):
    """Is curative maintenance of this serial number covered at that instant?"""

    serial_number: str
    reported_at: datetime
    exception: CoverageException | None


class ReplacementRequest(_Effect):
    """A request to the vendor to approve a replacement (RMA)."""

    key: EffectKey
    now: datetime
    vendor: str
    vendor_name: str
    vendor_email: str
    serial_number: str
    equipment_type: str
    defective_articles: tuple[str, ...]
    findings: str


class ReplacementOrder(_Effect):
    """The order of an approved replacement, to be delivered at the site."""

    key: EffectKey
    now: datetime
    vendor: str
    rma_number: str | None
    site: str
    articles: tuple[str, ...]
    due_at: datetime


class SlotSearch(_Effect):
    """Look for free slots from `not_before` on, and hold them for so much of the provider's business time."""

    key: EffectKey
    now: datetime
    not_before: datetime
    site: str
    room: str | None
    provider: CalendarSpec
    site_calendar: CalendarSpec
    duration: timedelta
    count: int
    hold: timedelta
    avoid: tuple[tuple[datetime, datetime], ...] = ()
    """Spans that were offered before and could not be had."""


class SlotOffer(_Effect):
    """The slots that are held, and until when."""

    slots: tuple[Slot, ...]
    held_until: datetime


class SlotProposal(_Effect):
    """The customer's own wish for the visit."""

    key: EffectKey
    now: datetime
    site: str
    room: str | None
    provider: CalendarSpec
    site_calendar: CalendarSpec
    start: datetime
    end: datetime
    duration: timedelta


class SlotAnswer(_Effect):
    """A slot that is now chosen, or the reason why it cannot be."""

    slot: Slot | None
    refused_because: str | None = None


class SlotChoice(_Effect):
    """One of the offered slots was chosen; the others of the case are let go."""

    key: EffectKey
    now: datetime
    slot_id: str


class SlotRelease(_Effect):
    """Nothing of what the case holds is needed any more: why says `expired` or `declined`."""

    key: EffectKey
    now: datetime
    slot_ids: tuple[str, ...]
    state: Released
