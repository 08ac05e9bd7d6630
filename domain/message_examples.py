"""Examples of the messages that a case takes, for whoever sends them by hand and fills them in (SPEC §6)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from domain.case import CaseState, Stage
from domain.slots import Slot, SlotState, Subject

Maker: TypeAlias = Callable[[], tuple[str, ...]]

A_SECOND = timedelta(seconds=1)
A_WEEK = timedelta(days=7)
A_VISIT = timedelta(hours=2)

_FOUND = {
    1: ('"level": 1, "outcome": "escalate"', '"level": 1, "outcome": "resolved"'),
    2: ('"level": 2, "outcome": "hardware_failure", "defective_articles": ["…"]', '"level": 2, "outcome": "resolved"'),
}
"""What each level finds most often. It names articles: without any, the whole equipment is exchanged (R7)."""

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "logs_provided": (f'{{"files": [{{"name": "…", "uri": "…", "sha256": "{"0" * 64}"}}]}}',),
    "vendor_validation": (
        '{"decision": "approved", "rma_number": "…", "decided_at": "NOW"}',
        '{"decision": "refused", "reason": "…", "decided_at": "NOW"}',
    ),
    "shipment": ('{"status": "dispatched", "carrier": "…"}', '{"status": "delivered", "signed_by": "…"}'),
    "intervention_report": (
        '{"technician": "…", "outcome": "completed", "tests": [{"name": "…", "passed": true}]}',
        '{"technician": "…", "outcome": "no_access"}',
    ),
    "customer_confirmation": ('{"restored": true}', '{"restored": false, "comment": "…"}'),
    "loan_veto": ('{"reason": "…"}',),
    "cancellation": ('{"reason": "…"}',),
    "correction": ('{"site": "…", "reason": "…"}',),
    "note": ('{"text": "…"}',),
    "contact_attempt": ('{"party": "customer", "channel": "phone", "reached": false}',),
    "assignment": ('{"owner": "…", "next_action": "…"}',),
}


def examples_of(case: CaseState, kind: str, now: datetime, subject: Subject) -> Iterator[str]:
    """Payloads of that kind that the case takes now, about the replacement or about the loan; none for a report."""
    for example in _made(case, now, subject).get(kind, lambda: _EXAMPLES.get(kind, ()))():
        said = example.replace("NOW", _local(case, now).isoformat())
        yield said if subject == "replacement" else f'{said[:-1]}, "subject": "loan"}}'


def _made(case: CaseState, now: datetime, subject: Subject) -> dict[str, Maker]:
    """The kinds whose examples hang on how far the case is."""
    return {
        "remote_diagnosis": lambda: tuple(
            f'{{{found}, "technician": "…", "findings": "…"}}' for found in _FOUND[case.level]
        ),
        "site_scheduling": lambda: (_scheduling(case, now, subject),),
        "intervention_report": lambda: _EXAMPLES["intervention_report"][: 1 if _has_no_visit(case) else None],
    }


def _has_no_visit(case: CaseState) -> bool:
    """Software that is there is tested without one (R9)."""
    return case.stage is Stage.REMOTE_DIAGNOSIS


def _scheduling(case: CaseState, now: datetime, subject: Subject) -> str:
    """Choose what is offered; with a visit agreed, call it off; with neither, propose."""
    own = [slot for slot in case.slots if slot.subject == subject]
    if offered := _first(own, SlotState.OFFERED, now):
        return f'{{"action": "choose", "slot_id": "{offered.slot_id}"}}'
    if any(slot.state is SlotState.CHOSEN for slot in own):
        return '{"action": "cancel", "reason": "…"}'
    start = _local(case, now + A_WEEK).replace(hour=10, minute=0, second=0)
    return f'{{"action": "propose", "start": "{start.isoformat()}", "end": "{(start + A_VISIT).isoformat()}"}}'


def _first(slots: list[Slot], state: SlotState, now: datetime) -> Slot | None:
    return next((slot for slot in slots if slot.state is state and slot.start > now), None)


def _local(case: CaseState, now: datetime) -> datetime:
    """The next whole second, in the provider's time: never before what has just been recorded."""
    zone = ZoneInfo(case.coverage.provider.tz) if case.coverage else now.tzinfo
    return (now + A_SECOND).replace(microsecond=0).astimezone(zone)
