"""What an operator reads of a software request in the Temporal Web UI, as Markdown, within its limit (SPEC §6)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.briefing_parts import what_to_send
from domain.markdown import plain, table
from domain.service_hours import ServiceHours
from domain.software_items import Item, ItemState
from domain.software_promises import reading_of
from domain.software_update import SoftwareUpdate
from domain.software_view import items_shown, next_software_messages
from domain.view import promise_state

LINES_SHOWN, ITEMS_SHOWN, PROMISES_SHOWN = 8, 25, 8

_EXAMPLES = {
    "clarification": '{"serial_number": "SERIAL", "type": "TYPE"}',
    "activation_keys": '{"serial_number": "SERIAL", "keys": ["…"]}',
    "cancellation": '{"reason": "…"}',
    "assignment": '{"owner": "…", "next_action": "…"}',
    "note": '{"text": "…"}',
}
_WAITS_IN = {"clarification": ItemState.CLARIFICATION, "activation_keys": ItemState.AWAITING_KEY}


def software_page(update: SoftwareUpdate, now: datetime) -> str:
    """The page: how far it is, who has the ball, the promises, what to send, the items that are open, the journal."""
    parts = [_heading(update), _situation(update), _what_to_send(update), _promises(update, now), _items(update)]
    return "\n\n".join(part for part in (*parts, _journal(update)) if part)


def _heading(update: SoftwareUpdate) -> str:
    ended = f" — **{update.outcome.value}**" if update.outcome else ""
    because = f": {plain(update.outcome_reason)}" if update.outcome_reason else ""
    pending = "\n\n> The registry cannot be asked now; the check is pending." if update.check_pending else ""
    return f"## {update.reference} · software {update.stage}{ended}{because}{pending}"


def _situation(update: SoftwareUpdate) -> str:
    request = update.request
    since = f" since {_clock(update, update.waits[-1].since)}" if update.waits else ""
    customers = dict.fromkeys(item.card.customer_name for item in update.items if item.card)
    rows = [
        ("Requested by", f"{plain(request.requested_by.name)}, by {request.channel}" if request else "not known"),
        ("Customer", ", ".join(plain(name) for name in customers) or "not known yet"),
        ("Received", _clock(update, update.received_at)),
        ("Items", items_shown(update)),
        ("Waiting for", f"**{update.ball}**{since}" if update.is_open else "nobody"),
        ("Owner", plain(update.owner)),
        ("Next action", plain(update.next_action)),
        ("Promises", promise_state(update.promises).replace("_", " ")),
    ]
    return table(("", ""), rows)


def _what_to_send(update: SoftwareUpdate) -> str:
    kinds = [kind for kind in next_software_messages(update) if kind in _EXAMPLES]
    return what_to_send((kind, _example(update, kind)) for kind in kinds)


def _example(update: SoftwareUpdate, kind: str) -> str:
    """With the equipment that waits for such a word, and its type in the registry."""
    state = _WAITS_IN.get(kind)
    waiting = update.in_state(state) if state else ()
    item = next((item for item in waiting if item.serial_number), None)
    serial_number, type_ = (item.serial_number, item.card.type if item.card else None) if item else (None, None)
    return _EXAMPLES[kind].replace("SERIAL", serial_number or "…").replace("TYPE", type_ or "…")


def _journal(update: SoftwareUpdate) -> str:
    rows = [
        (_clock(update, line.at), plain(line.actor), plain(line.text), line.disposition.value)
        for line in update.journal[-LINES_SHOWN:]
    ]
    return table(("at", "who", "what", ""), rows)


def _promises(update: SoftwareUpdate, now: datetime) -> str:
    rows = []
    for each in update.contracts.values():
        for promise in each.promises:
            reading = reading_of(each.coverage).value if promise.budget.type == "software_reading" else "strictest"
            left = _left(each.service_hours, promise.due_at, now) if promise.is_owed else ""
            due = _clock(update, promise.due_at) if promise.due_at else "not known yet"
            name = promise.name.value.replace("_", " ")
            rows.append((name, plain(each.contract), reading.replace("_", " "), due, promise.state.value, left))
    head = ("promise", "contract", "reading", "due", "state", "business time left")
    return table(head, rows[-PROMISES_SHOWN:]) if rows else ""


def _left(hours: ServiceHours, due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    if due_at <= now:
        return "overdue"
    minutes = int(hours.between(now, due_at).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}"


def _items(update: SoftwareUpdate) -> str:
    """What is open first, then the newest answers."""
    in_order = [*update.open_items, *(item for item in reversed(update.items) if item.is_answered)]
    shown = in_order[:ITEMS_SHOWN]
    more = f"\n\n… and {len(in_order) - len(shown)} more" if len(in_order) > len(shown) else ""
    rows = [(str(item.number), plain(item.name), _release(update, item), _state(item)) for item in shown]
    return table(("item", "equipment", "version", "state"), rows) + more if rows else ""


def _release(update: SoftwareUpdate, item: Item) -> str:
    release = update.releases.get(item.release or "")
    return plain(release.version) if release else ""


def _state(item: Item) -> str:
    keys = f" ({', '.join(plain(key) for key in item.keys)})" if item.keys else ""
    why = f": {plain(item.reason)}" if item.reason else ""
    place = f" (place {item.place_in_line} in line)" if item.place_in_line else ""
    return f"{item.state.value.replace('_', ' ')}{keys}{place}{why}"


def _clock(update: SoftwareUpdate, at: datetime) -> str:
    zone = ZoneInfo(update.provider.tz) if update.provider else None
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z") if zone else at.isoformat(timespec="minutes")
