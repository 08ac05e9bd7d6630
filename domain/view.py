"""The view of a case: what query `case` and `submit` answer with (SPEC §5), as JSON."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.case import CaseState, Outcome, Party, Stage, Wait
from domain.journal import JournalLine, newest_lines
from domain.loan import LoanView, view_of_loan
from domain.messages import InterventionReport, LogsProvided, SoftwareNews
from domain.promises import Promise, PromiseKind, PromiseState, WarningMark
from domain.reception import ALWAYS_TAKEN, loan_messages_taken_at, messages_taken_at
from domain.registry import Category
from domain.rounds import RoundView, view_of_round
from domain.slots import Slot
from domain.software_wait import SoftwareWaitView, view_of_software


class PromiseView(BaseModel):
    """A promise as people see it. `paused_seconds` is business time on the promise's own calendar."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    kind: PromiseKind
    round: int
    started_at: datetime
    due_at: datetime | None
    state: PromiseState
    ended_at: datetime | None
    paused_seconds: int
    warnings: tuple[WarningMark, ...]


class CaseView(BaseModel):
    """A case as people see it."""

    model_config = ConfigDict(frozen=True)

    reference: str
    workflow_id: str
    run_id: str
    stage: Stage
    outcome: Outcome | None
    outcome_reason: str | None
    check_pending: bool
    serial_number: str
    equipment_type: str | None
    customer: str | None
    customer_name: str | None
    site: str | None
    site_name: str | None
    impact: str | None
    symptom: str | None
    basis: str | None
    owner: str
    next_action: str
    waiting_for: Party
    waiting_since: datetime
    reported_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    round: int
    rounds: tuple[RoundView, ...]
    level: int
    rma_number: str | None
    recurrence_of: str | None
    moved_from: str | None
    call: str | None
    """The call that the case began with, and whose diagnosis it goes on from."""
    loan: LoanView | None
    software: SoftwareWaitView | None
    delivery_missed_through: str | None
    customer_unreachable_since: datetime | None
    kept: tuple[str, ...]
    promise_state: str
    next_due_at: datetime | None
    next_messages: tuple[str, ...]
    promises: tuple[PromiseView, ...]
    slots: tuple[Slot, ...]
    waits: tuple[Wait, ...]
    journal: tuple[JournalLine, ...]


def promise_state(promises: list[Promise]) -> str:
    """`breached`: something is overdue, or a contractual promise was missed; `at_risk`: a running one has warned.

    An internal or underpinning promise that was kept late shows in its own row: what it owed is done.
    """
    if any(promise.is_overdue or _missed_the_customer(promise) for promise in promises):
        return "breached"
    warned = [promise for promise in promises if promise.is_open and any(w.fired_at for w in promise.warnings)]
    return "at_risk" if warned else "on_track"


def _missed_the_customer(promise: Promise) -> bool:
    return promise.kind is PromiseKind.CONTRACTUAL and promise.state is PromiseState.BREACHED


def next_due(promises: list[Promise]) -> datetime | None:
    """The nearest due instant among the promises that run or are overdue; a paused one moves on as time goes by."""
    clocks = [promise for promise in promises if promise.is_owed and promise.state is not PromiseState.PAUSED]
    return min((promise.due_at for promise in clocks if promise.due_at), default=None)


def view_of_promise(promise: Promise) -> PromiseView:
    """Show a promise as it stands."""
    fields = {
        name: getattr(promise, name) for name in ("id", "kind", "round", "started_at", "due_at", "state", "ended_at")
    }
    return PromiseView(
        **fields,
        name=promise.name.value,
        paused_seconds=int(promise.paused.total_seconds()),
        warnings=tuple(warning.model_copy() for warning in promise.warnings),
    )


def _impact(case: CaseState) -> str | None:
    if case.report is None:
        return None
    return "blocking" if case.is_blocking else case.report.impact


def next_messages(case: CaseState) -> tuple[str, ...]:
    """The kinds that the case takes now: by its stage, and by its loan."""
    if case.is_ending and case.is_open:
        return tuple(sorted(ALWAYS_TAKEN))
    of_the_stage = stage_messages(case)
    return (*of_the_stage, *(kind for kind in loan_messages_taken_at(case.loan) if kind not in of_the_stage))


def stage_messages(case: CaseState) -> tuple[str, ...]:
    """The kinds that the case takes now by its stage, whatever its loan takes."""
    return tuple(kind for kind in (*messages_taken_at(case.stage), *_awaited(case)) if kind not in _not_of(case))


def _awaited(case: CaseState) -> tuple[str, ...]:
    """News of the software, while it is awaited, and how its test went, once it is there (R3, R9)."""
    if not case.is_open or case.software is None:
        return ()
    if case.stage is Stage.REMOTE_DIAGNOSIS and case.software.is_to_be_tested:
        return (InterventionReport.kind,)
    return (SoftwareNews.kind,) if case.software.is_awaited else ()


def _not_of(case: CaseState) -> tuple[str, ...]:
    """Log files are of infrastructure equipment only (R3)."""
    is_endpoint = case.equipment is not None and case.equipment.category is Category.ENDPOINT
    return (LogsProvided.kind,) if is_endpoint else ()


def kept_messages(case: CaseState) -> tuple[str, ...]:
    """The kinds of what was said too early, and is used when its stage has come; in the order in which it was said."""
    return tuple(pending.kind for pending in case.pending if pending.was_kept)


def view_of(case: CaseState) -> CaseView:
    """Show a case as it stands."""
    card, report = case.equipment, case.report
    return CaseView(
        reference=case.reference,
        workflow_id=case.workflow_id,
        run_id=case.run_id,
        stage=case.stage,
        outcome=case.outcome,
        outcome_reason=case.outcome_reason,
        check_pending=case.check_pending,
        serial_number=case.serial_number,
        equipment_type=card.type if card else None,
        customer=card.customer if card else None,
        customer_name=card.customer_name if card else None,
        site=card.site if card else None,
        site_name=card.site_name if card else None,
        impact=_impact(case),
        symptom=report.symptom if report else None,
        basis=case.coverage.basis if case.coverage else None,
        owner=case.owner,
        next_action=case.next_action,
        waiting_for=case.waiting_for,
        waiting_since=case.waiting_since,
        reported_at=case.reported_at,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        round=case.round.number,
        rounds=tuple(view_of_round(round_) for round_ in case.rounds),
        level=case.level,
        rma_number=case.round.rma_number,
        recurrence_of=case.recurrence_of,
        moved_from=case.moved_from,
        call=case.diagnosis.call if case.diagnosis else None,
        loan=view_of_loan(case.loan) if case.loan else None,
        software=view_of_software(case.software) if case.software else None,
        delivery_missed_through=case.delivery_missed_through,
        customer_unreachable_since=case.contact.unreachable_since,
        kept=kept_messages(case),
        promise_state=promise_state(case.promises),
        next_due_at=next_due(case.promises),
        next_messages=next_messages(case),
        promises=tuple(view_of_promise(promise) for promise in case.promises),
        slots=tuple(slot.model_copy() for slot in case.slots),
        waits=tuple(wait.model_copy() for wait in case.waits),
        journal=newest_lines(case.journal),
    )
