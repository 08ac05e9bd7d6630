"""What a message must fit, besides the stage: the case, the equipment, the instants, what was offered (SPEC §5).

Each check raises MessageRefused with the field and the reason.
"""

from datetime import datetime, timedelta

from domain.case import CaseState, Stage
from domain.handling import Handled
from domain.messages import InterventionReport, Message, MessageRefused, Report, SiteScheduling, SoftwareNews
from domain.promises import PromiseName, PromiseState
from domain.references import normalise_reference
from domain.slots import SlotState, Subject

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of the case's clock an instant may lie."""

_WHEN = {"report": "reported_at", "vendor_validation": "decided_at"}
"""The field that tells when it happened, where that is not `at`."""


def check_the_case(case: Handled, message: Message) -> None:
    """It is meant for this case."""
    if message.case is None or case.reference in (message.case, normalise_reference(message.case)):
        return
    raise MessageRefused("case", f"this is {case.reference}; the message is meant for {message.case!r}")


def check_the_equipment(case: CaseState, message: Message) -> None:
    """A report joins the case of its own equipment only: another one must have a case of its own."""
    if isinstance(message, Report) and message.serial_number != case.serial_number:
        raise MessageRefused(
            "serial_number", f"this case is about {case.serial_number}; {message.serial_number} has a case of its own"
        )


def check_it_can_be_said_ahead(message: Message) -> None:
    """What answers an offer or a visit cannot come before there is one."""
    if isinstance(message, SiteScheduling) and message.action != "propose":
        field = "slot_id" if message.action == "choose" else "action"
        raise MessageRefused(field, "no slot has been offered yet; a wish of the customer's own is 'propose'")
    if isinstance(message, InterventionReport) and message.outcome == "no_access":
        raise MessageRefused("outcome", "no visit has been agreed that could have failed for want of access")


def check_the_instants(case: Handled, message: Message, now: datetime) -> None:
    """It happened in the life of the case, and not too long ago to be entered by anybody (SPEC §4)."""
    for field, at in (("at", message.at), (_WHEN.get(message.kind, "at"), message.happened_at)):
        if at is not None:
            _check_the_instant(case, message, field, at, now)


def _check_the_instant(case: Handled, message: Message, field: str, at: datetime, now: datetime) -> None:
    if at > now + CLOCK_TOLERANCE:
        raise MessageRefused(field, f"{at.isoformat()} lies ahead of the case's clock ({_minute(now)})")
    if at < case.reported_at and not isinstance(message, Report):
        raise MessageRefused(field, f"{at.isoformat()} lies before the case's report ({_minute(case.reported_at)})")
    if case.service_hours.is_backdated(at, now) and not (message.actor or "").startswith("supervisor:"):
        raise MessageRefused(
            field,
            f"{at.isoformat()} is more than one business day ago; only a supervisor may enter it (actor supervisor:…)",
        )


def _minute(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def answered_in_time(case: Handled, message: Message) -> bool:
    """A level 1 answer that was given before the clock escalated, and typed in after: it still counts (SPEC §4)."""
    promise, at = case.latest(PromiseName.LEVEL_1_ANSWER), message.happened_at
    if promise is None or at is None or promise.round != case.promise_round:
        return False
    return promise.state is PromiseState.BREACHED and promise.keeps(at)


def check_it_answers_this_round(case: CaseState, decided_at: datetime) -> None:
    """A decision of the vendor is about the request of this round: one from before it answers an earlier request."""
    if case.round.number > 1 and decided_at < case.round.began_at:
        raise MessageRefused(
            "decided_at",
            f"{decided_at.isoformat()} lies before round {case.round.number} began ({_minute(case.round.began_at)}): "
            "it answers an earlier request",
        )


def an_approval_waits(case: CaseState) -> bool:
    """The vendor has approved, and no stage has used it yet."""
    return case.round.approved_at is None and any(
        waiting.kind == "vendor_validation" and waiting.payload["decision"] == "approved" for waiting in case.pending
    )


def check_it_was_approved(case: CaseState) -> None:
    """A revocation takes back an approval of this round."""
    if case.round.approved_at is None or case.round.from_stock:
        raise MessageRefused("decision", "there is no approval to revoke in this round")


def check_it_is_awaited(case: CaseState, news: SoftwareNews) -> None:
    """News of software answers what this case has asked for, once."""
    software = case.software
    if software is None or not software.is_awaited:
        raise MessageRefused("kind", "this case waits for no software")
    if news.serial_number != case.serial_number:
        raise MessageRefused("serial_number", f"this case waits for the software of {case.serial_number}")
    if software.request not in (None, news.request):
        raise MessageRefused("request", f"this case waits for {software.request}, not for {news.request!r}")


def tests_the_software(case: CaseState, report: InterventionReport) -> bool:
    """Software that was delivered is tested without a visit: the report says how (R9)."""
    software = case.software
    if case.stage is not Stage.REMOTE_DIAGNOSIS or software is None or not software.is_to_be_tested:
        return False
    assert software.answered_at is not None
    return report.happened_at is None or report.happened_at >= software.answered_at


def check_it_corrects(case: CaseState, serial_number: str | None, site: str | None) -> None:
    """A correction changes something."""
    if serial_number == case.serial_number:
        raise MessageRefused("serial_number", f"this case is about {serial_number} already")
    if serial_number is None and case.equipment is not None and site == case.equipment.site:
        raise MessageRefused("site", f"the equipment stands at {site} already")


def check_the_visit(case: CaseState, message: SiteScheduling, now: datetime, about: Subject) -> None:
    """A word on a visit is about a slot that there is (R10)."""
    own = [slot for slot in case.slots if slot.subject == about]
    if message.action == "choose":
        _check_the_slot(case, about, message.slot_id, message.happened_at or now)
        return
    held = [slot for slot in own if slot.is_held]
    if message.action != "propose" and not held:
        raise MessageRefused(
            "action", f"there is no slot to {message.action.replace('_', ' ')}: none is offered or chosen"
        )
    if message.slot_id is not None and message.action != "propose" and message.slot_id not in {s.slot_id for s in held}:
        raise MessageRefused("slot_id", f"slot {message.slot_id[:80]!r} is not held any more")


def _check_the_slot(case: CaseState, about: Subject, slot_id: str | None, at: datetime) -> None:
    own = [slot for slot in case.slots if slot.subject == about]
    offered = [slot.slot_id for slot in own if slot.state is SlotState.OFFERED and at < slot.start]
    if slot_id in offered:
        return
    known = {slot.slot_id: "past" if slot.start <= at else slot.state for slot in own}
    reason = (
        f"slot {slot_id!r} is {known[slot_id]}" if slot_id in known else f"slot {str(slot_id)[:80]!r} was never offered"
    )
    raise MessageRefused("slot_id", f"{reason}; offered now: {', '.join(offered) or 'none'}")
