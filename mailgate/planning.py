"""From what a mail says to what is done about it (R12, R4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from mailgate.plan import Action, AskForSoftware, FileForAPerson, Ignore, Join, Plan, ReplyItem, ReportBreakdown
from mailgate.reading.items import Item
from mailgate.reading.mail import Mail
from mailgate.reading.people import Requester
from mailgate.reading.understanding import Kind, Understanding, bounded

MOST_ITEMS: Final = 200
"""Of one software request; a mail that names more becomes several."""

TO_BE_STATED: Final = "à préciser / to be stated"
"""The type of an item of which a mail says nothing at all: the requester is asked."""

_SOFTWARE_CASE: Final = "SW-"
_LONGEST_NAME: Final = 190
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")


@dataclass(frozen=True)
class Arrived:
    """A mail as it arrived: what was read, the id under which it is known, and when."""

    mail: Mail
    key: str
    at: datetime


def plan_for(arrived: Arrived, understood: Understanding, fresh: Understanding | None = None) -> Plan:
    """What follows. `fresh` is how a reply reads by itself: for when its case takes nothing any more.

    A breakdown that is reported in answer to a mail about software is called back as well (R4): nobody at the phone
    reads what is said to that case.
    """
    actions, meant = _actions(arrived, understood, fresh), understood
    if fresh is not None and fresh.kind is Kind.BREAKDOWN and (understood.reference or "").startswith(_SOFTWARE_CASE):
        actions, meant = [_reply_with_breakdown(arrived, understood, fresh), _breakdown(arrived, fresh)], fresh
    return Plan(kind=meant.kind.value, reason=meant.reason, actions=tuple(actions), asked=asked_by(meant))


def asked_by(understood: Understanding) -> tuple[str, ...]:
    """The serial numbers and types that a mail asks something for, and what: one text each."""
    wanted = [f"software {item.serial_number or item.type}" for item in understood.items]
    broken = [f"broken {item.serial_number or item.type}" for item in understood.broken]
    return tuple(dict.fromkeys([*wanted, *broken]))[:400]


def _actions(arrived: Arrived, understood: Understanding, fresh: Understanding | None) -> Sequence[Action]:
    match understood.kind:
        case Kind.SOFTWARE:
            return _software(arrived, understood)
        case Kind.BREAKDOWN:
            software = _software(arrived, understood) if understood.items else ()
            return [_breakdown(arrived, understood), *software]
        case Kind.REPLY:
            return [_reply(arrived, understood, fresh)]
        case Kind.BOUNCE if understood.reference and understood.bounce and understood.bounce.is_final:
            return [_bounce(arrived, understood)]
        case Kind.BOUNCE | Kind.AUTOMATIC | Kind.LOOP:
            return [Ignore(reason=understood.reason)]
        case _:
            return [FileForAPerson(reason=understood.reason, reference=understood.reference)]


def _software(arrived: Arrived, understood: Understanding) -> list[Action]:
    """One request, or several when there are more items than one may have."""
    items = [stated(item) for item in understood.items] or [{"type": TO_BE_STATED}]
    made: list[Action] = []
    for number, begin in enumerate(range(0, len(items), MOST_ITEMS)):
        request: dict[str, JsonValue] = {
            "requested_by": caller(understood.requester),
            "channel": "email",
            "received_at": arrived.at.isoformat(),
            "items": list(items[begin : begin + MOST_ITEMS]),
            **outside_mail(arrived.mail),
        }
        suffix = f"-{number + 1}" if number else ""
        made.append(AskForSoftware(message_id=f"{arrived.key}{suffix}", request=request))
    return made


def _breakdown(arrived: Arrived, understood: Understanding) -> ReportBreakdown:
    """One call-back, however many pieces are broken: the customer is called once."""
    numbers = [item.serial_number for item in understood.broken if item.serial_number and item.is_known]
    numbers = numbers or [item.serial_number for item in understood.broken if item.serial_number]
    impact = "blocking" if understood.is_blocking else "degraded"
    symptom = understood.symptom or "?"
    if len(numbers) > 1:
        symptom = bounded(f"[{', '.join(numbers[:20])}]\n{symptom}")
    known: dict[str, JsonValue] = {"serial_number": numbers[0]} if numbers else {}
    who = caller(understood.requester)
    draft: dict[str, JsonValue] = {**known, "reported_by": dict(who), "symptom": symptom, "impact": impact}
    call: dict[str, JsonValue] = {
        "call_id": arrived.key,
        "caller": dict(who),
        "channel": "email",
        "received_at": arrived.at.isoformat(),
        **known,
        "symptom": symptom,
        "impact": impact,
        **outside_mail(arrived.mail),
        "drafted_report": draft,
    }
    return ReportBreakdown(message_id=arrived.key, call=call)


def _reply(arrived: Arrived, understood: Understanding, fresh: Understanding | None) -> Join:
    assert understood.reference is not None
    otherwise: list[Action] = [
        FileForAPerson(reason="it answers a case that takes no more messages", reference=understood.reference)
    ]
    if fresh is not None and fresh.kind in (Kind.SOFTWARE, Kind.BREAKDOWN):
        otherwise = list(_actions(arrived, fresh, None))
    return _joined(arrived, understood, otherwise)


def _reply_with_breakdown(arrived: Arrived, understood: Understanding, fresh: Understanding) -> Join:
    otherwise = (
        _software(arrived, fresh) if fresh.items else [Ignore(reason="the breakdown that it reports is called back")]
    )
    return _joined(arrived, understood, otherwise)


def _joined(arrived: Arrived, understood: Understanding, otherwise: Sequence[Action]) -> Join:
    assert understood.reference is not None
    return Join(
        message_id=arrived.key,
        reference=understood.reference,
        actor=f"customer:{understood.requester.name[:_LONGEST_NAME]}",
        text=understood.text or "(sans texte / no text)",
        items=tuple(
            ReplyItem(serial_number=item.serial_number, type=item.type, registered_type=item.registered_type)
            for item in understood.items[:MOST_ITEMS]
        ),
        otherwise=tuple(otherwise),
    )


def _bounce(arrived: Arrived, understood: Understanding) -> Join:
    """A mail of ours was refused: its case is told. All of it may be forged, so it is a remark and no more."""
    assert understood.reference is not None
    assert understood.bounce is not None
    ours, status = understood.bounce.message_id[:200], understood.bounce.status
    text = f"Our mail {ours} came back: it could not be delivered ({status or 'no reason given'})."
    return Join(
        message_id=arrived.key,
        reference=understood.reference,
        actor="support:mail gate",
        text=text,
        otherwise=(Ignore(reason="a bounce of a mail of a case that takes no more messages"),),
    )


def stated(item: Item) -> dict[str, JsonValue]:
    """An item as a request states it."""
    said = {"serial_number": item.serial_number, "type": item.type[:_LONGEST_NAME] if item.type else None}
    return {name: text for name, text in said.items() if text}


def caller(who: Requester) -> dict[str, JsonValue]:
    """Whoever asks, as cases name people."""
    said = {"name": who.name[:_LONGEST_NAME], "email": who.email, "phone": who.phone}
    return {name: text[:_LONGEST_NAME] for name, text in said.items() if text}


def outside_mail(mail: Mail) -> dict[str, JsonValue]:
    """The mail, for answers to be read under it; nothing when it has no Message-ID that can be answered."""
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        return {}
    references: list[JsonValue] = [each for each in mail.answers if _MESSAGE_ID.fullmatch(each)]
    return {"mail": {"message_id": mail.message_id, "references": references[:50], "subject": mail.subject[:500]}}
