"""Doing what was planned: each action under its id, so that a plan that is done again does no more (R12)."""

from collections.abc import Sequence

from pydantic import JsonValue

from database.triage import Letter, Triage
from mailgate.clarifying import clarifications
from mailgate.plan import Action, AskForSoftware, FileForAPerson, Ignore, Join, Outcome, Plan, ReportBreakdown
from mailgate.planning import Arrived
from mailgate.ports import Declined, Matters, Missing


class Performer:
    """Takes a plan to the processes and to triage. Raises whatever says that something is away."""

    def __init__(self, matters: Matters, triage: Triage) -> None:
        self._matters = matters
        self._triage = triage

    async def perform(self, plan: Plan, arrived: Arrived, raw: bytes, fingerprint: bytes) -> Outcome:
        """Do all of it. What has returned is durable."""
        filing = _Filing(self._triage, arrived, plan.kind, raw, fingerprint)
        return Outcome.of([await self._do(action, filing) for action in plan.actions])

    async def _do(self, action: Action, filing: "_Filing") -> Outcome:
        try:
            match action:
                case AskForSoftware():
                    reference = await self._matters.ask_for_software(action.request, action.message_id)
                    return Outcome(word="software_requested", reference=reference)
                case ReportBreakdown():
                    reference = await self._matters.report_breakdown(action.call, action.message_id)
                    return Outcome(word="breakdown_reported", reference=reference)
                case Join():
                    return await self._join(action, filing)
                case FileForAPerson():
                    return await filing.file(action.reason, action.reference)
                case Ignore():
                    return Outcome(word="ignored")
        except Declined as declined:
            return await filing.file("what it asks was not taken", None, detail=str(declined))

    async def _join(self, action: Join, filing: "_Filing") -> Outcome:
        """The words as a remark, and what they clear up as such; else what is to be done otherwise."""
        note: dict[str, JsonValue] = {"text": action.text, "actor": action.actor, "message_id": action.message_id}
        cleared = clarifications(action.items, await self._missing(action))
        if not await self._matters.say(action.reference, "note", note):
            return Outcome.of([await self._do(other, filing) for other in action.otherwise])
        for number, clarification in enumerate(cleared, start=1):
            said = {**clarification, "actor": action.actor, "message_id": f"{action.message_id}-clarification-{number}"}
            await self._matters.say(action.reference, "clarification", said)
        return Outcome(word="clarified" if cleared else "noted", reference=action.reference)

    async def _missing(self, action: Join) -> Sequence[Missing]:
        return await self._matters.missing(action.reference) if action.items else ()


class _Filing:
    """Where a mail is kept for a person."""

    def __init__(self, triage: Triage, arrived: Arrived, kind: str, raw: bytes, fingerprint: bytes) -> None:
        self._triage = triage
        self._arrived = arrived
        self._kind = kind
        self._raw = raw
        self._fingerprint = fingerprint

    async def file(self, reason: str, reference: str | None, *, detail: str = "") -> Outcome:
        """Keep the mail, once, whatever the number of reasons."""
        await self._triage.file(
            self._fingerprint,
            self._arrived.at,
            kind=self._kind,
            reason=reason[:500],
            reference=reference,
            letter=letter_of(self._arrived, detail),
            raw=self._raw,
        )
        return Outcome(word="triage", reference=reference)


def letter_of(arrived: Arrived, detail: str = "") -> Letter:
    """What a person sees of a mail first."""
    mail = arrived.mail
    return Letter(
        sender=mail.sender.address,
        name=mail.sender.name,
        subject=mail.subject,
        message_id=mail.message_id,
        text="\n".join(line.text for line in mail.lines),
        attachments=tuple(mail.attachments[:50]),
        detail=detail,
    )
