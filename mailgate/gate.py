"""The gate: from the bytes of a mail to the answer for the server that sends it (R12).

A mail is acknowledged once what follows from it is durable: in Temporal, or in PostgreSQL where a person must read it.
Before anything is done, what is to be done is written down under the mail's fingerprint, so that the same mail, given
again after a lost answer, leads to the same and to nothing twice, whatever the registry says by then.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from config.secrets import SecretBox, SecretUnreadable
from database.known_keys import KnownKeys, bare
from database.mail_intake import Arrival, MailIntake, Recent
from database.mail_registry import MailRegistry
from mailgate.performing import Performer
from mailgate.plan import FileForAPerson, Join, Outcome, Plan
from mailgate.planning import Arrived, plan_for
from mailgate.reading.items import Item
from mailgate.reading.known import Known
from mailgate.reading.mail import Mail, read_mail
from mailgate.reading.understanding import Kind, Understanding, content_of, understand, what_to_ask

log = logging.getLogger(__name__)

WINDOW: Final = timedelta(days=1)
"""Within this time nobody is answered twice for the same, nor over and over in one thread."""

MOST_IN_A_THREAD: Final = 5
MOST_OF_A_SENDER: Final = 50
"""What one sender may start within the window; everything beyond is for a person to read."""

_STARTS: Final = (Kind.SOFTWARE.value, Kind.BREAKDOWN.value)
_CONTEXT: Final = "mail_intake"


@dataclass(frozen=True)
class Passage:
    """What became of a mail: its kind, the outcome in a word, and whether it had come before."""

    kind: str
    outcome: Outcome
    is_repeat: bool = False


class MailGate:
    """Takes one mail at a time to where it belongs. `ours` are our own addresses; `now` is the clock."""

    def __init__(
        self,
        registry: MailRegistry,
        intake: MailIntake,
        performer: Performer,
        keys: KnownKeys,
        box: SecretBox,
        *,
        ours: frozenset[str],
        now: Callable[[], datetime],
    ) -> None:
        self._registry = registry
        self._intake = intake
        self._performer = performer
        self._keys = keys
        self._box = box
        self._ours = ours
        self._now = now

    async def take(self, raw: bytes, envelope_sender: str | None) -> Passage:
        """Do what the mail asks. Once this has returned, it is durable; whatever is raised means that it may not be."""
        mail = await asyncio.to_thread(read_mail, raw, envelope_sender)
        fingerprint = fingerprint_of(mail)
        arrival = await self._intake.find(fingerprint)
        if arrival is not None and arrival.done_at is not None:
            return Passage("", Outcome(word=arrival.outcome or "ignored", reference=arrival.reference), is_repeat=True)
        is_repeat = arrival is not None
        plan = self._opened(arrival) if arrival else None
        if arrival is None or plan is None:
            arrival, plan = await self._decide(mail, envelope_sender, fingerprint)
        arrived = Arrived(mail, key_of(fingerprint), arrival.received_at)
        outcome = await self._performer.perform(plan, arrived, raw, fingerprint)
        await self._intake.finish(fingerprint, self._now(), outcome.word, outcome.reference)
        return Passage(plan.kind, outcome, is_repeat)

    async def _decide(self, mail: Mail, envelope_sender: str | None, fingerprint: bytes) -> tuple[Arrival, Plan]:
        """What is to be done, written down before it is."""
        asked = await asyncio.to_thread(what_to_ask, mail)
        sender = mail.sender.address or (envelope_sender or "")
        answer = await self._registry.look_up(asked, sender)
        known = Known(
            answer.serial_numbers, answer.types, answer.vendors, answer.sender_is_known, answer.sender_is_vendor
        )
        understood = await asyncio.to_thread(understand, mail, known, self._ours, envelope_sender)
        fresh = None
        if understood.kind is Kind.REPLY:
            fresh = await asyncio.to_thread(content_of, mail, known, envelope_sender)
        now = self._now()
        who = self._box.fingerprint(f"sender {understood.requester.email}")
        thread = self._box.fingerprint(f"thread {understood.requester.email} {mail.bare_subject.casefold()}")
        understood, fresh = await self._without_keys(understood), fresh and await self._without_keys(fresh)
        plan = plan_for(Arrived(mail, key_of(fingerprint), now), understood, fresh)
        if plan.starts_something:
            recent = await self._intake.recent(who, now - WINDOW, now, but=fingerprint, kinds=_STARTS)
            plan = within_limits(plan, thread, recent, understood.text, understood.requester.name, key_of(fingerprint))
        arrival = await self._intake.begin(
            fingerprint,
            sender=who,
            thread=thread,
            kind=plan.kind,
            asked=plan.asked,
            received_at=now,
            plan=self._box.seal(plan.model_dump_json(), _CONTEXT),
        )
        return arrival, self._opened(arrival) or plan

    async def _without_keys(self, understood: Understanding) -> Understanding:
        """What was written, to be kept: keys that we have are masked in it, and no part of one is equipment."""
        said = [understood.text, understood.symptom, *map(_named, (*understood.items, *understood.broken))]
        quoted = await self._keys.quoted_in(said)
        if not quoted:
            return understood
        text, symptom, *_ = await self._keys.masked_in(said)
        items, broken = [
            tuple(item for item in each if not any(bare(_named(item)) in key for key in quoted))
            for each in (understood.items, understood.broken)
        ]
        return replace(understood, text=text, symptom=symptom, items=items, broken=broken)

    def _opened(self, arrival: Arrival) -> Plan | None:
        """The plan as it was written down; None when the key that sealed it is gone: it is decided again then."""
        try:
            return Plan.model_validate_json(self._box.open(arrival.plan, _CONTEXT))
        except (SecretUnreadable, ValueError):
            return None


def _named(item: Item) -> str:
    return item.serial_number or item.type or ""


def within_limits(plan: Plan, thread: bytes, before: Sequence[Recent], text: str, name: str, key: str) -> Plan:
    """The plan, unless it would answer the same sender once more for the same, or too often.

    What was asked for within the window already is a remark for what it led to. Two machines that answer each other
    end here, whatever their headers say.
    """
    in_thread = [each for each in before if each.thread == thread]
    same = [each for each in before if plan.asked and set(plan.asked) <= set(each.asked)]
    if not plan.asked:
        same = [each for each in in_thread if not each.asked]
    if not same and len(in_thread) < MOST_IN_A_THREAD and len(before) < MOST_OF_A_SENDER:
        return plan
    reason = "the same was asked by the same sender within a day" if same else "its sender writes over and over"
    filed = FileForAPerson(reason=reason, reference=same[0].reference if same else None)
    reference = same[0].reference if same else None
    if reference is None:
        return plan.model_copy(update={"actions": (filed,), "reason": reason, "kind": Kind.TRIAGE.value})
    joined = Join(
        message_id=key,
        reference=reference,
        actor=f"customer:{name[:190]}",
        text=text or "(sans texte / no text)",
        otherwise=(filed,),
    )
    return plan.model_copy(update={"actions": (joined,), "reason": reason, "kind": Kind.REPLY.value})


def fingerprint_of(mail: Mail) -> bytes:
    """What makes two deliveries one mail: its Message-ID and its content, and not the trace of its way."""
    said = "\0".join((mail.message_id, mail.sender.address, mail.subject, mail.digest))
    return sha256(said.encode("utf-8", "surrogatepass")).digest()


def key_of(fingerprint: bytes) -> str:
    """The id under which the processes know the mail."""
    return f"mail-{fingerprint.hex()[:32]}"
