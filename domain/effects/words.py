"""Words to others: notices to people, messages to other cases, returns to follow, reports handed over."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from domain.coverage import Coverage
from domain.effects.base import Effect, EffectKey
from domain.outside_mail import OutsideMail
from domain.words import Words

Recipient: TypeAlias = Literal["customer", "technician", "coordinator", "supervisor", "vendor", "carrier"]


class Notice(Effect):
    """A word to somebody, still to be written. `address` is empty when nobody knows where to write to.

    `facts` go into the template of that name (`domain.words`). `thread` is the mail from outside that began the
    matter, under which this one belongs; one that `answers` it says so in its subject.
    """

    type: Literal["notice"] = "notice"
    key: EffectKey
    now: datetime
    to: Recipient
    address: str
    template: str
    facts: dict[str, JsonValue]
    thread: OutsideMail | None = None
    answers: bool = False

    @property
    def words(self) -> Words:
        """What it says."""
        return Words(self.template, self.facts)


class CaseWord(Effect):
    """A message to another case: the name of the signal, and its payload."""

    workflow_id: str
    name: str
    payload: dict[str, JsonValue]


class CaseWords(Effect):
    """Messages to other cases that follow from what was done under that key."""

    key: EffectKey
    now: datetime
    words: tuple[CaseWord, ...]


ReturnKind: TypeAlias = Literal["faulty_part", "unused_part", "loan_unit"]


class ReturnOrder(Effect):
    """Something must come back: a faulty part to the vendor, an unused part, or a loan unit to the pool.

    `item` says what it is, for people; `loan` names the loan whose unit it is. `restocked` are articles of our own,
    named once a piece, that are in our stock again when they are received.
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


class HandOver(Effect):
    """The report belongs to another piece of equipment: open its case with it, or join the one that is open."""

    key: EffectKey
    now: datetime
    serial_number: str
    report: dict[str, JsonValue]
    moved_from: str
    diagnosis: dict[str, JsonValue] | None = None
    """What a call had found already, for the case that opens."""


class CallHandOver(Effect):
    """A call becomes a curative case: open it where the diagnosis ended, or tell the case that is open."""

    key: EffectKey
    now: datetime
    serial_number: str
    report: dict[str, JsonValue]
    diagnosis: dict[str, JsonValue]


class CallHandedOver(Effect):
    """The case that has it now, whether the call has opened it, and why it ended at once, if it did."""

    reference: str
    workflow_id: str
    is_new: bool
    rejected_because: str | None = None


class SoftwareOrder(Effect):
    """Software for one piece of equipment is at fault, or wanted: a request is opened, or joined, for it (R3, R12).

    `tell` is the workflow id of the case that is told when it is answered (`software_news`); None: nobody waits.
    """

    key: EffectKey
    now: datetime
    serial_number: str
    requested_by: dict[str, JsonValue]
    received_at: datetime
    reason: str
    tell: str | None = None


class SoftwareOrdered(Effect):
    """The request that has it now."""

    reference: str
    workflow_id: str


class SoftwareWithdrawal(Effect):
    """The case of that workflow id waits no more for what it has asked of that request (its workflow id)."""

    key: EffectKey
    now: datetime
    request: str
    serial_number: str
    tell: str
    reason: str
