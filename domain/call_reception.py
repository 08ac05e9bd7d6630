"""Which message a call takes when, and what a message must fit besides (SPEC §5)."""

from datetime import datetime

from domain.assistance import AssistanceCall, CallStage
from domain.call_messages import CALL_MESSAGES, Call, IncidentReport, SerialGiven
from domain.message_checks import answered_in_time, check_the_instants
from domain.messages import LogsProvided, Message, MessageRefused, RemoteDiagnosis
from domain.reception import ALWAYS_TAKEN, Reception
from domain.registry import Category

CALL_INTERRUPTING = frozenset({"cancellation", "clarification", "report"})
"""Answered before anything else."""

_DIAGNOSED = frozenset({"remote_diagnosis", "logs_provided"})
"""Kept until the registry has answered, used while the call is diagnosed."""

NEEDS_A_SERIAL = frozenset({"hardware_failure", "onsite_without_parts", "software_fault"})
"""What leads to a curative case or a software request, which are about one piece of equipment (R4, R12)."""


def call_reception(stage: CallStage, kind: str) -> Reception:
    """One cell of the table: what that stage does with that kind of message."""
    if stage is CallStage.CLOSED:
        return Reception.OUT_OF_DATE
    if kind in ALWAYS_TAKEN or kind in (Call.kind, "cancellation"):
        return Reception.TAKEN
    if stage is CallStage.HANDING_OVER:
        return Reception.OUT_OF_DATE
    return Reception.KEPT if kind in _DIAGNOSED and stage is CallStage.REGISTERED else Reception.TAKEN


def call_messages_taken_at(stage: CallStage) -> tuple[str, ...]:
    """The kinds that this stage takes, those that move it on first."""
    taken = [kind for kind in CALL_MESSAGES if call_reception(stage, kind) is Reception.TAKEN]
    return tuple(sorted(taken, key=lambda kind: (kind in ALWAYS_TAKEN or kind == Call.kind, taken.index(kind))))


def receive_call_message(call: AssistanceCall, message: Message, now: datetime) -> tuple[Reception, str]:
    """Decide on a message that parsed: taken or kept, with a sentence for whoever sent it.

    Raises MessageRefused with the field and the reason when it does not fit this call, this instant or this stage.
    """
    check_the_instants(call, message, now)
    if call.is_ending and message.kind not in ALWAYS_TAKEN:
        raise MessageRefused("kind", f"{message.kind} is out of date: the call is {call.outcome}")
    verdict = call_fits(call, message)
    if verdict is Reception.KEPT:
        is_early = call.stage is CallStage.REGISTERED
        return verdict, "kept until the registry has answered" if is_early else "kept until level 1 escalates"
    return verdict, f"joins {call.reference}" if isinstance(message, Call) else "taken"


def call_fits(call: AssistanceCall, message: Message) -> Reception:
    """Whether the call, as it stands, can use this very message now; it may have to be kept.

    Raises MessageRefused when it never can.
    """
    verdict = call_reception(call.stage, message.kind)
    if verdict is Reception.OUT_OF_DATE:
        raise MessageRefused("kind", f"{message.kind} is out of date: the call is at stage {call.stage}")
    match message:
        case RemoteDiagnosis():
            return _diagnosis_fits(call, message, verdict)
        case LogsProvided() if call.equipment is not None:
            _check_it_has_logs(call, "kind")
        case IncidentReport():
            _check_it_is_about_equipment(call, message)
        case SerialGiven(serial_number=serial_number) if serial_number == call.serial_number:
            raise MessageRefused("serial_number", f"this call is about {serial_number} already")
        case Call(serial_number=str() as serial_number) if call.serial_number not in (None, serial_number):
            raise MessageRefused("serial_number", f"this call is about {call.serial_number}, not {serial_number}")
    return verdict


def _diagnosis_fits(call: AssistanceCall, word: RemoteDiagnosis, verdict: Reception) -> Reception:
    if word.level == 1 and call.level == 2 and not answered_in_time(call, word):
        raise MessageRefused("level", "level 1 is out of date: the call is at level 2")
    if word.outcome in NEEDS_A_SERIAL and call.serial_number is None:
        raise MessageRefused(
            "outcome", f"{word.outcome} needs the serial number of the equipment: send clarification first"
        )
    if word.outcome == "logs_needed":
        _check_it_has_logs(call, "outcome")
    return Reception.KEPT if word.level == 2 and call.level == 1 else verdict


def _check_it_has_logs(call: AssistanceCall, field: str) -> None:
    """Log files are of infrastructure equipment only (R3)."""
    if call.stage is CallStage.REGISTERED:
        return
    if call.equipment is None:
        raise MessageRefused(
            field, "log files are of infrastructure equipment; nobody has said which this call is about"
        )
    if call.equipment.category is Category.ENDPOINT:
        raise MessageRefused(field, "log files are of infrastructure equipment only; this is an endpoint")


def _check_it_is_about_equipment(call: AssistanceCall, report: IncidentReport) -> None:
    draft = call.call.drafted_report if call.call else None
    if report.serial_number or call.serial_number or (draft and draft.serial_number):
        return
    raise MessageRefused("serial_number", "a curative case starts with the serial number of the equipment (R4)")
