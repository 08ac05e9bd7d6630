"""A mail taken apart into the parts that can be read, within bounds: depth, number and size.

The compatible policy of the standard parser keeps headers as they came. Attachments that are no text are noted by
name and never opened.
"""

import quopri
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Final, NamedTuple

from mailgate.reading.charsets import decoded
from mailgate.reading.headers import base64_bytes, header_text, parameter

HEADER_BYTES: Final = 200_000
"""How much of a mail its headers may be, all together."""

MOST_LINES: Final = 300_000
MOST_BOUNDARIES: Final = 60
MOST_ENCLOSED: Final = 30
DEEPEST: Final = 25
MOST_PARTS: Final = 200
TEXT_BYTES: Final = 100_000
"""How much of one part is read, and twice as much of all parts together."""

MOST_TEXT: Final = 2 * TEXT_BYTES
_ENCODING: Final = "Content-Transfer-Encoding"
_HEADER_LINE: Final = 8_000
_SOFT_BREAK = re.compile(r"=\r?\n")
_QUOTED_BYTE = re.compile(r"=[0-9A-F]{2}")

_PROGRAMS = (b"PK\x03\x04", b"MZ", b"%PDF", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
"""How files begin that are not read, whatever they are called."""


class TooComplex(ValueError):
    """The mail is built in a way that no person's mail is; one sentence says how."""


class TextPart(NamedTuple):
    """One part that can be read: its type (`plain`, `html`, `csv`, `calendar`), its text, and what it is called."""

    kind: str
    text: str
    name: str = ""
    attached: bool = False
    flowed: bool = False


class _Bounded(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_HEADER_LINE]


def parse(raw: bytes) -> Message:
    """The message that these bytes are. Raises TooComplex instead of spending much on what nobody reads."""
    _check_shape(raw)
    try:
        return BytesParser(policy=_Bounded()).parsebytes(_within_lines(raw))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise TooComplex(f"the parts of the mail cannot be told apart ({type(error).__name__})") from None


def _check_shape(raw: bytes) -> None:
    lowered = raw.lower()
    ends = [end for mark in (b"\n\n", b"\r\n\r\n") if (end := raw.find(mark)) >= 0]
    if min(ends, default=len(raw)) > HEADER_BYTES:
        raise TooComplex("its headers are longer than any mail's")
    if lowered.count(b"boundary=") > MOST_BOUNDARIES or lowered.count(b"message/rfc822") > MOST_ENCLOSED:
        raise TooComplex("it has more parts in parts than any mail")


def _within_lines(raw: bytes) -> bytes:
    if raw.count(b"\n") <= MOST_LINES:
        return raw
    return b"\n".join(raw.split(b"\n", MOST_LINES)[:-1])


def leaves(message: Message) -> Iterator[tuple[Message, int | None]]:
    """The parts without parts, in their order, each with the number of the alternative that it is part of, if any.

    What is enclosed as a message (`message/…`) counts as one part and is not entered.
    """
    waiting: list[tuple[Message, int, int | None]] = [(message, 0, None)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part, depth, alternative = waiting.pop()
        seen += 1
        kind = content_type(part)
        if part.is_multipart() and not kind.startswith("message/"):
            if kind == "multipart/alternative":
                alternative = seen
            if depth < DEEPEST:
                waiting += [(child, depth + 1, alternative) for child in reversed(parts_of(part))]
            continue
        yield part, alternative


def content_type(part: Message) -> str:
    """The declared type in lower case, `text/plain` when it is none."""
    return part.get_content_type()


def file_name(part: Message) -> str:
    """What the part is called, or an empty text."""
    disposition, kind = (str(part.get(name, "")) for name in ("content-disposition", "content-type"))
    return (parameter(disposition, "filename") or parameter(kind, "name"))[:200]


def is_attached(part: Message) -> bool:
    """Whether the part is a file that was added, and not the mail's own text."""
    disposition = header_text(str(part.get("content-disposition", ""))).lower()
    return disposition.startswith("attachment") or (bool(file_name(part)) and content_type(part) != "text/html")


def text_part(part: Message) -> TextPart | None:
    """The part as text, or None when it is of a kind that is not read."""
    kind = _kind_of(part)
    if kind is None:
        return None
    data = body_bytes(part)
    if data.startswith(_PROGRAMS):
        return None
    declared = str(part.get("content-type", ""))
    text = decoded(data[:TEXT_BYTES], parameter(declared, "charset") or None)
    if text.count("\0") > len(text) // 10:
        return None
    flowed = "flowed" in parameter(declared, "format").lower()
    return TextPart(kind, _unquoted(part, text.replace("\0", "")), file_name(part), is_attached(part), flowed)


def _kind_of(part: Message) -> str | None:
    declared, name = content_type(part), file_name(part).lower()
    if name.endswith((".csv", ".tsv")) or declared in ("text/csv", "text/tab-separated-values", "application/csv"):
        return "csv"
    if declared == "text/html":
        return None if is_attached(part) and not name.endswith((".htm", ".html")) else "html"
    if declared == "text/calendar":
        return "calendar"
    if declared in ("text/plain", "text/markdown", "text/x-markdown", "text"):
        if name and not name.endswith((".txt", ".text", ".md", ".log", ".eml")) and is_attached(part) and "." in name:
            return None
        return "plain"
    if declared in ("text/enriched", "text/richtext"):
        return "html"
    if declared.startswith("multipart/"):  # it has no parts: its boundary is not there, and what is there is its text
        return "plain"
    if declared == "application/octet-stream" and name.endswith(".txt"):
        return "plain"
    return None


def parts_of(part: Message) -> list[Message]:
    """The parts of a part, or what it encloses; none of one that has text."""
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def body_bytes(part: Message) -> bytes:
    """The content with its transfer encoding taken off; as it stands when the declared one cannot be."""
    raw, declared = _raw_body(part)
    if declared.startswith("base64"):
        encoded = base64_bytes(b"".join(line for line in raw.splitlines() if b" " not in line.strip()))
        return encoded if _is_text(encoded) else raw
    if declared.startswith("quoted"):
        return _quoted_printable(raw)
    return raw


def _raw_body(part: Message) -> tuple[bytes, str]:
    """The bytes as they came, and the transfer encoding that is declared for them.

    The parser gives bytes only together with what it makes of the encoding: so that is taken away for the while.
    """
    declared = str(part.get(_ENCODING, ""))
    del part[_ENCODING]
    payload = None if part.is_multipart() else part.get_payload(decode=True)
    if declared:
        part[_ENCODING] = declared
    return payload if isinstance(payload, bytes) else b"", header_text(declared).lower()


def _is_text(data: bytes) -> bool:
    """Gateways declare as base64 what they have decoded already: decoded once more, it is noise."""
    sample = data[:4_000]
    odd = sum(byte < 9 or 13 < byte < 32 or byte == 127 for byte in sample)
    zeros = sample.count(0)
    return bool(sample) and (zeros * 4 > len(sample) or odd * 25 < len(sample))


def _quoted_printable(raw: bytes) -> bytes:
    return quopri.decodestring(raw)


def _unquoted(part: Message, text: str) -> str:
    """Quoted-printable that nobody declared, told by its soft line breaks."""
    if part.get("content-transfer-encoding") and "quoted" in str(part["content-transfer-encoding"]).lower():
        return text
    if not _SOFT_BREAK.search(text) or len(_QUOTED_BYTE.findall(text)) < 3:
        return text
    return decoded(_quoted_printable(text.encode("utf-8", "replace")))


def enclosed(part: Message) -> Message | None:
    """The message that a part of type `message/…` encloses."""
    return next(iter(parts_of(part)), None)
