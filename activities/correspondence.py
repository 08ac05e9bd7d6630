"""Correspondence: every mail that leaves the house is written and put together here."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from activities.letter_writer import LetterWriter, WrittenLetter, one_line
from activities.mailer import Mailer
from database.provider import ProviderDirectory
from domain.bilingual import Both
from domain.effects import EffectKey
from domain.outside_mail import OutsideMail
from domain.words import Words


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


class Correspondence:
    """Writes a mail under the letterhead, with the provider of the registry in its footer, and hands it over."""

    def __init__(self, mailer: Mailer, provider: ProviderDirectory, letterhead: Letterhead) -> None:
        self._mailer = mailer
        self._provider = provider
        self._letterhead = letterhead
        self._writer = LetterWriter()

    async def send(self, outgoing: Outgoing) -> None:
        """Send one mail. Raises what the mailer raises, and what the registry does when it is away."""
        letter = self._writer.write(outgoing.words, await self._provider.find(), outgoing.preface)
        await self._mailer.send(composed(outgoing, letter, self._letterhead))


def composed(outgoing: Outgoing, letter: WrittenLetter, letterhead: Letterhead) -> EmailMessage:
    """The mail as it leaves: threads by the case, and under the mail from outside that began it."""
    mail = EmailMessage()
    mail["From"] = letterhead.sender
    mail["To"] = outgoing.address
    if letterhead.reply_to:
        mail["Reply-To"] = letterhead.reply_to
    mail["Subject"] = _subject(outgoing, letter)
    mail["Date"] = outgoing.now
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
