"""Correspondence: every mail that leaves the house is written and put together here."""

import logging
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from activities.letter_policy import LETTERS
from activities.letter_writer import LetterWriter, WrittenLetter, one_line
from activities.mailer import Mailer
from activities.visit_invitation import invitation_calendar
from database.provider import ProviderDirectory
from database.visit_records import VisitRecords
from domain.bilingual import Both
from domain.effects import EffectKey, Invitation
from domain.outside_mail import OutsideMail
from domain.words import Words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letterhead:
    """Who writes, where answers go (None: to the sender), and the domain in which our Message-IDs are unique."""

    sender: str
    reply_to: str | None
    domain: str

    def message_id(self, identifier: str) -> str:
        """The Message-ID of what bears that identifier."""
        return f"<{identifier}@{self.domain}>"


@dataclass(frozen=True)
class Outgoing:
    """One mail to one address, still to be written. Its key makes its Message-ID, and so a repeat can be told."""

    key: EffectKey
    now: datetime
    address: str
    words: Words
    thread: OutsideMail | None = None
    answers: bool = False
    preface: Both | None = None
    is_urgent: bool = False
    invitation: Invitation | None = None


class Correspondence:
    """Writes a mail under the letterhead, with the provider of the registry in its footer, and hands it over."""

    def __init__(
        self, mailer: Mailer, provider: ProviderDirectory, visits: VisitRecords, letterhead: Letterhead
    ) -> None:
        self._mailer = mailer
        self._provider = provider
        self._visits = visits
        self._letterhead = letterhead
        self._writer = LetterWriter()

    async def send(self, outgoing: Outgoing) -> None:
        """Send one mail. Raises what the mailer raises, and what the registry does when it is away."""
        letter = self._writer.write(outgoing.words, await self._provider.find(), outgoing.preface)
        mail = composed(outgoing, letter, self._letterhead)
        if outgoing.invitation is not None:
            await self._invite(mail, outgoing, outgoing.invitation)
        await self._mailer.send(mail)

    async def _invite(self, mail: EmailMessage, outgoing: Outgoing, invitation: Invitation) -> None:
        """Put the visit into the calendar of whoever reads it: as a part of the mail, and as a file beside it."""
        visit = await self._visits.find(invitation.slot_id)
        if visit is None:
            log.warning("no invitation: the slot is unknown", extra={"slot": invitation.slot_id})
            return
        sender = self._letterhead.sender
        calendar = invitation_calendar(visit, invitation, outgoing.now, sender, outgoing.address)
        mail.add_alternative(calendar, subtype="calendar", params={"method": invitation.method})
        mail.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="visite.ics")


def composed(outgoing: Outgoing, letter: WrittenLetter, letterhead: Letterhead) -> EmailMessage:
    """The mail as it leaves: threads by the case, and under the mail from outside that began it."""
    mail = EmailMessage(policy=LETTERS)
    mail["From"] = letterhead.sender
    mail["To"] = outgoing.address
    if letterhead.reply_to:
        mail["Reply-To"] = letterhead.reply_to
    mail["Subject"] = _subject(outgoing, letter)
    mail["Date"] = outgoing.now.astimezone(ZoneInfo(str(outgoing.words.facts["tz"])))
    mail["Message-ID"] = letterhead.message_id(outgoing.key.identifier)
    root = letterhead.message_id(outgoing.key.case)
    outside = outgoing.thread
    mail["In-Reply-To"] = outside.message_id if outside else root
    mail["References"] = " ".join((*outside.thread, root) if outside else (root,))
    mail["Auto-Submitted"] = "auto-replied" if outside and outgoing.answers else "auto-generated"
    if outgoing.is_urgent:
        mail["X-Priority"] = "1"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _subject(outgoing: Outgoing, letter: WrittenLetter) -> str:
    """An answer bears the subject of what it answers, as every mail program does, with our reference."""
    asked = one_line(outgoing.thread.subject) if outgoing.thread and outgoing.answers else ""
    if not asked:
        return letter.subject
    return f"{asked if asked.lower().startswith('re:') else f'Re: {asked}'} [{outgoing.key.case}]"
