"""A mail as it was read: who wrote it, in answer to what, and its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from hashlib import sha256
from typing import Final

from mailgate.reading.automatic import Automatic, automatic_of
from mailgate.reading.headers import Address, Headers, message_ids
from mailgate.reading.html_text import html_rows
from mailgate.reading.lines import Line, Role, lines_of, text_of, trimmed
from mailgate.reading.mime import (
    MOST_TEXT,
    TextPart,
    TooComplex,
    content_type,
    enclosed,
    file_name,
    leaves,
    parse,
    text_part,
)
from mailgate.reading.quotes import FORWARD_SUBJECT, in_parts
from mailgate.reading.rows import csv_lines, with_typed_rows

_REPLY_SUBJECT = re.compile(
    r"\s{0,5}(?:re|ref|rep|reponse|aw|sv|antw)\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?:", re.IGNORECASE
)
_PREFIX = re.compile(
    r"^(?:\s{0,5}(?:re|ref|rep|aw|sv|fwd?|tr|wg|i|fw|rv)\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:|\s{0,5}\[(?:ext[^\]]{0,12}|spam[^\]]{0,12}|suspect[^\]]{0,12})\])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9]{5,64}")
MOST_FORWARDS: Final = 5
_NOBODY: Final = Address("", "")


@dataclass(frozen=True)
class Mail:
    """What was read. `unreadable` says in one sentence why there is nothing, or not everything."""

    message_id: str = ""
    subject: str = ""
    sender: Address = _NOBODY
    reply_to: Address = _NOBODY
    answers: Sequence[str] = ()
    """The ids that In-Reply-To and References name."""

    lines: Sequence[Line] = ()
    attachments: Sequence[str] = ()
    automatic: Automatic = field(default_factory=Automatic)
    digest: str = ""
    unreadable: str = ""

    @property
    def is_forward(self) -> bool:
        """Whether it passes on what somebody else wrote."""
        return bool(FORWARD_SUBJECT.match(self.subject)) or any(line.role is Role.FORWARDED for line in self.lines)

    @property
    def bare_subject(self) -> str:
        """The subject without `Re:` and its like."""
        return bare_subject(self.subject)

    def text(self, *roles: Role) -> str:
        """The text of these parts, without needless empty lines."""
        return "\n".join(trimmed(text_of(self.lines, *(roles or (Role.OWN,))).split("\n"))).strip()


def bare_subject(subject: str) -> str:
    """A subject without what mail programs put before it."""
    for _ in range(10):
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def read_mail(raw: bytes, envelope_sender: str | None = None) -> Mail:
    """Read a mail, whatever it is. `envelope_sender` is what MAIL FROM said: empty for a bounce, None when unknown.

    Never raises; what cannot be read is `unreadable`.
    """
    try:
        message = parse(raw)
    except TooComplex as error:
        return _headers_only(raw, str(error), envelope_sender)
    headers = Headers(message)
    subject = headers.get("subject")[:500]
    forwards = bool(FORWARD_SUBJECT.match(subject)) or not (_REPLY_SUBJECT.match(subject) or headers.has("in-reply-to"))
    lines, attachments = _contents(message, forwards=forwards)
    return _mail(headers, raw, envelope_sender, message, lines, attachments, "")


def _headers_only(raw: bytes, why: str, envelope_sender: str | None) -> Mail:
    head = re.split(rb"\r?\n\r?\n", raw[:60_000], maxsplit=1)[0][:50_000]
    lowered = re.sub(rb"(?im)^content-[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", head + b"\n")
    try:
        message = parse(lowered + b"\n")
    except TooComplex:
        return Mail(digest=_digest(raw), unreadable=why)
    return _mail(Headers(message), raw, envelope_sender, message, [], [], why)


def _mail(
    headers: Headers,
    raw: bytes,
    envelope_sender: str | None,
    message: Message,
    lines: Sequence[Line],
    attachments: Sequence[str],
    unreadable: str,
) -> Mail:
    sender = next(iter([*headers.addresses("from"), *headers.addresses("sender")]), _NOBODY)
    return Mail(
        message_id=next(iter(message_ids([headers.get("message-id")])), ""),
        subject=headers.get("subject")[:500],
        sender=sender,
        reply_to=next(iter(headers.addresses("reply-to")), _NOBODY),
        answers=message_ids([*headers.all("in-reply-to"), *headers.all("references")]),
        lines=lines,
        attachments=attachments,
        automatic=automatic_of(headers, message, sender, envelope_sender),
        digest=_digest(raw),
        unreadable=unreadable,
    )


def _digest(raw: bytes) -> str:
    """What tells this mail from another, and not one delivery of it from the next: the body, not its trace."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    return sha256(re.sub(rb"\s+", b" ", body[1] if len(body) > 1 else raw).strip()).hexdigest()


