"""The view of a call: what query `call` and `submit` answer with (SPEC §5), as JSON."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.assistance import AssistanceCall, CallOutcome, CallStage
from domain.call_messages import Call, DraftedReport
from domain.call_reception import call_messages_taken_at
from domain.journal import JournalLine, newest_lines
from domain.messages import Caller, LogsProvided
from domain.reception import ALWAYS_TAKEN
from domain.registry import Category
from domain.view import PromiseView, next_due, promise_state, view_of_promise
from domain.waits import Party, Wait


class CallView(BaseModel):
    """A call as people see it. What the caller said is None for one that was rejected for its form."""

    model_config = ConfigDict(frozen=True)

    reference: str
    call_id: str
    workflow_id: str
    run_id: str
    channel: str | None
    stage: CallStage
    level: int
    outcome: CallOutcome | None
    outcome_reason: str | None
    led_to: str | None
    """The reference of the curative case or of the software request that the call has become."""
    check_pending: bool
    caller: Caller | None
    serial_number: str | None
    equipment_type: str | None
    customer: str | None
    customer_name: str | None
    site: str | None
    site_name: str | None
    impact: str | None
    symptom: str | None
    drafted_report: DraftedReport | None
    basis: str | None
    owner: str
    next_action: str
    waiting_for: Party
    waiting_since: datetime
    received_at: datetime
    opened_at: datetime
    line_opens_at: datetime | None
    called_back_at: datetime | None
    closed_at: datetime | None
    customer_unreachable_since: datetime | None
    kept: tuple[str, ...]
    promise_state: str
    next_due_at: datetime | None
    next_messages: tuple[str, ...]
    promises: tuple[PromiseView, ...]
    waits: tuple[Wait, ...]
    journal: tuple[JournalLine, ...]


class CallAnswer(BaseModel):
    """What update `submit` answers: what became of the message, one sentence on it, and the new view."""

    model_config = ConfigDict(frozen=True)

    disposition: str
    text: str
    call: CallView


def next_call_messages(call: AssistanceCall) -> tuple[str, ...]:
    """The kinds that the call takes now."""
    if call.is_ending and call.is_open:
        return tuple(sorted(ALWAYS_TAKEN))
    is_endpoint = call.equipment is None or call.equipment.category is Category.ENDPOINT
    taken = call_messages_taken_at(call.stage)
    return tuple(kind for kind in taken if not (is_endpoint and kind == LogsProvided.kind))


def view_of_call(call: AssistanceCall) -> CallView:
    """Show a call as it stands."""
    card, said = call.equipment, call.call
    return CallView(
        reference=call.reference,
        call_id=call.call_id,
        workflow_id=call.workflow_id,
        run_id=call.run_id,
        channel=said.channel if said else None,
        stage=call.stage,
        level=call.level,
        outcome=call.outcome,
        outcome_reason=call.outcome_reason,
        led_to=call.led_to,
        check_pending=call.check_pending,
        caller=said.caller if said else None,
        serial_number=call.serial_number,
        equipment_type=card.type if card else None,
        customer=card.customer if card else None,
        customer_name=card.customer_name if card else None,
        site=card.site if card else None,
        site_name=card.site_name if card else None,
        impact=_impact(call, said),
        symptom=said.symptom if said else None,
        drafted_report=said.drafted_report if said else None,
        basis=call.coverage.basis if call.coverage else None,
        owner=call.owner,
        next_action=call.next_action,
        waiting_for=call.waiting_for,
        waiting_since=call.waiting_since,
        received_at=call.reported_at,
        opened_at=call.opened_at,
        line_opens_at=call.line_opens_at,
        called_back_at=call.called_back_at,
        closed_at=call.closed_at,
        customer_unreachable_since=call.contact.unreachable_since,
        kept=tuple(pending.kind for pending in call.said if pending.was_kept),
        promise_state=promise_state(call.promises),
        next_due_at=next_due(call.promises),
        next_messages=next_call_messages(call),
        promises=tuple(view_of_promise(promise) for promise in call.promises),
        waits=tuple(wait.model_copy() for wait in call.waits),
        journal=newest_lines(call.journal),
    )


def _impact(call: AssistanceCall, said: Call | None) -> str | None:
    if said is None:
        return None
    return "blocking" if call.is_blocking else said.impact
