"""Which message is taken when: the stage × message table of SPEC §5, and what a message must fit besides."""

from datetime import datetime
from enum import StrEnum

from domain.case import CaseState, Stage
from domain.loan import Loan, LoanStage
from domain.message_checks import (
    an_approval_waits,
    answered_in_time,
    check_it_answers_this_round,
    check_it_can_be_said_ahead,
    check_it_corrects,
    check_it_is_awaited,
    check_it_was_approved,
    check_the_case,
    check_the_equipment,
    check_the_instants,
    check_the_visit,
    tests_the_software,
)
from domain.messages import (
    Correction,
    InterventionReport,
    LogsProvided,
    Message,
    MessageRefused,
    RemoteDiagnosis,
    Report,
    SiteScheduling,
    SoftwareNews,
    VendorValidation,
)
from domain.parcels import turned_up
from domain.registry import Category
from domain.slots import Subject

ALWAYS_TAKEN = frozenset({"note", "assignment", "contact_attempt"})
"""Taken at every stage, also while the case is ending."""

OF_OTHERS = frozenset({"software_news"})
"""What another workflow answers: taken at every stage, as long as the case waits for it."""

INTERRUPTING = frozenset({"cancellation", "correction"})
"""Taken at every stage, and answered before anything else."""

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

LOAN_STAGES_OF: dict[str, tuple[LoanStage, ...]] = {
    "shipment": (LoanStage.RESERVED, LoanStage.DISPATCHED),
    "site_scheduling": (LoanStage.SCHEDULING, LoanStage.VISIT),
    "intervention_report": (LoanStage.VISIT,),
    "loan_assigned": (LoanStage.WAITING,),
    "loan_veto": (LoanStage.CONSIDERED, LoanStage.WAITING, LoanStage.RESERVED),
}
"""The same of what concerns loan equipment, by the stages of the loan, whatever the stage of the case."""

ONLY_OF_LOANS = frozenset({"loan_veto", "loan_assigned"})

_ORDER = {stage: position for position, stage in enumerate(Stage)}
_LOAN_ORDER = {stage: position for position, stage in enumerate(LoanStage)}


class Reception(StrEnum):
    """What a stage does with a kind of message."""

    TAKEN = "taken"
    KEPT = "kept"
    OUT_OF_DATE = "out of date"
    BY_THE_LOAN = "by the loan"
    """As the loan stands (`loan_reception`); out of date when there is none."""
    WHEN_AWAITED = "when awaited"
    """Taken as long as the case waits for it; else refused."""


def reception(stage: Stage, kind: str) -> Reception:
    """One cell of the table: what that stage does with that kind of message, when it does not concern a loan."""
    if stage is Stage.CLOSED:
        return Reception.OUT_OF_DATE
    if kind in ONLY_OF_LOANS:
        return Reception.BY_THE_LOAN
    if kind in OF_OTHERS:
        return Reception.WHEN_AWAITED
    if kind == Report.kind or kind in ALWAYS_TAKEN | INTERRUPTING or stage in STAGES_OF[kind]:
        return Reception.TAKEN
    return Reception.KEPT if _ORDER[stage] < _ORDER[STAGES_OF[kind][0]] else Reception.OUT_OF_DATE


def loan_reception(stage: LoanStage, kind: str) -> Reception:
    """One cell of the loan's table."""
    if stage is LoanStage.ENDED:
        return Reception.OUT_OF_DATE
    stages = LOAN_STAGES_OF[kind]
    if stage in stages:
        return Reception.TAKEN
    return Reception.KEPT if _LOAN_ORDER[stage] < _LOAN_ORDER[stages[0]] else Reception.OUT_OF_DATE


def messages_taken_at(stage: Stage) -> tuple[str, ...]:
    """The kinds that this stage takes, those that move it on first."""
    if stage is Stage.CLOSED:
        return ()
    moving = tuple(kind for kind, stages in STAGES_OF.items() if stage in stages)
    return (*moving, *sorted(INTERRUPTING), "note", "assignment", "contact_attempt", "report")


def loan_messages_taken_at(loan: Loan | None) -> tuple[str, ...]:
    """The kinds that the loan takes, whatever the stage of the case."""
    if loan is None or not loan.is_open:
        return ()
    return tuple(kind for kind, stages in LOAN_STAGES_OF.items() if loan.stage in stages and kind != "loan_assigned")


def concerns(case: CaseState, message: Message) -> Subject:
    """Which of the two a message is about: the loan when it says so, when its slot is the loan's, or by the stage."""
    if message.kind in ONLY_OF_LOANS:
        return "loan"
    if message.kind not in LOAN_STAGES_OF:
        return "replacement"
    named: Subject | None = getattr(message, "subject", None)
    if named is not None:
        return named
    slots = {slot.slot_id: slot.subject for slot in case.slots}
    if isinstance(message, SiteScheduling) and message.slot_id in slots:
        return slots[message.slot_id]
    if case.stage in STAGES_OF[message.kind] or case.loan is None:
        return "replacement"
    return "loan" if case.loan.stage in (LoanStage.SCHEDULING, LoanStage.VISIT) else "replacement"


