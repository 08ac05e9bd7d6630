"""Which message is taken when: the stage × message table of SPEC §5, and what a message must fit besides."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import CaseState, Stage
from domain.messages import (
    InterventionReport,
    LogsProvided,
    Message,
    MessageRefused,
    RemoteDiagnosis,
    Report,
    Shipment,
    SiteScheduling,
    VendorValidation,
)
from domain.promises import PromiseName, PromiseState
from domain.references import normalise_reference
from domain.registry import Category
from domain.slots import SlotState

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of the case's clock an instant may lie."""

ALWAYS_TAKEN = frozenset({"report", "note", "assignment", "contact_attempt"})
NOT_HANDLED = frozenset({"cancellation", "correction", "loan_veto"})
"""Kinds that are known by name and shape, and that no stage handles."""

STAGES_OF: dict[str, tuple[Stage, ...]] = {
    "remote_diagnosis": (Stage.REMOTE_DIAGNOSIS,),
    "logs_provided": (Stage.REMOTE_DIAGNOSIS,),
    "vendor_validation": (Stage.VENDOR_VALIDATION,),
    "shipment": (Stage.SHIPMENT,),
    "site_scheduling": (Stage.SITE_SCHEDULING, Stage.ON_SITE),
    "intervention_report": (Stage.ON_SITE,),
    "customer_confirmation": (Stage.RESTORED,),
}
"""The stages at which each kind is used; before them it is kept, after them it is out of date."""

_WHEN = {"report": "reported_at", "vendor_validation": "decided_at"}
"""The field that tells when it happened, where that is not `at`."""

_ORDER = {stage: position for position, stage in enumerate(Stage)}


class Reception(StrEnum):
    """What a stage does with a kind of message."""

    TAKEN = "taken"
    KEPT = "kept"
    OUT_OF_DATE = "out of date"
    NOT_HANDLED = "not handled at this stage"


def reception(stage: Stage, kind: str) -> Reception:
    """One cell of the table: what that stage does with that kind of message."""
    if kind in NOT_HANDLED:
        return Reception.NOT_HANDLED
    if stage is Stage.CLOSED:
        return Reception.OUT_OF_DATE
    if kind in ALWAYS_TAKEN or stage in STAGES_OF[kind]:
        return Reception.TAKEN
    return Reception.KEPT if _ORDER[stage] < _ORDER[STAGES_OF[kind][0]] else Reception.OUT_OF_DATE


def messages_taken_at(stage: Stage) -> tuple[str, ...]:
    """The kinds that this stage takes, those that move it on first."""
    if stage is Stage.CLOSED:
        return ()
    moving = tuple(kind for kind, stages in STAGES_OF.items() if stage in stages)
    return (*moving, "note", "assignment", "contact_attempt", "report")


def receive(case: CaseState, message: Message, now: datetime) -> tuple[Reception, str]:
    """Decide on a message that parsed: taken, kept or not handled, with a sentence for whoever sent it.

    Raises MessageRefused with the field and the reason when it does not fit this case, this instant or this stage.
    """
    _check_the_case(case, message)
    _check_the_equipment(case, message)
    _check_the_instants(case, message, now)
    verdict = reception(case.stage, message.kind)
    if verdict is Reception.NOT_HANDLED or _is_branch_without_stage(message):
        return Reception.NOT_HANDLED, f"{message.kind}: this is not handled at this stage ({case.stage})"
    if verdict is Reception.OUT_OF_DATE:
        raise MessageRefused("kind", f"{message.kind} is out of date: the case is at stage {case.stage}")
    if verdict is Reception.KEPT:
        _check_it_can_be_said_ahead(message)
        return verdict, f"kept until stage {STAGES_OF[message.kind][0]}; the case is at {case.stage}"
    verdict = fits(case, message, now)
    if verdict is Reception.KEPT:
        return verdict, "kept until level 1 escalates"
    return verdict, f"joins {case.reference}" if isinstance(message, Report) else "taken"


def _check_the_case(case: CaseState, message: Message) -> None:
    if message.case is None or case.reference in (message.case, normalise_reference(message.case)):
        return
    raise MessageRefused("case", f"this is {case.reference}; the message is meant for {message.case!r}")


