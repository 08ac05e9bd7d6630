"""The text of a mail as lines: each knows what part of the mail it belongs to, and its cells if it is a table's row."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

MOST_LINES: Final = 6_000
LONGEST_LINE: Final = 4_000
MOST_CELLS: Final = 40

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOOKALIKES = str.maketrans("АВСЕНІЈКМОРЅТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‐‑‒", "ABCEHIJKMOPSTXABEZHIKMNOPTYX---")
"""Capitals of other alphabets, and hyphens, that look like ours: a copied serial number may hold them."""


class Role(StrEnum):
    """What a line of a mail is."""

    OWN = "own"
    FORWARDED = "forwarded"
    QUOTED = "quoted"
    SIGNATURE = "signature"


class Line(NamedTuple):
    """One line. `cells` are those of a table's row; `table` tells the rows of one table from those of another."""

    text: str
    role: Role = Role.OWN
    cells: tuple[str, ...] = ()
    table: int = 0


def clean(text: str) -> str:
    """The text with one way to write each letter, and nothing in it that cannot be seen."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_LOOKALIKES)))
    return _CONTROL.sub(" ", plain)


def lines_of(text: str) -> list[str]:
    """The lines of a text, cleaned, within bounds; one that is endless is cut into several."""
    found: list[str] = []
    for line in clean_breaks(text).split("\n")[:MOST_LINES]:
        cleaned = clean(line).rstrip()
        found += [cleaned[at : at + LONGEST_LINE] for at in range(0, max(1, len(cleaned)), LONGEST_LINE)]
    return found[:MOST_LINES]


def clean_breaks(text: str) -> str:
    """Every kind of line break as one."""
    return re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)


def fold(text: str) -> str:
    """Lower case without accents, letter by letter, so that what is found in it has its place in the text."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_letter(letter) for letter in text)


def _fold_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    if letter in "’‘ʼ`´":
        return "'"
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter


def text_of(lines: Iterable[Line], *roles: Role) -> str:
    """The text of the lines of these roles."""
    return "\n".join(line.text for line in lines if line.role in roles)


def trimmed(lines: Sequence[str]) -> list[str]:
    """Without the empty lines around, and never more than one between."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
