"""The Maildir of one machine, read: the mails that went out, newest last."""

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from pydantic import BaseModel, ConfigDict

DIRECTORY = "mail"
"""Inside of the data directory."""

_CASE = re.compile(r"<?([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})\b")
"""A Message-ID of ours begins with the reference of its case."""


class MailNotFound(Exception):
    """No mail, or more than one, is meant by that name; `curative mail list` shows them all."""


class MailLine(BaseModel):
    """One mail of a list."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    case: str | None
    to: str
    subject: str
    date: datetime | None


class Attachment(BaseModel):
    """What is attached to a mail."""

    model_config = ConfigDict(frozen=True)

    filename: str
    content_type: str
    size: int


class ShownMail(MailLine):
    """A mail with all that is in it."""

    sender: str
    reply_to: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    auto_submitted: str | None
    text: str
    html: str
    calendar: str | None
    attachments: tuple[Attachment, ...]


class SentMail:
    """Reads the Maildir, new mails and those that a mail program has looked at. Without one, there is no mail."""

    def __init__(self, data_dir: Path) -> None:
        self._directory = data_dir / DIRECTORY

    def list(self, case: str | None = None, to: str | None = None) -> Sequence[MailLine]:
        """The mails of that case, and to whoever's address has that in it; the newest last."""
        lines = (_line(mail) for _, mail in self._mails())
        found = [line for line in lines if _matches(line, case, to)]
        return sorted(found, key=lambda line: (line.date or datetime.min.replace(tzinfo=UTC), line.message_id))

    def show(self, name: str) -> ShownMail:
        """The mail of that Message-ID, or of the only one that begins so. Raises MailNotFound."""
        return _shown(self._find(name)[1])

    def raw(self, name: str) -> bytes:
        """The same as it went out. Raises MailNotFound."""
        return self._find(name)[0].read_bytes()

    def _find(self, name: str) -> tuple[Path, EmailMessage]:
        wanted = name.strip().strip("<>").lower()
        named = [(path, mail, str(mail["Message-ID"]).strip("<>").lower()) for path, mail in self._mails()]
        whole = [(path, mail) for path, mail, known in named if wanted in (known, known.partition("@")[0])]
        found = whole or [(path, mail) for path, mail, known in named if wanted and known.startswith(wanted)]
        if len(found) != 1:
            how_many = f"{len(found)} mails begin so" if found else "there is no such mail"
            raise MailNotFound(f"{name[:80]!r}: {how_many}; `curative mail list` shows their Message-IDs")
        return found[0]

    def _mails(self) -> Iterator[tuple[Path, EmailMessage]]:
        for part in ("new", "cur"):
            for path in sorted((self._directory / part).glob("*")):
                yield path, email.message_from_bytes(path.read_bytes(), EmailMessage, policy=email.policy.default)


def _matches(line: MailLine, case: str | None, to: str | None) -> bool:
    is_of_the_case = case is None or (line.case or "").upper() == case.upper()
    return is_of_the_case and (to is None or to.lower() in line.to.lower())


def _line(mail: EmailMessage) -> MailLine:
    return MailLine(
        message_id=str(mail["Message-ID"] or ""),
        case=case_of(str(mail["Message-ID"] or "")),
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        date=mail["Date"].datetime if mail["Date"] else None,
    )


def case_of(message_id: str) -> str | None:
    """The case whose letter bears that Message-ID."""
    found = _CASE.match(message_id)
    return found[1] if found else None


def _shown(mail: EmailMessage) -> ShownMail:
    return ShownMail(
        **_line(mail).model_dump(),
        sender=str(mail["From"] or ""),
        reply_to=str(mail["Reply-To"]) if mail["Reply-To"] else None,
        in_reply_to=str(mail["In-Reply-To"]) if mail["In-Reply-To"] else None,
        references=tuple(str(mail["References"] or "").split()),
        auto_submitted=str(mail["Auto-Submitted"]) if mail["Auto-Submitted"] else None,
        text=_part(mail, "text/plain") or "",
        html=_part(mail, "text/html") or "",
        calendar=_part(mail, "text/calendar"),
        attachments=tuple(
            Attachment(
                filename=part.get_filename() or "",
                content_type=part.get_content_type(),
                size=len(part.get_payload(decode=True) or b""),
            )
            for part in mail.walk()
            if part.get_content_disposition() == "attachment"
        ),
    )


def _part(mail: EmailMessage, content_type: str) -> str | None:
    parts = (part for part in mail.walk() if part.get_content_type() == content_type and not part.get_filename())
    return next((str(part.get_content()) for part in parts), None)
