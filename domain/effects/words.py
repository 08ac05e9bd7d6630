"""Words to others: notices to people, messages to other cases, returns to follow, reports handed over."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from domain.coverage import Coverage
from domain.effects.base import Effect, EffectKey
from domain.outside_mail import OutsideMail
from domain.words import Words

Recipient: TypeAlias = Literal["customer", "technician", "coordinator", "supervisor", "vendor", "carrier"]


class Invitation(Effect):
    """A visit for the calendars of whom a notice goes to: it moves, or goes, by its `uid` and a higher `sequence`."""

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int
    slot_id: str
    start: datetime
    end: datetime


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
    invitation: Invitation | None = None

    @property
    def words(self) -> Words:
        """What it says."""
        return Words(self.template, self.facts)


class NoticeBatch(Effect):
    """Notices that became due in the same moment: each goes out under its own key."""

    notices: tuple[Notice, ...]


def letters_workflow_id(batch: NoticeBatch) -> str:
    """The id of the workflow that sends what a case has left, by the first of its letters."""
    return f"letters-{batch.notices[0].key.identifier}"


class RefusedNotice(Effect):
    """A notice that a mail server refused for good, and why; whether the coordinator got it instead."""

    identifier: str
    to: Recipient
    title: str
    reason: str
    passed_on: bool

    @property
    def summary(self) -> str:
        """One line for a journal: who was not told what, why, and who was instead."""
        instead = "the coordinator has it instead" if self.passed_on else "nobody else could be told"
        return f"{self.to} not told: {self.title} ({self.reason}); {instead}"


class NoticesSent(Effect):
    """What became of notices: all were handed over but for these."""

    refused: tuple[RefusedNotice, ...] = ()


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
    named once a piece, that are in our stock again when they are received. `fault` is what is known to be wrong with
    it: it counts as damaged, unless whoever receives it finds it good.
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
    fault: str | None = None
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
