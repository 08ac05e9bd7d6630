"""The headers of a mail as text: encoded words, raw 8-bit, folded, doubled, cut off.

The standard library's grammar of headers raises on some broken ones and takes its time over long ones; these few
functions take what they can and never more than a bounded length.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from email.message import Message
from typing import NamedTuple

from mailgate.reading.charsets import decoded

LONGEST = 8_000
"""Characters of a header that are looked at."""

_WORD = r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]{0,4000})\?="
_ENCODED = re.compile(_WORD)
_ENCODED_WORDS = re.compile(rf"{_WORD.replace('(', '(?:')}(?:[ \t\r\n]{{0,20}}{_WORD.replace('(', '(?:')}){{0,200}}")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,120}@[^\s<>()\[\],;:\"@]{1,200}")
_BRACKETED = re.compile(r"<\s*([^<>\s]{1,320})\s*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


class Address(NamedTuple):
    """Who a header names: the display name, perhaps empty, and the address in lower case."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.rpartition("@")[2]


class Headers:
    """The headers of one message, decoded when they are asked for."""

    def __init__(self, message: Message) -> None:
        self._raw: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), []).append(str(value)[:LONGEST])

    def all(self, name: str) -> Sequence[str]:
        """Every header of that name, in order."""
        return [header_text(value) for value in self._raw.get(name.lower(), ())]

    def get(self, name: str) -> str:
        """The first header of that name that says something, or an empty text."""
        return next((text for text in self.all(name) if text), "")

    def has(self, *names: str) -> bool:
        """Whether one of these is there at all."""
        return any(name.lower() in self._raw for name in names)

    def count(self, name: str) -> int:
        """How often a header is there."""
        return len(self._raw.get(name.lower(), ()))

    def addresses(self, name: str) -> Sequence[Address]:
        """Whom the headers of that name tell."""
        return [address for value in self._raw.get(name.lower(), ()) for address in addresses_in(value)]


def header_text(raw: str) -> str:
    """A header's text on one line: encoded words decoded, control characters gone."""
    text = _ENCODED_WORDS.sub(lambda found: _words(found.group()), _as_text(raw))
    return " ".join(_CONTROL.sub(" ", text).split())


def addresses_in(raw: str) -> Sequence[Address]:
    """The mailboxes of a header such as From or Reply-To; groups and comments are passed over."""
    text = _UNSEEN.sub("", _as_text(raw[:LONGEST]))
    found: list[Address] = []
    begin = 0
    for match in _ADDRESS.finditer(text):
        name = text[begin : match.start()]
        begin = match.end()
        found.append(Address(_display_name(name), match.group().strip("<>'").lower()))
        if len(found) == 50:
            break
    return found


def message_ids(texts: Sequence[str]) -> Sequence[str]:
    """The ids `<…>` of headers such as References, each once, in order."""
    ids = [f"<{identifier}>" for text in texts for identifier in _BRACKETED.findall(text[:LONGEST])]
    return list(dict.fromkeys(ids))[:200]


def parameter(raw: str, *names: str) -> str:
    """A parameter of a header such as Content-Disposition, also in its continued or encoded form; or an empty text."""
    text = _as_text(raw[:LONGEST])
    for name in names:
        pieces = re.findall(
            rf"(?:^|[;\s]){re.escape(name)}(?:\*\d{{0,2}}\*?)?\s{{0,3}}=\s{{0,3}}(\"[^\"]{{0,1000}}\"|[^;\s]{{1,1000}})",
            text,
            re.IGNORECASE,
        )
        if pieces:
            return header_text(_percent("".join(piece.strip('"') for piece in pieces)))
    return ""


def _percent(text: str) -> str:
    _charset, mark, rest = text.partition("''")
    if not mark:
        return text
    return decoded(re.sub(rb"%([0-9a-fA-F]{2})", lambda hit: bytes([int(hit[1], 16)]), rest.encode("utf-8", "replace")))


def _display_name(before: str) -> str:
    name = re.sub(r"^[\s,;>]+|[<(\s]+$", "", before)
    if ":" in name:  # the name of a group
        name = name.rpartition(":")[2]
    text = header_text(name).replace('\\"', '"').strip().strip("\"'").strip()
    return text[:150]


def _as_text(raw: str) -> str:
    """Raw 8-bit headers arrive with their bytes escaped."""
    if raw.isascii():
        return raw
    return decoded(raw.encode("utf-8", "surrogateescape"))


def _words(encoded: str) -> str:
    """Encoded words in a row: letters, and even groups of base64, may be broken between two of them."""
    text, data, before = "", b"", ("", "")
    rest = ""
    for charset, how, content in _ENCODED.findall(encoded):
        kind = charset.partition("*")[0].lower(), how.lower()
        if kind != before:
            text += decoded(data + base64_bytes(rest.encode()), before[0])
            data, rest, before = b"", "", kind
        if kind[1] == "q":
            data += quopri.decodestring(content.encode("utf-8", "replace"), header=True)
        elif content.endswith("=") or len(rest + content) % 4 == 0:
            data, rest = data + base64_bytes((rest + content).encode("utf-8", "replace")), ""
        else:
            rest += content
    return text + decoded(data + base64_bytes(rest.encode("utf-8", "replace")), before[0])


def base64_bytes(data: bytes) -> bytes:
    """What base64 says, with foreign characters, wrong padding and a cut-off end left out."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data.replace(b"-", b"+").replace(b"_", b"/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
