"""What people are told by mail: one function a notice, from the facts to its subject and text.

The texts are in `domain.notice_texts`. What somebody typed (a reason, a name) is put into them as it stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain import notice_texts as texts
from domain.bilingual import LANGUAGES, Both, Fact, Language, Wording, filled, said
from domain.causes import in_both
from domain.effects import LoanUnit, ReturnOrder
from domain.exchange import ExchangeLine, Verdict
from domain.slots import Slot

_EXCLUDED_BECAUSE = {
    Verdict.EXCLUDED: Both("consommable hors configuration", "a consumable that is no part of the configuration"),
    Verdict.UNKNOWN: Both("absent du catalogue", "not in the catalogue"),
}
"""Why a line is not ordered (R7)."""


@dataclass(frozen=True)
class About:
    """The case that a notice is about. Instants are written in the time zone `tz`, which they name."""

    reference: str
    equipment: str
    """Its type and its serial number, as people read them."""
    site_name: str
    tz: str


@dataclass(frozen=True)
class Words:
    """The subject and the text of one mail: French first, English second."""

    subject: str
    text: str


def lines_excluded(about: About, lines: Iterable[ExchangeLine]) -> Words:
    """To the customer: what the exchange does not include, and why (R7). Lines that are ordered are left out."""
    told = list(lines)
    shown = _bullets(*(_excluded_line(line) for line in told if not line.is_ordered))
    others = texts.OTHERS_REPLACED if any(line.is_ordered for line in told) else texts.NONE_REPLACED
    return _words(about, texts.LINES_EXCLUDED, lines=shown, others=others)


def logs_reminder(about: About) -> Words:
    """To the customer: log files are awaited (R3)."""
    return _words(about, texts.LOGS_REMINDER)


def slots_offered(about: About, slots: Iterable[Slot], held_until: datetime) -> Words:
    """To the customer: the slots that are held for them, and until when (R10)."""
    return _words(about, texts.SLOTS_OFFERED, slots=_slots(about, slots), held_until=held_until)


def slots_reminder(about: About, slots: Iterable[Slot]) -> Words:
    """To the customer: the offer still awaits an answer, or, with no slots, a visit is still to be agreed (R10)."""
    offered = list(slots)
    if not offered:
        return _words(about, texts.VISIT_STILL_TO_BE_AGREED)
    return _words(about, texts.SLOTS_REMINDER, slots=_slots(about, offered))


def visit_agreed(about: About, slot: Slot) -> Words:
    """To the customer and the technician: when the visit is (R10)."""
    return _words(about, texts.VISIT_AGREED, visit=_span(slot))


def visit_replanned(about: About, old: Slot, new: Slot | None, reason: str | Both) -> Words:
    """To the customer and the technician: the old visit and the new one; `new` is None while it has to be found."""
    why = in_both(reason)
    if new is None:
        return _words(about, texts.VISIT_TO_BE_REPLANNED, old=_span(old), reason=why)
    return _words(about, texts.VISIT_REPLANNED, old=_span(old), new=_span(new), reason=why)


def visit_called_off(about: About, slot: Slot, reason: str) -> Words:
    """To the customer and the technician: the visit does not take place."""
    return _words(about, texts.VISIT_CALLED_OFF, visit=_span(slot), reason=in_both(reason))


def vendor_reminder(about: About, request: str, cutoff: datetime) -> Words:
    """To the vendor, before the cut-off: the request of that identifier awaits an answer (R6)."""
    return _words(about, texts.VENDOR_REMINDER, request=request, cutoff=cutoff)


def vendor_silent(about: About, vendor_name: str, request: str, cutoff: datetime) -> Words:
    """To the coordinator: the cut-off has passed without an answer (R6)."""
    return _words(about, texts.VENDOR_SILENT, vendor=vendor_name, request=request, cutoff=cutoff)


def loan_to_veto(about: About, cause: str, until: datetime) -> Words:
    """To the coordinator: until when the loan can be vetoed; else it is decided by itself (R8)."""
    return _words(about, texts.LOAN_TO_VETO, cause=in_both(cause), until=until)


def loan_decided(about: About, cause: str, due_at: datetime) -> Words:
    """To the customer: loan equipment comes, and by when (R8)."""
    return _words(about, texts.LOAN_DECIDED, cause=in_both(cause), due=due_at)


def loan_called_off(about: About, reason: str) -> Words:
    """To the customer: the loan equipment that was announced has not left the house, and does not come (R8)."""
    return _words(about, texts.LOAN_CALLED_OFF, reason=in_both(reason))


def loan_on_its_way(about: About, unit: LoanUnit, carrier: str | None, tracking_number: str | None) -> Words:
    """To the customer: the loan unit has left the house (R8)."""
    parcel = ", ".join(text for text in (carrier, tracking_number) if text)
    shown = f"{unit.type} {unit.serial_number}"
    return _words(about, texts.LOAN_ON_ITS_WAY, unit=shown, parcel=f" ({parcel})" if parcel else "")


def no_loan_unit_free(about: About, promised_for: datetime, place_in_line: int) -> Words:
    """To the supervisor: the pool has no unit for a loan that is promised (R8)."""
    return _words(about, texts.NO_LOAN_UNIT_FREE, promised_for=promised_for, place=place_in_line)


def approval_revoked(about: About, reason: str | None) -> Words:
    """To the coordinator: the vendor took back an approval whose parcel is on its way."""
    return _words(about, texts.APPROVAL_REVOKED, reason=reason or texts.NO_REASON)


def customer_not_reached(about: About, attempts: int, since: datetime) -> Words:
    """To the coordinator: so many attempts reached nobody, and the clocks wait since the first (SPEC §4)."""
    return _words(about, texts.CUSTOMER_NOT_REACHED, attempts=attempts, since=since)


def case_cancelled(about: About, reason: str) -> Words:
    """To the customer: the case is called off, with what had been arranged."""
    return _words(about, texts.CASE_CANCELLED, reason=reason)


def request_withdrawn(about: About, request: str, reason: str) -> Words:
    """To the vendor: the replacement request of that identifier is withdrawn."""
    return _words(about, texts.REQUEST_WITHDRAWN, request=request, reason=in_both(reason))


def order_called_off(about: About, order: str, articles: Iterable[str], reason: str) -> Words:
    """To the vendor: what was ordered under that identifier is not to be shipped."""
    return _words(about, texts.ORDER_CALLED_OFF, order=order, articles=_bullets(*articles), reason=in_both(reason))


def order_again(about: About, order: str, articles: Iterable[str], reason: str) -> Words:
    """To the vendor: a part that cannot be used is ordered again at once (R8, R9)."""
    return _words(about, texts.ORDER_AGAIN, order=order, articles=_bullets(*articles), reason=in_both(reason))


def order_rerouted(about: About, order: str, articles: Iterable[str], due_at: datetime) -> Words:
    """To whoever ships, and to the coordinator: the parcel goes to another site of the customer."""
    shown = _bullets(*articles)
    return _words(about, texts.ORDER_REROUTED, order=order, destination=about.site_name, articles=shown, due=due_at)


def return_asked(order: ReturnOrder, due_at: datetime) -> Words:
    """To the customer: what is to be sent back, where to, and by when."""
    return _return_words(order, texts.RETURN_ASKED, due=due_at)


def return_reminder(order: ReturnOrder, due_at: datetime) -> Words:
    """To the customer: it has not arrived yet."""
    return _return_words(order, texts.RETURN_REMINDER, due=due_at)


def return_overdue(order: ReturnOrder, due_at: datetime) -> Words:
    """To the coordinator: it should be back."""
    return _return_words(order, texts.RETURN_OVERDUE, due=due_at)


def return_lost(order: ReturnOrder, reason: str | Both) -> Words:
    """To the coordinator and the supervisor: it will not come back."""
    return _return_words(order, texts.RETURN_LOST, reason=reason)


def _return_words(order: ReturnOrder, wording: Wording, **facts: Fact) -> Words:
    about = About(order.key.case, order.item, order.site_name, order.coverage.provider.tz)
    kind = texts.RETURN_KINDS[order.kind]
    return _words(about, wording, kind=kind, destination=order.destination, customer=order.customer, **facts)


def _words(about: About, wording: Wording, **facts: Fact) -> Words:
    subject = f"[{about.reference}] {wording.subject.fr} / {wording.subject.en} – {about.equipment}"
    french, english = (_in_one_language(about, wording.body, facts, language) for language in LANGUAGES)
    return Words(subject=" ".join(subject.split()), text=f"{french}\n\n---\n\n{english}\n")


def _in_one_language(about: About, body: Both, facts: Mapping[str, Fact], language: Language) -> str:
    case: dict[str, Fact] = {"reference": about.reference, "equipment": about.equipment, "site": about.site_name}
    zone = ZoneInfo(about.tz)
    return f"{filled(texts.HEAD, case, language, zone)}\n\n{filled(body, facts, language, zone)}"


def _span(slot: Slot) -> tuple[datetime, datetime]:
    return (slot.start, slot.end)


def _slots(about: About, slots: Iterable[Slot]) -> Both:
    zone = ZoneInfo(about.tz)
    shown = [(said(_span(slot), "fr", zone), said(_span(slot), "en", zone), slot.slot_id) for slot in slots]
    return _bullets(*(Both(f"{fr} – {slot_id}", f"{en} – {slot_id}") for fr, en, slot_id in shown))


def _excluded_line(line: ExchangeLine) -> Both:
    article = f"{line.article} × {line.quantity}" + (f" ({line.designation})" if line.designation else "")
    because = _EXCLUDED_BECAUSE[line.verdict]
    return Both(f"{article} : {because.fr}", f"{article}: {because.en}")


def _bullets(*items: str | Both) -> Both:
    pairs = [item if isinstance(item, Both) else Both(item, item) for item in items] or [Both("–", "–")]
    return Both("\n".join(f"  - {pair.fr}" for pair in pairs), "\n".join(f"  - {pair.en}" for pair in pairs))
