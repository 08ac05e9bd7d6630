"""Effects: what a case does to the world. Each happens once, under the key (case, round, step) (SPEC §7.3)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.calendars import CalendarSpec
from domain.coverage import Coverage
from domain.exchange import ExchangeLine
from domain.messages import CoverageException
from domain.slots import Released, Slot, Subject


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

    type: Literal["replacement_request"] = "replacement_request"
    key: EffectKey
    now: datetime
    vendor: str
    vendor_name: str
    vendor_email: str
    serial_number: str
    equipment_type: str
    defective_articles: tuple[str, ...]
    findings: str
    is_urgent: bool = False
    """A part was dead on arrival (R9)."""


class ReplacementOrder(_Effect):
    """The order of an approved replacement, to be delivered at the site."""

    key: EffectKey
    now: datetime
    vendor: str
    rma_number: str | None
    site: str
    articles: tuple[str, ...]
    due_at: datetime
    from_stock: bool = False
    subject: Subject = "replacement"


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
    skills: tuple[str, ...] = ()
    region: str | None = None
    """What the technician must be able to do, and where: None when the site is of no region."""
    subject: Subject = "replacement"


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
    skills: tuple[str, ...] = ()
    region: str | None = None
    subject: Subject = "replacement"


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


class ArticleQuestion(_Effect):
    """Which of these defective articles (named once a piece) are replaced, and which are not? (R7)"""

    serial_number: str
    articles: tuple[str, ...]


class ArticleAnswer(_Effect):
    """The lines, by article."""

    lines: tuple[ExchangeLine, ...]


class StockRequest(_Effect):
    """Reserve these articles (named once a piece) from our own stock, nearest to the site first (R6, R7)."""

    key: EffectKey
    now: datetime
    site: str
    articles: tuple[str, ...]


class StockAnswer(_Effect):
    """Where the articles are reserved; or which of them no location has, and then nothing is reserved."""

    locations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class CallOff(_Effect):
    """Undo what was done under `of`: a request, an order, a reservation, a loan that has not left the house.

    Nothing happens when it was never done, or was undone before.
    """

    of: EffectKey
    now: datetime


class Restock(_Effect):
    """Parts that a case took from our stock, and did not use, are back where they came from (named once a piece)."""

    key: EffectKey
    now: datetime
    articles: tuple[str, ...]


class LoanRequest(_Effect):
    """A loan unit with at least the features of that type, as near to the site as can be (R8).

    `promised_for` is the due instant of the loan's promise: when no unit is free, the oldest promise is served first.
    """

    key: EffectKey
    now: datetime
    equipment_type: str
    site: str
    promised_for: datetime


class LoanUnit(_Effect):
    """A unit of the pool, reserved for one case."""

    serial_number: str
    type: str
    location: str


class LoanAnswer(_Effect):
    """The unit that is reserved, or None: the case waits in line, at that place (1 is the next to be served)."""

    unit: LoanUnit | None
    place_in_line: int | None = None


class LoanStep(StrEnum):
    """How far a loan has come, as PostgreSQL knows it."""

    WAITING = "waiting"
    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    IN_SERVICE = "in_service"
    RETURNING = "returning"
    RETURNED = "returned"
    CALLED_OFF = "called_off"
    LOST = "lost"


class LoanMove(_Effect):
    """The loan that was asked for under `loan` has come to that step."""

    loan: EffectKey
    now: datetime
    step: LoanStep


class LoanGranted(_Effect):
    """A unit came free, and is now reserved for a case that waited in line: it is to be told."""

    workflow_id: str
    loan: EffectKey
    unit: LoanUnit


class SerialExchanges(_Effect):
    """What the technician took out and put in, as serial numbers (R7)."""

    key: EffectKey
    now: datetime
    exchanges: tuple[tuple[str, str], ...]


class SerialExchangeAnswer(_Effect):
    """One sentence for each exchange: what became of it in the registry."""

    results: tuple[str, ...]


class TechnicianAbsence(_Effect):
    """The technician of that slot is away for the rest of its day; everything planned that day is planned anew."""

    key: EffectKey
    now: datetime
    slot_id: str
    reason: str | None


class Relocation(_Effect):
    """The equipment stands at another site of its customer (a correction); its room is not known."""

    key: EffectKey
    now: datetime
    serial_number: str
    site: str
    contract: str


class RelocationAnswer(_Effect):
    """The new place, or the reason why the correction cannot be carried out."""

    site: str | None = None
    site_name: str | None = None
    region: str | None = None
    calendar: CalendarSpec | None = None
    transit_days: int | None = None
    contact_email: str | None = None
    refused_because: str | None = None


class Rerouting(_Effect):
    """The order that was placed under `order` is to be delivered at another site."""

    order: EffectKey
    now: datetime
    site: str
    due_at: datetime


class HandOver(_Effect):
    """The report belongs to another piece of equipment: open its case with it, or join the one that is open."""

    key: EffectKey
    now: datetime
    serial_number: str
    report: dict[str, JsonValue]
    moved_from: str


ReturnKind: TypeAlias = Literal["faulty_part", "unused_part", "loan_unit"]


class ReturnOrder(_Effect):
    """Something must come back: a faulty part to the vendor, an unused part, or a loan unit to the pool.

    `item` says what it is, for people; `loan` names the loan whose unit it is. `restocked` are articles of our own, named
    once a piece, that are in our stock again when they are received.
    """

    type: Literal["return_order"] = "return_order"
    key: EffectKey
    now: datetime
    kind: ReturnKind
    item: str
    customer: str
    site: str
    site_name: str
    contact_email: str | None
    destination: str
    loan: EffectKey | None
    restocked: tuple[str, ...] = ()
    coverage: Coverage


Recipient: TypeAlias = Literal["customer", "technician", "coordinator", "supervisor", "vendor", "carrier"]


class Notice(_Effect):
    """A word to somebody: French first, English second. `address` is empty when nobody knows where to write to."""

    type: Literal["notice"] = "notice"
    key: EffectKey
    now: datetime
    to: Recipient
    address: str
    subject: str
    text: str


class AffectedVisit(_Effect):
    """A visit that has to be planned anew, and the case that it belongs to."""

    workflow_id: str
    slot_id: str


class CaseWord(_Effect):
    """A message to another case: the name of the signal, and its payload."""

    workflow_id: str
    name: str
    payload: dict[str, JsonValue]


class CaseWords(_Effect):
    """Messages to other cases that follow from what was done under that key."""

    key: EffectKey
    now: datetime
    words: tuple[CaseWord, ...]
