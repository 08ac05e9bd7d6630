"""A mail in clauses: the pieces of text within which a word bears on another."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.phrases import one_of
from mailgate.reading.senses import Sense, breakdown_sense, software_sense
from mailgate.reading.serial_candidates import compact_of, sameness
from mailgate.reading.software_words import ASKED
from mailgate.reading.spelling import mended

MOST_CLAUSES: Final = 2_000
_LONGEST: Final = 1_000
_WRAPPED: Final = 55
"""A line that is longer than this and has no end goes on in the next one."""

_LISTED = re.compile(r"\s{0,8}(?:[-*•–·]|\(?\d{1,2}[.)]|[a-z]\))\s", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;,]\s{0,3}$")
_BOUNDARY = re.compile(
    one_of(r"""
        \n
        (?<=[.!?;])\s
        \s[•–]\s
        ,\s{1,3}(?=(?:et|and|mais|but|puis|also|aussi|ainsi que|while)\s)
        ,\s{1,3}(?=merci d[e']|please|pouvez|pourriez|could|can you)
        ,\s{1,3}(?=par contre|en revanche|however|cependant|toutefois)
        \s(?=(?:mais|but|however|par contre|en revanche|sauf que|except that)\s)
        \s(?=(?:et|and) (?:merci|please|pouvez|pourriez|could|can you|would|il (?:me|nous) fau))
    """),
    re.IGNORECASE,
)
_LOOKS_FORWARD = re.compile(r"(?::|\b(?:pour|for|suivante?s?|following|ci-dessous|below|de|du|des|of))\W{0,5}$")


class Clause(NamedTuple):
    """One clause, and in which sense it speaks of software and of a breakdown."""

    text: str
    folded: str
    """In lower case without accents, its common misspellings mended."""

    compact: str
    """Its letters and digits alone, as serial numbers are compared."""

    software: Sense
    breakdown: Sense
    asks: bool
    """Whether it has the words of a request, whatever it asks for."""

    looks_forward: bool
    """Whether it is about what follows: a heading, an unfinished line."""


def clauses_of(lines: Sequence[Line]) -> list[Clause]:
    """The clauses of what the sender wrote or passed on, in their order."""
    text = "".join(_joined([line for line in lines if line.role in (Role.OWN, Role.FORWARDED)]))
    return [_clause(piece) for piece in _BOUNDARY.split(text) if piece.strip()][:MOST_CLAUSES]


def subject_clause(subject: str) -> Clause:
    """The subject is a clause, and a request by itself when it names software and no breakdown."""
    clause = _clause(subject)
    is_request = clause.software is Sense.STATED and clause.breakdown is not Sense.STATED
    return clause._replace(software=Sense.ASKED) if is_request else clause


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    """Lines that were only broken in the middle of a sentence are one again."""
    before: Line | None = None
    for line in lines:
        if before is not None:
            goes_on = len(before.text) > _WRAPPED and not _ENDS.search(before.text) and not before.cells
            begins_anew = not line.text.strip() or line.cells or _LISTED.match(line.text)
            yield " " if goes_on and not begins_anew else "\n"
        yield line.text
        before = line


def _clause(text: str) -> Clause:
    folded = mended(" ".join(fold(text[:_LONGEST]).split()))
    return Clause(
        text=text,
        folded=folded,
        compact=sameness(compact_of(text)),
        software=software_sense(folded),
        breakdown=breakdown_sense(folded),
        asks=bool(ASKED.search(folded)),
        looks_forward=bool(_LOOKS_FORWARD.search(folded)),
    )
