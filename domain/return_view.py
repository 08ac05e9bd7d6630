"""The view of a return: what query `return` and `submit` answer with, and its page in the Temporal Web UI."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from domain.briefing_parts import what_to_send
from domain.case import Party
from domain.effects import ReturnKind
from domain.journal import JournalLine, newest_lines
from domain.markdown import plain, table
from domain.return_messages import RETURN_MESSAGES, Condition
from domain.returns import EquipmentReturn, ReturnState

LINES_SHOWN = 8

_NEXT = {
    Party.CUSTOMER: "Send it back, or say that it is on its way",
    Party.CARRIER: "Deliver it, and say that it was received",
    Party.NOBODY: "",
}


class ReturnView(BaseModel):
    """A return as people see it. What the order says is None for one that was rejected."""

    model_config = ConfigDict(frozen=True)

    return_id: str
    workflow_id: str
    run_id: str
    case_reference: str | None
    kind: ReturnKind | None
    item: str | None
    customer: str | None
    site: str | None
    site_name: str | None
    destination: str | None
    state: ReturnState
    waiting_for: Party
    next_action: str
    next_messages: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None
    lost_at: datetime | None
    next_at: datetime | None
    reminded_at: tuple[datetime, ...]
    dispatched_at: datetime | None
    carrier: str | None
    tracking_number: str | None
    closed_at: datetime | None
    closed_because: str | None
    condition: Condition | None = None
    """How it was when it was received; unknown of what older versions have recorded."""
    fault: str | None = None
    """What is known to be wrong with it."""
    journal: tuple[JournalLine, ...]


class ReturnAnswer(BaseModel):
    """What update `submit` answers: what became of the message, one sentence on it, and the new view."""

    model_config = ConfigDict(frozen=True)

    disposition: str
    text: str
    view: ReturnView


def view_of_return(tracked: EquipmentReturn) -> ReturnView:
    """Show a return as it stands."""
    order, times = tracked.order, tracked.timetable
    return ReturnView(
        return_id=tracked.return_id,
        workflow_id=tracked.workflow_id,
        run_id=tracked.run_id,
        case_reference=order.key.case if order else None,
        kind=order.kind if order else None,
        item=order.item if order else None,
        customer=order.customer if order else None,
        site=order.site if order else None,
        site_name=order.site_name if order else None,
        destination=order.destination if order else None,
        state=tracked.state,
        waiting_for=tracked.waiting_for,
        next_action=_NEXT[tracked.waiting_for],
        next_messages=tuple(RETURN_MESSAGES) if tracked.is_open else (),
        opened_at=tracked.opened_at,
        due_at=times.due_at if times else None,
        lost_at=times.lost_at if times else None,
        next_at=tracked.next_instant(),
        reminded_at=tuple(tracked.reminded_at),
        dispatched_at=tracked.dispatched_at,
        carrier=tracked.carrier,
        tracking_number=tracked.tracking_number,
        closed_at=tracked.closed_at,
        closed_because=tracked.closed_because,
        condition=tracked.condition,
        fault=tracked.fault,
        journal=newest_lines(tracked.journal),
    )


def return_page(tracked: EquipmentReturn) -> str:
    """What an operator reads of a return in the Temporal Web UI, as Markdown."""
    view = view_of_return(tracked)
    because = f": {plain(view.closed_because)}" if view.closed_because else ""
    clock = _clock_in(ZoneInfo(tracked.order.coverage.provider.tz) if tracked.order else None)
    state = f"{view.state} damaged" if view.condition == "damaged" else str(view.state)
    parts = [f"## Return {plain(view.return_id)} · {state}{because}"]
    if tracked.order is not None:
        parts.append(_situation(view, clock))
    if tracked.is_open:
        parts.append(what_to_send(_EXAMPLES))
    rows = [
        (clock(line.at), plain(line.actor), plain(line.text), line.disposition.value)
        for line in view.journal[-LINES_SHOWN:]
    ]
    return "\n\n".join([*parts, table(("at", "who", "what", ""), rows)])


_EXAMPLES = (
    ("return_news", '{"status": "dispatched", "carrier": "…", "tracking_number": "…"}'),
    ("return_news", '{"status": "received"}'),
    ("return_news", '{"status": "received", "condition": "damaged", "reason": "…"}'),
    ("return_news", '{"status": "lost", "reason": "…"}'),
    ("note", '{"text": "…"}'),
)


def _clock_in(zone: ZoneInfo | None) -> Callable[[datetime | None], str]:
    def clock(at: datetime | None) -> str:
        return at.astimezone(zone or UTC).strftime("%a %Y-%m-%d %H:%M %Z") if at else "not known yet"

    return clock


def _situation(view: ReturnView, clock: Callable[[datetime | None], str]) -> str:
    rows = [
        ("What", f"{str(view.kind).replace('_', ' ')}: {plain(view.item or '')}"),
        ("From, to", f"{plain(view.customer or '')}, {plain(view.site_name or '')} → {plain(view.destination or '')}"),
        ("Case", plain(view.case_reference or "")),
        ("Waiting for", f"**{view.waiting_for}**" if view.next_action else "nobody"),
        ("Next action", view.next_action),
        ("Due", clock(view.due_at)),
        ("Declared lost", clock(view.lost_at)),
        ("Reminders sent", str(len(view.reminded_at))),
    ]
    if view.fault:
        rows.append(("Known to be wrong with it", plain(view.fault)))
    if view.dispatched_at:
        parcel = ", ".join(plain(text) for text in (view.carrier, view.tracking_number) if text)
        rows.append(("On its way since", clock(view.dispatched_at) + (f" ({parcel})" if parcel else "")))
    return table(("", ""), rows)
