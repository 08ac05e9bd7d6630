"""What a mail asks, decided from what was read and from what the registry knows (R12, R4).

The order of the questions is the order of this module: what no person wrote, what belongs to a case, what is broken,
what asks for software; and what is none of these is for a person to read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from domain.references import SOFTWARE
from mailgate.reading.automatic import Bounce, Origin
from mailgate.reading.clauses import Clause, clauses_of, subject_clause
from mailgate.reading.equipment_names import TypeNames
from mailgate.reading.intent import Intent, in_their_context, intent_of
from mailgate.reading.items import Item, items_of
from mailgate.reading.known import Known
from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.mail import Mail
from mailgate.reading.people import Requester, language_of, requester_of
from mailgate.reading.phrases import ABSENCE, ALARM_LABEL, SAYS_AUTOMATIC
from mailgate.reading.referents import Referents
from mailgate.reading.serial_candidates import candidates, questions
from mailgate.reading.threads import reference_in_thread, reference_of_id, references_in

MOST_HOPS: Final = 50
FROM_A_VENDOR: Final = "it comes from a vendor, and may hold activation keys"
"""Keys that nobody knows yet are recognised by nobody: a person enters them, and no journal has the mail."""

_MOST_LABELS: Final = 3
LONGEST_TEXT: Final = 3_500
_ONLY = re.compile(r"\b(?:uniquement|seulement|only|just this)\b")
_BELOW = re.compile(
    r"\b(?:ci[- ]dessous|ci[- ]apres|plus bas|below|en dessous|mail precedent|message precedent|underneath)\b"
)


class Kind(StrEnum):
    """What is to be done with a mail."""

    SOFTWARE = "software_request"
    BREAKDOWN = "breakdown"
    REPLY = "reply"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LOOP = "loop"
    TRIAGE = "triage"


@dataclass(frozen=True)
class Understanding:
    """What a mail asks. A mail that reports a breakdown and asks for software as well has `items` of both sorts."""

    kind: Kind
    reason: str
    requester: Requester
    language: str = "fr"
    items: tuple[Item, ...] = ()
    """What software is asked for."""

    broken: tuple[Item, ...] = ()
    """What is reported as broken."""

    reference: str | None = None
    bounce: Bounce | None = None
    text: str = ""
    """What the sender wrote, without quotations and signature, bounded."""

    symptom: str = ""
    is_blocking: bool = False


def what_to_ask(mail: Mail) -> list[str]:
    """What the registry must be asked for, before `understand`."""
    return questions(candidates(_all_lines(mail)))


def understand(mail: Mail, known: Known, ours: frozenset[str], envelope_sender: str | None = None) -> Understanding:
    """What is to be done with the mail, and why. `ours` are our own addresses. Pure, and never raises."""
    who = requester_of(mail, envelope_sender)
    by_machine = _by_machine(mail, ours, who)
    if by_machine is not None:
        return by_machine
    own = mail.text(Role.OWN)
    reference = reference_in_thread(mail.answers)
    said = "a mail of ours that it answers"
    if reference is None:
        named = references_in(mail.subject)
        reference, said = (named[0] if named else None), "the reference in its subject"
    if known.sender_is_vendor and (reference is None or reference.startswith(SOFTWARE)):
        return Understanding(Kind.TRIAGE, FROM_A_VENDOR, who, reference=reference, text=bounded(own))
    if reference is not None:
        return _reply(mail, known, who, reference, f"it belongs to {reference}, by {said}")
    for_a_person = _for_a_person(mail, ours, who)
    return for_a_person or _content(mail, known, who, own)


def content_of(mail: Mail, known: Known, envelope_sender: str | None = None) -> Understanding:
    """The same, as if the mail answered nothing: for an answer to a case that takes no more messages.

    Whoever answers a mail of ours is no stranger.
    """
    who = requester_of(mail, envelope_sender)
    if reference_in_thread(mail.answers) is not None:
        known = replace(known, sender_is_known=True)
    return _for_a_person(mail, frozenset(), who) or _content(mail, known, who, mail.text(Role.OWN))


def _by_machine(mail: Mail, ours: frozenset[str], who: Requester) -> Understanding | None:
    automatic = mail.automatic
    if automatic.hops > MOST_HOPS:
        return Understanding(Kind.LOOP, f"it went through {automatic.hops} servers", who)
    if reference_of_id(mail.message_id):
        return Understanding(Kind.LOOP, "it is a mail of our own that came back", who)
    if automatic.origin is Origin.BOUNCE:
        bounce = automatic.bounce or Bounce()
        reference = reference_of_id(bounce.message_id)
        return Understanding(Kind.BOUNCE, f"a bounce: {automatic.sign}", who, reference=reference, bounce=bounce)
    if automatic.origin is Origin.AUTO_REPLY:
        return Understanding(Kind.AUTOMATIC, f"no person wrote it: {automatic.sign}", who)
    if mail.sender.address in ours and automatic.origin is Origin.MACHINE:
        return Understanding(Kind.LOOP, "it comes from our own address, by a machine", who)
    return None


def _for_a_person(mail: Mail, ours: frozenset[str], who: Requester) -> Understanding | None:
    reasons = {
        Origin.SPAM: "a spam filter marked it",
        Origin.LIST: "it came over a mailing list, where nobody may be answered by a machine",
        Origin.MACHINE: "a machine wrote it, and a machine must not answer it",
    }
    reason = mail.unreadable or reasons.get(mail.automatic.origin)
    if mail.sender.address in ours:
        reason = "it comes from our own address"
    if not who.email:
        reason = reason or "it has no sender who could be answered"
    if ABSENCE.match(fold(" ".join(mail.text(Role.OWN)[:600].split()))):
        reason = reason or "it reads like a notice of absence, which nobody should answer"
    if len(ALARM_LABEL.findall(fold(mail.text(Role.OWN)[:1_500]))) >= _MOST_LABELS:
        reason = reason or "it reads like a monitoring system's alarm, which a machine must not answer"
    if SAYS_AUTOMATIC.search(fold(f"{mail.text(Role.OWN)}\n{mail.text(Role.SIGNATURE)}"[:20_000])):
        reason = reason or "it says that a machine wrote it, and a machine must not answer it"
    return Understanding(Kind.TRIAGE, reason, who, text=bounded(mail.text(Role.OWN))) if reason else None


def _reply(mail: Mail, known: Known, who: Requester, reference: str, reason: str) -> Understanding:
    own = [line for line in mail.lines if line.role in (Role.OWN, Role.FORWARDED)]
    text = mail.text(Role.OWN) or mail.bare_subject
    return Understanding(
        Kind.REPLY,
        reason,
        who,
        language=language_of(text),
        items=tuple(items_of(own, known)),
        reference=reference,
        text=bounded(_with_attachments(text, mail.attachments)),
    )


def _content(mail: Mail, known: Known, who: Requester, own: str) -> Understanding:
    lines = _asking_lines(mail, known)
    text = "\n".join(line.text for line in lines[1:] if line.role in (Role.OWN, Role.FORWARDED))
    items = items_of(lines, known)
    clauses, said = _said(mail.bare_subject, lines[1:], items, known)
    intent = intent_of(clauses, f"{mail.bare_subject}\n{text}")
    if not items and not intent.asks_software and not intent.says_broken and len(named := references_in(own)) == 1:
        return _reply(mail, known, who, named[0], f"it belongs to {named[0]}, which it names")
    made = Understanding(
        Kind.TRIAGE,
        "",
        who,
        language=language_of(text),
        text=bounded(_with_attachments(own or text, mail.attachments)),
        symptom=bounded(_symptom(mail, intent, text)),
        is_blocking=intent.is_blocking,
    )
    return _decided(made, intent, items, said, is_known=known.sender_is_known)


def _said(
    subject: str, lines: Sequence[Line], items: Sequence[Item], known: Known
) -> tuple[Sequence[Clause], Referents]:
    """The clauses of a mail, each in its context, and which piece of equipment each is about."""
    names = TypeNames(known.types, known.vendors)

    def types_in(text: str) -> frozenset[str]:
        return frozenset(mention.type for mention in names.mentions(text))

    clauses: Sequence[Clause] = [subject_clause(subject), *clauses_of(lines)]
    clauses = in_their_context(clauses, Referents(clauses, items, types_in).names)
    return clauses, Referents(clauses, items, types_in)


def _decided(
    made: Understanding, intent: Intent, items: Sequence[Item], said: Referents, *, is_known: bool
) -> Understanding:
    """Software, breakdown, both, or a person's business.

    Both, when the mail reports a breakdown and asks for software: nothing of it may be lost. A piece of equipment of
    which one of the two is said belongs to that alone; one of which neither is said belongs to both. A call for help
    with equipment, of which nothing else is said, is a possible breakdown. A stranger without a serial number is
    answered only when equipment of our trade, and one clause that asks, leave no doubt.
    """
    is_ours = bool(items) or is_known or intent.is_of_our_trade
    open_items = [item for item in items if not said.is_settled(item)]
    if intent.says_broken and is_ours:
        broken, wanted = _both(intent, open_items or items, said)
        return replace(made, kind=Kind.BREAKDOWN, reason="it reports a breakdown", broken=broken, items=wanted)
    may_ask = is_known or any(item.serial_number for item in items) or (intent.asks_outright and is_ours)
    if intent.says_software and open_items and may_ask:
        return replace(
            made, kind=Kind.SOFTWARE, reason="it asks for software for what it names", items=tuple(open_items)
        )
    if intent.asks_software and not items and may_ask:
        return replace(made, kind=Kind.SOFTWARE, reason="it asks for software and does not say for what")
    broken = tuple(item for item in open_items if item.serial_number)
    if intent.asks_help and broken and not intent.is_settled:
        return replace(made, kind=Kind.BREAKDOWN, reason="it asks for help with what it names", broken=broken)
    if intent.is_settled:
        return replace(made, reason="what it speaks of is over, declined or only supposed", items=tuple(items))
    if items:
        return replace(made, reason="it names equipment, and does not say what is wanted", items=tuple(items))
    if intent.says_broken or intent.says_software:
        return replace(made, reason="it names no equipment, and its sender is not known")
    return replace(made, reason="it is neither a software request nor a breakdown")


def _both(intent: Intent, items: Sequence[Item], said: Referents) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What is broken, by its serial number, and what software is asked for."""
    asked = [item for item in items if said.is_asked_for(item)]
    neither = {item for item in items if item not in asked and not said.is_broken(item)}
    numbered = [item for item in items if item.serial_number]
    broken = [item for item in numbered if said.is_broken(item) or item in neither]
    if intent.asks_software:
        asked = [item for item in items if item in asked or (item in neither and item.serial_number)]
    return tuple(broken or numbered), tuple(asked)