def _check_the_equipment(case: CaseState, message: Message) -> None:
    """A report joins the case of its own equipment only: another one must have a case of its own."""
    if isinstance(message, Report) and message.serial_number != case.serial_number:
        raise MessageRefused(
            "serial_number", f"this case is about {case.serial_number}; {message.serial_number} has a case of its own"
        )


def _check_it_can_be_said_ahead(message: Message) -> None:
    """What answers an offer or a visit cannot come before there is one."""
    if isinstance(message, SiteScheduling) and message.action != "propose":
        field = "slot_id" if message.action == "choose" else "action"
        raise MessageRefused(field, "no slot has been offered yet; a wish of the customer's own is 'propose'")
    if isinstance(message, InterventionReport) and message.outcome == "no_access":
        raise MessageRefused("outcome", "no visit has been agreed that could have failed for want of access")


def _check_the_instants(case: CaseState, message: Message, now: datetime) -> None:
    for field, at in (("at", message.at), (_WHEN.get(message.kind, "at"), message.happened_at)):
        if at is not None:
            _check_the_instant(case, message, field, at, now)


def _check_the_instant(case: CaseState, message: Message, field: str, at: datetime, now: datetime) -> None:
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


def _is_branch_without_stage(message: Message) -> bool:
    """Outcomes of known messages that lead to a branch which has no stage here."""
    match message:
        case RemoteDiagnosis():
            other_parts = message.outcome == "hardware_failure" and message.parts_from == "own_stock"
            return message.outcome == "software_fault" or message.also_software or other_parts
        case VendorValidation():
            return message.decision == "revoked"
        case Shipment():
            return message.status not in ("dispatched", "delivered") or message.subject == "loan"
        case InterventionReport():
            return message.outcome == "dead_on_arrival"
        case _:
            return False


def fits(case: CaseState, message: Message, now: datetime) -> Reception:
    """Whether the present stage, which takes this kind, can use this very message now; it may have to be kept.

    Raises MessageRefused when it never can.
    """
    if reception(case.stage, message.kind) is not Reception.TAKEN:
        return reception(case.stage, message.kind)
    match message:
        case RemoteDiagnosis(level=1) if case.level == 2 and not answered_in_time(case, message):
            raise MessageRefused("level", "level 1 is out of date: the case is at level 2")
        case RemoteDiagnosis(level=2) if case.level == 1:
            return Reception.KEPT
        case RemoteDiagnosis(outcome="logs_needed") if case.equipment and case.equipment.category is Category.ENDPOINT:
            raise MessageRefused(
                "outcome", "log files are asked for infrastructure equipment only; this is an endpoint"
            )
        case LogsProvided() if case.equipment and case.equipment.category is Category.ENDPOINT:
            raise MessageRefused("kind", "log files are of infrastructure equipment only; this is an endpoint")
        case SiteScheduling(action="choose", slot_id=slot_id):
            _check_the_slot(case, slot_id, message.happened_at or now)
        case SiteScheduling(action=action) if action != "propose" and not any(slot.is_held for slot in case.slots):
            raise MessageRefused("action", f"there is no slot to {action.replace('_', ' ')}: none is offered or chosen")
    return Reception.TAKEN


def answered_in_time(case: CaseState, message: Message) -> bool:
    """A level 1 answer that was given before the clock escalated, and typed in after: it still counts (SPEC §4)."""
    promise, at = case.latest(PromiseName.LEVEL_1_ANSWER), message.happened_at
    if promise is None or at is None or promise.round != case.round:
        return False
    return promise.state is PromiseState.BREACHED and promise.keeps(at)


def _check_the_slot(case: CaseState, slot_id: str | None, at: datetime) -> None:
    offered = [slot.slot_id for slot in case.slots if slot.state is SlotState.OFFERED and at < slot.start]
    if slot_id in offered:
        return
    known = {slot.slot_id: "past" if slot.start <= at else slot.state for slot in case.slots}
    reason = (
        f"slot {slot_id!r} is {known[slot_id]}" if slot_id in known else f"slot {str(slot_id)[:80]!r} was never offered"
    )
    raise MessageRefused("slot_id", f"{reason}; offered now: {', '.join(offered) or 'none'}")
