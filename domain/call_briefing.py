"""What an operator reads of a call in the Temporal Web UI: Markdown, within its limit (SPEC §6)."""

from collections.abc import Iterator
from datetime import datetime

from domain.assistance import AssistanceCall, CallStage
from domain.briefing_parts import clock_of, journal_part, promises_part, what_to_send
from domain.call_view import next_call_messages
from domain.loan_briefing import Clock
from domain.markdown import plain, table
from domain.view import promise_state


def call_briefing(call: AssistanceCall, now: datetime) -> str:
    """The page: stage and level, ball, what it is about, which message to send, promises, the last journal lines."""
    clock = clock_of(call)
    parts = [
        _heading(call),
        _situation(call, clock),
        _draft(call),
        _what_to_send(call),
        promises_part(call, now, clock),
        journal_part(call, clock),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(call: AssistanceCall) -> str:
    ended = f" — **{call.outcome.value}**" if call.outcome else ""
    because = f": {plain(call.outcome_reason)}" if call.outcome_reason else ""
    pending = "\n\n> The registry has not answered yet; the entitlement check is pending." if call.check_pending else ""
    return f"## {call.reference} · {call.stage_shown}{ended}{because}{pending}"


def _situation(call: AssistanceCall, clock: Clock) -> str:
    card, said = call.equipment, call.call
    equipment = plain(call.serial_number or "nobody has said which") + (f" ({plain(card.type)})" if card else "")
    rows = [("Equipment", equipment)]
    if card:
        rows.append(("Customer, site", f"{plain(card.customer_name)}, {plain(card.site_name)}"))
    if said:
        rows.append(
            ("Caller", plain(", ".join(filter(None, (said.caller.name, said.caller.phone, said.caller.email)))))
        )
        rows.append(("About", f"{'blocking' if call.is_blocking else said.impact}: {plain(said.symptom)}"))
        rows.append(("Came by", f"{said.channel}, {clock(call.reported_at)}"))
    if call.line_opens_at:
        rows.append(("Outside service hours", f"the line opens {clock(call.line_opens_at)}"))
    waiting = f"**{call.waiting_for.value}** since {clock(call.waiting_since)}" if call.is_open else "nobody"
    rows += [
        ("Waiting for", waiting),
        ("Owner", plain(call.owner)),
        ("Next action", plain(call.next_action)),
        ("Promises", promise_state(call.promises).replace("_", " ")),
    ]
    if call.contact.unreachable_since:
        rows.append(("Customer", f"cannot be reached since {clock(call.contact.unreachable_since)}"))
    if call.coverage and call.coverage.basis != "contract":
        rows.append(("Covered by", plain(call.coverage.basis)))
    if call.led_to:
        rows.append(("Goes on as", plain(call.led_to)))
    return table(("", ""), rows)


def _draft(call: AssistanceCall) -> str:
    """What was understood of a mail: to be confirmed by whoever calls back (R4)."""
    draft = call.call.drafted_report if call.call and call.is_open else None
    if draft is None:
        return ""
    rows = [(name.replace("_", " "), plain(_shown(value))) for name, value in draft if value is not None]
    return "**Drafted report**, to be confirmed when you call back:\n\n" + table(("", ""), rows)


def _shown(value: object) -> str:
    name = getattr(value, "name", None)
    return str(name) if name else str(value)


def _what_to_send(call: AssistanceCall) -> str:
    kinds = [kind for kind in next_call_messages(call) if kind in _EXAMPLES]
    if not call.is_open or call.stage is CallStage.HANDING_OVER or not kinds:
        return ""
    return what_to_send((kind, example) for kind in kinds for example in _examples(call, kind))


def _examples(call: AssistanceCall, kind: str) -> Iterator[str]:
    finds = _FOUND[call.level] if kind == "remote_diagnosis" else ("",)
    named = _EXAMPLES[kind].replace("SERIAL", call.serial_number or "…")
    return (named.replace("FOUND", found) for found in finds)


_FOUND = {
    1: ('"level": 1, "outcome": "resolved"', '"level": 1, "outcome": "escalate"'),
    2: ('"level": 2, "outcome": "resolved"', '"level": 2, "outcome": "hardware_failure"'),
}


_EXAMPLES = {
    "remote_diagnosis": '{FOUND, "technician": "…", "findings": "…"}',
    "logs_provided": '{"files": [{"name": "…", "uri": "…", "sha256": "' + "0" * 64 + '"}]}',
    "report": '{"technician": "…", "serial_number": "SERIAL", "impact": "blocking"}',
    "clarification": '{"serial_number": "SERIAL"}',
    "cancellation": '{"reason": "…"}',
    "contact_attempt": '{"party": "customer", "channel": "phone", "reached": false}',
    "assignment": '{"owner": "…"}',
    "note": '{"text": "…"}',
}
