"""What in a text could be a serial number. The registry says which ones are: nothing here knows how they look (R12).

People write them in lower case, with blanks, dashes or colons between, with `S/N` before, glued or in brackets. So
every run of letters and digits is a candidate, and every few of them that stand close together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mailgate.reading.lines import Line, fold

SHORTEST: Final = 4
SHORTEST_LABELLED: Final = 2
LONGEST: Final = 40
MOST_RUNS: Final = 8
MOST_CANDIDATES: Final = 20_000

_RUN = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"[ \u00a0._/\-–—:*]{1,3}|[ ]?[-–—_/.][ ]?")
_GLUED = re.compile(r"(?:SERIALNO|SERIALNUMBER|SERIAL|SERIE|NS|SN|NOSERIE)(?=[A-Z0-9]*\d)")

LABEL = re.compile(
    r"(?<![a-z0-9])(?:s\s{0,2}[/.\-]?\s{0,2}n(?![a-z])|n\s{0,2}[/.]\s{0,2}s(?![a-z])|n\s{0,2}[°ºo.]{0,2}\s{0,2}(?:de\s{1,2})?(?:serie|ser\.)"
    r"|num(?:ero)?s?\.?\s{0,2}(?:de\s{1,2})?serie|serial(?:\s{0,2}(?:number|numbers|no|num|nr|n)\b\.?)?s?|serie|ser\.?\s{0,2}no)"
    r"\s{0,3}[.°ºo]?\s{0,3}[:=#>\-–—]{0,2}\s{0,3}"
)
"""The words with which a serial number is announced, in folded text."""


class Candidate(NamedTuple):
    """Some text that could be a serial number: where it stands, and its letters and digits without the rest."""

    line: int
    cell: int
    begin: int
    end: int
    compact: str
    written: str
    labelled: bool


def sameness(compact: str) -> str:
    """What candidates and serial numbers are compared by: letters that are mistaken for digits count as those."""
    return compact.upper().translate(_MISTAKEN)


_MISTAKEN = str.maketrans("OIL", "011")


def compact_of(text: str) -> str:
    """The letters and digits of a text, in upper case."""
    return "".join(_RUN.findall(text)).upper()


def cells_of(line: Line) -> Sequence[str]:
    """What is read by itself: the cells of a row, or the line."""
    return line.cells or (line.text,)


def candidates(lines: Sequence[Line]) -> list[Candidate]:
    """Every candidate of these lines, in their order, up to MOST_CANDIDATES."""
    found: list[Candidate] = []
    for number, line in enumerate(lines):
        for cell, text in enumerate(cells_of(line)):
            found += _of_text(text, number, cell)
        if len(found) >= MOST_CANDIDATES:
            break
    found += _across_lines(lines)
    return found[: MOST_CANDIDATES + 1_000]


def labels_in(text: str) -> list[int]:
    """Where in the text a serial number is announced: the ends of the labels."""
    return [match.end() for match in LABEL.finditer(fold(text))]


def _of_text(text: str, line: int, cell: int) -> Iterator[Candidate]:
    runs = [(run.start(), run.end(), run.group()) for run in _RUN.finditer(text)]
    labels = set(labels_in(text))
    numeric = [any(map(str.isdigit, run)) for _, _, run in runs]
    follows = [False, *(bool(_GAP.fullmatch(text, one[1], other[0])) for one, other in pairwise(runs))]
    for first, (begin, end, run) in enumerate(runs):
        labelled = not labels.isdisjoint((begin - 2, begin - 1, begin))
        if numeric[first] or labelled or run.isupper():
            if SHORTEST_LABELLED <= len(run) <= LONGEST and (labelled or len(run) >= SHORTEST):
                yield Candidate(line, cell, begin, end, run.upper(), run, labelled)
            if glued := _GLUED.match(run.upper()):
                rest = run[glued.end() :]
                if len(rest) >= SHORTEST:
                    yield Candidate(line, cell, begin + glued.end(), end, rest.upper(), rest, True)
        compact, has_digit = run, numeric[first]
        for last in range(first + 1, min(first + MOST_RUNS, len(runs))):
            if not follows[last] or len(compact) + len(runs[last][2]) > LONGEST:
                break
            compact, has_digit = compact + runs[last][2], has_digit or numeric[last]
            if has_digit and len(compact) >= SHORTEST:
                until = runs[last][1]
                yield Candidate(line, cell, begin, until, compact.upper(), text[begin:until], labelled)


def _across_lines(lines: Sequence[Line]) -> Iterator[Candidate]:
    """A serial number that was broken at the end of a line."""
    for number, (line, following) in enumerate(pairwise(lines)):
        if line.cells or following.cells or line.role is not following.role:
            continue
        tail, head = (
            re.search(r"[A-Za-z0-9]+-?$", line.text[-60:]),
            re.match(r"[A-Za-z0-9]+(?![A-Za-z0-9])", following.text[:60]),
        )
        if tail is None or head is None:
            continue
        compact = compact_of(tail.group() + head.group())
        if SHORTEST <= len(compact) <= LONGEST and any(letter.isdigit() for letter in compact):
            end = len(line.text)
            yield Candidate(number, 0, end - len(tail.group()), end, compact, tail.group() + head.group(), False)


def questions(found: Iterable[Candidate]) -> list[str]:
    """What to ask the registry for, each once."""
    return list(dict.fromkeys(sameness(candidate.compact) for candidate in found))