def _asking_lines(mail: Mail, known: Known) -> list[Line]:
    """The subject, what the sender wrote and passed on; and what is quoted, when the sender only points to it."""
    subject = Line(mail.bare_subject)
    own = [line for line in mail.lines if line.role in (Role.OWN, Role.SIGNATURE)]
    passed_on = [line for line in mail.lines if line.role is Role.FORWARDED]
    if not passed_on and _BELOW.search(fold(mail.text(Role.OWN))) and not items_of([subject, *own], known):
        passed_on = [line._replace(role=Role.FORWARDED) for line in mail.lines if line.role is Role.QUOTED]
    if passed_on and _ONLY.search(fold(mail.text(Role.OWN))) and items_of([subject, *own], known):
        passed_on = []
    return [subject, *own, *passed_on]


def _all_lines(mail: Mail) -> list[Line]:
    return [Line(mail.bare_subject), *mail.lines]


def _symptom(mail: Mail, intent: Intent, text: str) -> str:
    said = [part for part in (mail.bare_subject, text.strip()) if part]
    return "\n".join(said) or intent.fault


def _with_attachments(text: str, names: Sequence[str]) -> str:
    """What was attached is named, never opened."""
    if not names:
        return text
    return f"{text}\n[pièces jointes / attachments: {', '.join(names[:10])}]"


def bounded(text: str) -> str:
    """At most LONGEST_TEXT characters, and it shows when something was cut off."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
