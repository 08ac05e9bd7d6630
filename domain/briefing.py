"""What an operator reads of a case in the Temporal Web UI: Markdown, within its limit (SPEC §6)."""

from collections.abc import Iterable
from datetime import datetime

from domain.briefing_parts import clock_of, journal_part, promises_part, what_to_send
from domain.case import CaseState
from domain.loan_briefing import Clock, loan_briefing
from domain.markdown import plain, table
from domain.message_examples import examples_of
from domain.reception import LOAN_STAGES_OF, loan_messages_taken_at
from domain.slots import SlotState
from domain.view import kept_messages, next_messages, promise_state, stage_messages

SLOTS_SHOWN, PARTS_SHOWN, KEPT_SHOWN = 12, 12, 12
"""The Web UI shows 20 KB at the most: the newest of each, and of each text what `plain` leaves."""


def briefing_of(case: CaseState, now: datetime) -> str:
    """The page: stage, ball, promises, owner and next action, which message to send, the last journal lines."""
    clock = clock_of(case)
    parts = [
        _heading(case),
        _situation(case, clock),
        _what_to_send(case, now),
        loan_briefing(case, clock),
        _parts(case),
        _slots(case, clock),
        promises_part(case, now, clock),
        journal_part(case, clock),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(case: CaseState) -> str:
    stage = case.stage.value + (f" (level {case.level})" if case.stage.value == "remote_diagnosis" else "")
    ended = f" — **{case.outcome.value}**" if case.outcome else ""
    because = f": {plain(case.outcome_reason)}" if case.outcome_reason else ""
    pending = "\n\n> The registry cannot be asked now; the entitlement check is pending." if case.check_pending else ""
    return f"## {case.reference} · {stage}{ended}{because}{pending}"


def _situation(case: CaseState, clock: Clock) -> str:
    card = case.equipment
    rows = [
        ("Equipment", plain(case.serial_number) + (f" ({plain(card.type)})" if card else "")),
        ("Customer, site", f"{plain(card.customer_name)}, {plain(card.site_name)}" if card else "not known yet"),
        (
            "Waiting for",
            "nobody" if not case.is_open else f"**{case.waiting_for.value}** since {clock(case.waiting_since)}",
        ),
        ("Symptom", f"{'blocking' if case.is_blocking else case.report.impact}: {plain(case.report.symptom)}")
        if case.report
        else ("Symptom", "not known"),
        ("Owner", plain(case.owner)),
        ("Next action", plain(case.next_action)),
        ("Promises", promise_state(case.promises).replace("_", " ")),
        ("Round", f"{case.round.number}: {plain(case.round.reason)}"),
    ]
    if case.recurrence_of:
        rows.append(("Recurrence of", plain(case.recurrence_of)))
    if case.moved_from:
        rows.append(("Moved here from", plain(case.moved_from)))
    if case.diagnosis:
        rows.append(("Began with the call", plain(case.diagnosis.call)))
    if case.software:
        state = case.software.state.replace("_", " ")
        rows.append(("Software", f"{plain(case.software.request or 'asked for')}: {state}"))
    if case.contact.unreachable_since:
        rows.append(("Customer", f"cannot be reached since {clock(case.contact.unreachable_since)}"))
    if case.coverage and case.coverage.basis != "contract":
        rows.append(("Covered by", plain(case.coverage.basis)))
    if case.round.rma_number:
        rows.append(("RMA", plain(case.round.rma_number)))
    if kept := kept_messages(case):
        rows.append(("Kept until their stage", plain(", ".join(kept[:KEPT_SHOWN]))))
    if case.delivery_missed_through:
        rows.append(("J+1 missed through", case.delivery_missed_through.replace("_", " ")))
    return table(("", ""), rows)


def _what_to_send(case: CaseState, now: datetime) -> str:
    if not case.is_open:
        return ""
    return what_to_send(_lines_to_send(case, now))


def _lines_to_send(case: CaseState, now: datetime) -> Iterable[tuple[str, str]]:
    for kind in next_messages(case):
        if kind not in LOAN_STAGES_OF or kind == "loan_veto" or kind in stage_messages(case):
            yield from ((kind, example) for example in examples_of(case, kind, now, "replacement"))
        if kind in LOAN_STAGES_OF and kind != "loan_veto" and kind in loan_messages_taken_at(case.loan):
            yield from ((kind, example) for example in examples_of(case, kind, now, "loan"))


def _parts(case: CaseState) -> str:
    lines = case.round.lines
    if not lines:
        return ""
    rows = [(str(line.quantity), plain(line.article), line.verdict.value.replace("_", " "), plain(line.reason))
            for line in lines[:PARTS_SHOWN]]  # fmt: skip
    return table(("pieces", "article", "exchange", "why"), rows)


def _slots(case: CaseState, clock: Clock) -> str:
    shown = [slot for slot in case.slots if slot.state in (SlotState.OFFERED, SlotState.CHOSEN)]
    if not shown or not case.is_open:
        return ""
    rows = [
        (plain(slot.slot_id), slot.subject, clock(slot.start), plain(slot.technician or ""), slot.state.value)
        for slot in shown[-SLOTS_SHOWN:]
    ]
    return table(("slot", "for the", "start", "technician", "state"), rows)