def receive(case: CaseState, message: Message, now: datetime) -> tuple[Reception, str]:
    """Decide on a message that parsed: taken or kept, with a sentence for whoever sent it.

    Raises MessageRefused with the field and the reason when it does not fit this case, this instant or this stage.
    """
    check_the_case(case, message)
    check_the_equipment(case, message)
    check_the_instants(case, message, now)
    if case.is_ending and message.kind not in ALWAYS_TAKEN:
        raise MessageRefused("kind", f"{message.kind} is out of date: the case is {case.outcome}")
    about = concerns(case, message)
    verdict = _verdict(case, message, about)
    if verdict is Reception.KEPT:
        check_it_can_be_said_ahead(message)
        return verdict, _kept_until(case, message, about)
    verdict = fits(case, message, now, about)
    if verdict is Reception.KEPT:
        used = "the approval that it takes back is used" if is_revocation(message) else "level 1 escalates"
        return verdict, f"kept until {used}"
    return verdict, f"joins {case.reference}" if isinstance(message, Report) else "taken"


def _verdict(case: CaseState, message: Message, about: Subject) -> Reception:
    """Taken or kept. Raises MessageRefused when the stage, or the loan, is past."""
    if about == "loan":
        loan = case.loan
        if loan is None or loan_reception(loan.stage, message.kind) is Reception.OUT_OF_DATE:
            stage = "there is none" if loan is None else f"it is {loan.stage.replace('_', ' ')}"
            field = "kind" if message.kind in ONLY_OF_LOANS else "subject"
            raise MessageRefused(field, f"{message.kind} does not fit the loan equipment of this case: {stage}")
        return loan_reception(loan.stage, message.kind)
    verdict = _main_verdict(case, message)
    if verdict is Reception.OUT_OF_DATE:
        raise MessageRefused("kind", f"{message.kind} is out of date: the case is at stage {case.stage}")
    return verdict


def _main_verdict(case: CaseState, message: Message) -> Reception:
    if is_revocation(message) and Stage.VENDOR_VALIDATION is not case.stage is not Stage.CLOSED:
        return Reception.TAKEN  # what was approved can be taken back for as long as the case is open
    if turned_up(case.failed_parcels, case.round, message) is not None and case.stage is not Stage.CLOSED:
        return Reception.TAKEN  # what was lost is there, whatever the case waits for
    if isinstance(message, InterventionReport) and tests_the_software(case, message):
        return Reception.TAKEN
    verdict = reception(case.stage, message.kind)
    return Reception.TAKEN if verdict is Reception.WHEN_AWAITED else verdict


def is_revocation(message: Message) -> bool:
    """The vendor takes an approval back."""
    return isinstance(message, VendorValidation) and message.decision == "revoked"


def interrupts(case: CaseState, message: Message) -> bool:
    """It is answered before anything else, whatever the stage."""
    return message.kind in INTERRUPTING or is_revocation(message) or _is_a_parcel_found(case, message)


def _is_a_parcel_found(case: CaseState, message: Message) -> bool:
    """A lost parcel turns up while no stage listens for parcels."""
    return case.stage is not Stage.SHIPMENT and turned_up(case.failed_parcels, case.round, message) is not None


def _kept_until(case: CaseState, message: Message, about: Subject) -> str:
    if about == "loan":
        return f"kept until the loan equipment is {LOAN_STAGES_OF[message.kind][0].replace('_', ' ')}"
    return f"kept until stage {STAGES_OF[message.kind][0]}; the case is at {case.stage}"


def fits(case: CaseState, message: Message, now: datetime, about: Subject) -> Reception:
    """Whether the case, as it stands, can use this very message now; it may have to be kept.

    Raises MessageRefused when it never can.
    """
    verdict = _verdict(case, message, about)
    if verdict is not Reception.TAKEN:
        return verdict
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
        case VendorValidation(decision="revoked") if an_approval_waits(case):
            return Reception.KEPT
        case VendorValidation(decision="revoked"):
            check_it_was_approved(case)
        case VendorValidation(decided_at=decided_at):
            check_it_answers_this_round(case, decided_at)
        case SiteScheduling():
            check_the_visit(case, message, now, about)
        case SoftwareNews():
            check_it_is_awaited(case, message)
        case Correction(serial_number=serial_number, site=site):
            check_it_corrects(case, serial_number, site)
    return Reception.TAKEN
