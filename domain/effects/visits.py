"""Slots of visits: sought, held, chosen, let go; a technician who is away (R10)."""

from datetime import datetime, timedelta

from domain.calendars import CalendarSpec
from domain.effects.base import Effect, EffectKey
from domain.slots import Released, Slot, Subject


class SlotSearch(Effect):
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
    skills: tuple[str, ...] = ()
    region: str | None = None
    """What the technician must be able to do, and where: None when the site is of no region."""
    subject: Subject = "replacement"


class SlotOffer(Effect):
    """The slots that are held, and until when."""

    slots: tuple[Slot, ...]
    held_until: datetime


class SlotProposal(Effect):
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
    skills: tuple[str, ...] = ()
    region: str | None = None
    subject: Subject = "replacement"
    calendar_uid: str | None = None
    calendar_sequence: int = 0


class SlotAnswer(Effect):
    """A slot that is now chosen, or the reason why it cannot be."""

    slot: Slot | None
    refused_because: str | None = None


class SlotChoice(Effect):
    """One of the offered slots was chosen; the others of the case are let go."""

    key: EffectKey
    now: datetime
    slot_id: str
    calendar_uid: str | None = None
    """What the visit is known by in calendars already (None: by the slot), and the number of the next word on it."""
    calendar_sequence: int = 0


class SlotRelease(Effect):
    """Nothing of what the case holds is needed any more: why says `expired` or `declined`."""

    key: EffectKey
    now: datetime
    slot_ids: tuple[str, ...]
    state: Released


class TechnicianAbsence(Effect):
    """The technician of that slot is away for the rest of its day; everything planned that day is planned anew."""

    key: EffectKey
    now: datetime
    slot_id: str
    reason: str | None


class AffectedVisit(Effect):
    """A visit that has to be planned anew, and the case that it belongs to."""

    workflow_id: str
    slot_id: str
