"""What people are told by mail: one function a notice, from the facts to the words of its template.

The wording is in `activities/letters/<template>.j2`. What somebody typed (a reason, a name) travels as it stands; the
letter puts it on one line, and escapes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.bilingual import Both
from domain.causes import in_both
from domain.effects import LoanUnit, ReplacementRequest, ReturnOrder
from domain.exchange import ExchangeLine, Verdict
from domain.slots import Slot
from domain.words import About, Fact, Words, words

NO_NEWS = Both("aucune nouvelle", "no news of it")
"""Why a return counts as lost, when nobody said anything."""

_NO_REASON = Both("sans motif indiqué", "no reason given")


@dataclass(frozen=True)
class VisitTask:
    """What a technician must know of a visit: where, whom to ask for, what was found, what is there to be put in."""

    customer: str
    room: str | None
    caller: str
    phone: str | None
    symptom: str
    findings: str
    articles: tuple[str, ...] = ()
    also_software: bool = False


_RETURN_KINDS = {
    "faulty_part": Both("la pièce défectueuse", "the faulty part"),
    "unused_part": Both("la pièce inutilisée", "the unused part"),
    "loan_unit": Both("le matériel de prêt", "the loan unit"),
}


def lines_excluded(about: About, lines: Iterable[ExchangeLine]) -> Words:
    """To the customer: what the exchange does not include, and why (R7). Lines that are ordered are left out."""
    told = list(lines)
    shown = tuple(_excluded(line) for line in told if not line.is_ordered)
    return words("lines_excluded", about, lines=shown, others=any(line.is_ordered for line in told))


def logs_reminder(about: About) -> Words:
    """To the customer: log files are awaited (R3)."""
    return words("logs_reminder", about)


def slots_offered(
    about: About, slots: Iterable[Slot], held_until: datetime, delivered_at: datetime | None = None
) -> Words:
    """To the customer: the slots that are held for them, and until when (R10); what was delivered just before."""
    return words("slots_offered", about, slots=_slots(slots), held_until=held_until, delivered_at=delivered_at)


def no_slot_free(about: About) -> Words:
    """To the coordinator: nobody, or no room, is free: a visit is to be agreed by telephone (R10)."""
    return words("no_slot_free", about)


def slots_reminder(about: About, slots: Iterable[Slot]) -> Words:
    """To the customer: the offer still awaits an answer, or, with no slots, a visit is still to be agreed (R10)."""
    offered = list(slots)
    if not offered:
        return words("visit_still_to_be_agreed", about)
    return words("slots_reminder", about, slots=_slots(offered))


def visit_agreed(about: About, slot: Slot) -> Words:
    """To the customer: when the visit is (R10)."""
    return words("visit_agreed", about, visit=_span(slot))


def visit_order(about: About, slot: Slot, task: VisitTask) -> Words:
    """To the technician: when and where the visit is, and what is to be done there (R9)."""
    return words(
        "visit_order",
        about,
        visit=_span(slot),
        is_loan=slot.subject == "loan",
        customer=task.customer,
        room=task.room,
        caller=task.caller,
        phone=task.phone,
        symptom=task.symptom,
        findings=task.findings,
        articles=task.articles,
        also_software=task.also_software,
    )


def visit_replanned(about: About, old: Slot, new: Slot | None, reason: str | Both) -> Words:
    """To the customer and the technician: the old visit and the new one; `new` is None while it has to be found."""
    why = in_both(reason)
    if new is None:
        return words("visit_to_be_replanned", about, old=_span(old), reason=why)
    return words("visit_replanned", about, old=_span(old), new=_span(new), reason=why)


def visit_called_off(about: About, slot: Slot, reason: str | Both) -> Words:
    """To the customer and the technician: the visit does not take place."""
    return words("visit_called_off", about, visit=_span(slot), reason=in_both(reason))


def vendor_reminder(about: About, request: str, cutoff: datetime) -> Words:
    """To the vendor, before the cut-off: the request of that identifier awaits an answer (R6)."""
    return words("vendor_reminder", about, request=request, cutoff=cutoff)


def vendor_silent(about: About, vendor_name: str, request: str, cutoff: datetime) -> Words:
    """To the coordinator: the cut-off has passed without an answer (R6)."""
    return words("vendor_silent", about, vendor=vendor_name, request=request, cutoff=cutoff)


def loan_to_veto(about: About, cause: str, until: datetime) -> Words:
    """To the coordinator: until when the loan can be vetoed; else it is decided by itself (R8)."""
    return words("loan_to_veto", about, cause=in_both(cause), until=until)


def loan_decided(about: About, cause: str, due_at: datetime) -> Words:
    """To the customer: loan equipment comes, and by when (R8)."""
    return words("loan_decided", about, cause=in_both(cause), due=due_at)


def loan_called_off(about: About, reason: str) -> Words:
    """To the customer: the loan equipment that was announced has not left the house, and does not come (R8)."""
    return words("loan_called_off", about, reason=in_both(reason))


def loan_on_its_way(about: About, unit: LoanUnit, carrier: str | None, tracking_number: str | None) -> Words:
    """To the customer: the loan unit has left the house (R8)."""
    parcel = ", ".join(text for text in (carrier, tracking_number) if text)
    shown = f"{unit.type} {unit.serial_number}"
    return words("loan_on_its_way", about, unit=shown, parcel=parcel)


def no_loan_unit_free(about: About, promised_for: datetime, place_in_line: int) -> Words:
    """To the supervisor: the pool has no unit for a loan that is promised (R8)."""
    return words("no_loan_unit_free", about, promised_for=promised_for, place=place_in_line)


def approval_revoked(about: About, reason: str | None) -> Words:
    """To the coordinator: the vendor took back an approval whose parcel is on its way."""
    return words("approval_revoked", about, reason=reason or _NO_REASON)


def customer_not_reached(about: About, attempts: int, since: datetime) -> Words:
    """To the coordinator: so many attempts reached nobody, and the clocks wait since the first (SPEC §4)."""
    return words("customer_not_reached", about, attempts=attempts, since=since)


def case_cancelled(about: About, reason: str) -> Words:
    """To the customer: the case is called off, with what had been arranged."""
    return words("case_cancelled", about, reason=reason)


def request_withdrawn(about: About, request: str, reason: str) -> Words:
    """To the vendor: the replacement request of that identifier is withdrawn."""
    return words("request_withdrawn", about, request=request, reason=in_both(reason))


def order_called_off(about: About, order: str, articles: Iterable[str], reason: str) -> Words:
    """To the vendor: what was ordered under that identifier is not to be shipped."""
    return words("order_called_off", about, order=order, articles=tuple(articles), reason=in_both(reason))


def order_again(about: About, order: str, articles: Iterable[str], reason: str) -> Words:
    """To the vendor: a part that cannot be used is ordered again at once (R8, R9)."""
    return words("order_again", about, order=order, articles=tuple(articles), reason=in_both(reason))


def order_rerouted(about: About, order: str, articles: Iterable[str], due_at: datetime) -> Words:
    """To whoever ships, and to the coordinator: the parcel goes to another site of the customer."""
    return words(
        "order_rerouted", about, order=order, destination=about.site_name, articles=tuple(articles), due=due_at
    )


def replacement_request(about: About, request: ReplacementRequest) -> Words:
    """To the vendor: please approve a replacement (R6)."""
    return words(
        "replacement_request",
        about,
        request=request.key.identifier,
        articles=request.defective_articles,
        findings=request.findings,
        is_urgent=request.is_urgent,
    )


def return_asked(order: ReturnOrder, due_at: datetime) -> Words:
    """To the customer: what is to be sent back, where to, and by when."""
    return _return_words(order, "return_asked", due=due_at)


def return_reminder(order: ReturnOrder, due_at: datetime) -> Words:
    """To the customer: it has not arrived yet."""
    return _return_words(order, "return_reminder", due=due_at)


def return_overdue(order: ReturnOrder, due_at: datetime) -> Words:
    """To the coordinator: it should be back."""
    return _return_words(order, "return_overdue", due=due_at)


def return_lost(order: ReturnOrder, reason: str | Both) -> Words:
    """To the coordinator and the supervisor: it will not come back."""
    return _return_words(order, "return_lost", reason=reason)


def loan_unit_out_of_order(order: ReturnOrder, reason: str) -> Words:
    """To the coordinator: it is back, and has to be repaired before it can be lent again."""
    return _return_words(order, "loan_unit_out_of_order", reason=reason)


def _return_words(order: ReturnOrder, template: str, **facts: Fact) -> Words:
    about = About(order.key.case, order.item, order.site_name, order.coverage.provider.tz)
    kind = _RETURN_KINDS[order.kind]
    return words(template, about, kind=kind, destination=order.destination, customer=order.customer, **facts)


def _span(slot: Slot) -> tuple[datetime, datetime]:
    return (slot.start, slot.end)


def _slots(slots: Iterable[Slot]) -> Fact:
    return tuple({"slot_id": slot.slot_id, "start": slot.start, "end": slot.end} for slot in slots)


def _excluded(line: ExchangeLine) -> Fact:
    return {
        "article": line.article,
        "quantity": line.quantity,
        "designation": line.designation,
        "is_known": line.verdict is not Verdict.UNKNOWN,
    }