class _Collector:
    """The lines of the parts that are read, within the bounds of one mail."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.attachments: list[str] = []
        self._tables = 0
        self._left = MOST_TEXT

    def body(self, part: TextPart, *, forwards: bool, enclosed_mail: bool) -> None:
        """Text that somebody wrote."""
        made = in_parts(self._lines_of(part), forwards=forwards)
        if enclosed_mail:
            made = [line._replace(role=Role.FORWARDED) if line.role is Role.OWN else line for line in made]
        self.lines += with_typed_rows(made)

    def attached(self, part: TextPart, *, enclosed_mail: bool) -> None:
        """A file: it has no quotations and no signature."""
        self._tables += 1
        role = Role.FORWARDED if enclosed_mail else Role.OWN
        if part.kind == "csv":
            self.lines += [line._replace(role=role) for line in csv_lines(self._bounded(part.text), self._tables)]
        elif part.kind in ("plain", "html"):
            self.lines += with_typed_rows([line._replace(role=role) for line in self._lines_of(part)])

    def _lines_of(self, part: TextPart) -> list[Line]:
        text = self._bounded(part.text)
        if part.kind != "html":
            return [Line(line) for line in lines_of(_unflowed(text) if part.flowed else text)]
        rows = html_rows(text)
        tables = max((row.table for row in rows), default=0)
        made = [Line(row.text, Role.OWN, row.cells, row.table and self._tables + row.table) for row in rows]
        self._tables += tables
        return made

    def _bounded(self, text: str) -> str:
        bounded = text[: self._left]
        self._left -= len(bounded)
        return bounded


def _contents(message: Message, *, forwards: bool) -> tuple[list[Line], list[str]]:
    collected = _Collector()
    waiting = [(message, forwards, False)]
    opened = 0
    while waiting:
        current, forwarding, is_enclosed = waiting.pop(0)
        reports = content_type(current).startswith("multipart/report")
        for part in _readable(current, collected):
            if isinstance(part, TextPart):
                if part.attached:
                    collected.attached(part, enclosed_mail=is_enclosed)
                else:
                    collected.body(part, forwards=forwarding, enclosed_mail=is_enclosed)
            elif opened < MOST_FORWARDS and not reports:
                opened += 1
                waiting.append((part, False, True))
    return collected.lines, collected.attachments


def _readable(message: Message, collected: _Collector) -> list[TextPart | Message]:
    """The text parts and enclosed mails of one message, of alternatives the best one."""
    found: list[TextPart | Message] = []
    alternatives: dict[int, TextPart] = {}
    for part, alternative in leaves(message):
        inner = enclosed(part)
        if inner is not None and content_type(part) in ("message/rfc822", "message/global"):
            found.append(inner)
            continue
        text = text_part(part)
        if name := file_name(part):
            collected.attachments.append(name)
        if text is None or text.kind == "calendar":
            continue
        other = None if alternative is None or text.attached else alternatives.get(alternative)
        if other is not None and other.kind != text.kind:
            chosen = _better(other, text)
            found[found.index(other)] = alternatives[alternative or 0] = chosen
            continue
        found.append(text)
        if alternative is not None and not text.attached:
            alternatives.setdefault(alternative, text)
    return found


def _better(one: TextPart, other: TextPart) -> TextPart:
    """Of two ways to say the same: plain text, unless HTML says more or has a table."""
    plain, html = (one, other) if one.kind == "plain" else (other, one)
    return html if html.kind == "html" and _says_more(html.text, plain.text) else plain


def _says_more(html: str, plain: str) -> bool:
    rows = html_rows(html)
    if sum(len([cell for cell in row.cells if cell]) > 1 for row in rows) > 1:
        return True
    shown = "\n".join(row.text for row in rows)
    return len(plain.split()) * 3 < len(shown.split()) or bool(_numbers(shown) - _numbers(plain))


def _numbers(text: str) -> set[str]:
    """The words with digits, that could be the numbers of something."""
    return {word.upper() for word in _WORD.findall(text[:MOST_TEXT]) if any(letter.isdigit() for letter in word)}


def _unflowed(text: str) -> str:
    """Paragraphs of `format=flowed` in one line each."""
    return re.sub(r"(?<!\n--)(?<=[^\n>\s]) \r?\n(?![>\s]|-- )", " ", text)
