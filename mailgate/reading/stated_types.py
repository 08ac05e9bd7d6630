"""Which type is stated for which serial number: in the same row or line, in a heading above, in a label beside it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mailgate.reading.equipment_names import Mention
from mailgate.reading.lines import Line, fold
from mailgate.reading.phrases import one_of
from mailgate.reading.serial_candidates import LABEL, cells_of
from mailgate.reading.serial_numbers import Found

_TYPE_HEAD = re.compile(
    r"\W{0,3}"
    + one_of(r"""
        (?:types?|modeles?|models?)(?: \w{1,12}){0,2}
        type d'equipement
        (?:equipment|device) (?:type|model)
    """)
    + r"\W{0,3}"
)
_TYPE_LABEL = re.compile(
    r"\W{0,5}"
    + one_of(r"""
        types?(?: d'equipement)?
        modele
        model
        (?:equipment|device) (?:type|model)
        equipe?ment
        materiel
        device
        produi?c?t
    """)
    + r"\s{0,3}[:=]\s{0,3}(.{2,80})"
)
_LIST = re.compile(
    r"(?:[\s,;&/+()\-:\"'.*]{1,3}|\b(?:et|and|ainsi que|puis|or|ou|n[°ºo])\b|" + LABEL.pattern + r"){1,12}"
)
_AND = re.compile(r"\b(?:et|and|ainsi que|puis|aussi|also|as well as)\b")
_ALTERNATE, _IN_BLOCKS = "in turn", "in blocks"
_CLOSE = re.compile(r"[^.;!?]{0,40}")


class Named(NamedTuple):
    """A type that a line names."""

    mention: Mention
    line: int
    cell: int


class Statements:
    """Which type is stated for which serial number: in the same row, in the same line, in a heading, in a label."""

    def __init__(self, lines: Sequence[Line], found: Sequence[Found], named: Sequence[Named]) -> None:
        self._lines = lines
        self._found = found
        self._named: dict[int, list[Named]] = {}
        for each in named:
            self._named.setdefault(each.line, []).append(each)
        self._numbers: dict[int, list[Found]] = {}
        for number in found:
            self._numbers.setdefault(number.line, []).append(number)
        self._mentioned = {each.mention.type for each in named}
        self._used: set[int] = set()
        self._headings = _type_columns(lines)

    def of_all(self) -> list[str | None]:
        """The stated type of each, or None."""
        return [self._of(each) for each in self._found]

    def _of(self, found: Found) -> str | None:
        here = self._in_its_line(found)
        if here is not None:
            return here
        near = self._near(found)
        if near is not None:
            return near
        if found.registered_type in self._mentioned:
            return found.registered_type
        if len(self._found) == 1 and len(self._mentioned) == 1 and found.line not in self._named:
            return next(iter(self._mentioned))
        return None

    def _in_its_line(self, found: Found) -> str | None:
        named, numbers = self._named.get(found.line, []), self._numbers[found.line]
        column = self._headings.get(found.line)
        if column is not None and column != found.cell and not LABEL.match(fold(self._lines[found.line].cells[column])):
            cell = self._lines[found.line].cells[column]
            return next((each.mention.type for each in named if each.cell == column), cell.strip()[:100] or None)
        if not named:
            return None
        order = _order(named, numbers)
        if order is not None:
            same = named[numbers.index(found)]
            return None if order == _ALTERNATE and self._is_apart(same, found) else same.mention.type
        types = {each.mention.type for each in named}
        if found.registered_type in types:
            return found.registered_type
        if len(numbers) == 1 and len(types) == 1:
            return None if self._is_apart(named[0], found) else named[0].mention.type
        return self._beside(found, named, numbers)

    def _is_apart(self, named: Named, found: Found) -> bool:
        """Whether an `and` stands between a type and a number: then they are two things."""
        if named.cell != found.cell:
            return False
        text = cells_of(self._lines[found.line])[found.cell]
        mention = named.mention
        between = text[mention.end : found.begin] if mention.end <= found.begin else text[found.end : mention.begin]
        return bool(_AND.search(fold(between)))

    def _beside(self, found: Found, named: Sequence[Named], numbers: Sequence[Found]) -> str | None:
        """The type that stands before or after the numbers that this one is listed with."""
        text = cells_of(self._lines[found.line])[found.cell]
        near = [each for each in numbers if each.cell == found.cell]
        listed = _listed_with(text, found, near)
        first, last = near.index(listed[0]), near.index(listed[-1])
        begin = near[first - 1].end if first else 0
        end = near[last + 1].begin if last + 1 < len(near) else len(text)
        here = [each.mention for each in named if each.cell == found.cell]
        before = [each for each in here if begin <= each.begin and _is_close(text, each.end, listed[0].begin)]
        after = [each for each in here if each.end <= end and _is_close(text, listed[-1].end, each.begin)]
        return before[-1].type if before else after[0].type if after else None

    def _near(self, found: Found) -> str | None:
        """A heading above the serial numbers, or `Type: …` in the line before or after."""
        above = self._neighbour(found.line, -1)
        if above is not None and above not in self._used:
            label = self._label(above)
            if label is not None:
                self._used.add(above)
                return label
        below = self._neighbour(found.line, 1)
        if below is not None and below not in self._used and (label := self._label(below)) is not None:
            self._used.add(below)
            return label
        return self._heading(found.line)

    def _neighbour(self, line: int, step: int) -> int | None:
        at = line + step
        return at if 0 <= at < len(self._lines) and self._lines[at].text.strip() and at not in self._numbers else None

    def _label(self, line: int) -> str | None:
        text = self._lines[line].text
        found = _TYPE_LABEL.fullmatch(fold(text))
        if found is None:
            return None
        named = self._named.get(line)
        return named[0].mention.type if named else text[found.start(1) :].strip()[:100]

    def _heading(self, line: int) -> str | None:
        """The type that the nearest line above names, when only serial numbers stand between; not for a line with types
        of its own."""
        if line in self._named:
            return None
        at = line - 1
        while at >= 0 and (at in self._numbers or not self._lines[at].text.strip()) and line - at < 300:
            if at in self._named:
                return None
            at -= 1
        named = self._named.get(at, [])
        text = self._lines[at].text.strip() if at >= 0 else ""
        is_heading = len({each.mention.type for each in named}) == 1 and (text.endswith(":") or len(text) <= 60)
        return named[0].mention.type if is_heading else None


def _order(named: Sequence[Named], numbers: Sequence[Found]) -> str | None:
    """How as many types as numbers follow each other: in turn, or all of one first; None when in no order."""
    places = [(each.cell, each.mention.begin, "t") for each in named]
    places += [(each.cell, each.begin, "n") for each in numbers]
    order = "".join(what for _, _, what in sorted(places))
    count = len(named)
    if len(numbers) != count:
        return None
    if order in ("tn" * count, "nt" * count):
        return _ALTERNATE
    return _IN_BLOCKS if order in ("t" * count + "n" * count, "n" * count + "t" * count) else None


def _type_columns(lines: Sequence[Line]) -> dict[int, int]:
    """For each row below a heading that says type, the column."""
    columns: dict[int, int] = {}
    column: int | None = None
    table = 0
    for number, line in enumerate(lines):
        if not line.cells:
            continue
        if line.table != table:
            table, column = line.table, None
        headings = [index for index, cell in enumerate(line.cells) if _TYPE_HEAD.fullmatch(fold(cell))]
        if headings and not any(has_number(cell) for cell in line.cells):
            column = headings[0]
        elif column is not None and column < len(line.cells):
            columns[number] = column
    return columns


def _listed_with(text: str, found: Found, numbers: Sequence[Found]) -> list[Found]:
    """The numbers that stand in one list with this one."""
    at = numbers.index(found)
    first = last = at
    while first and _LIST.fullmatch(fold(text[numbers[first - 1].end : numbers[first].begin])):
        first -= 1
    while last + 1 < len(numbers) and _LIST.fullmatch(fold(text[numbers[last].end : numbers[last + 1].begin])):
        last += 1
    return list(numbers[first : last + 1])


def _is_close(text: str, begin: int, end: int) -> bool:
    """Whether what begins at `end` follows what ended at `begin`, in the same sentence."""
    between = text[begin:end]
    return begin <= end and bool(_CLOSE.fullmatch(between)) and not _AND.search(fold(between))


def has_number(cell: str) -> bool:
    """Whether a cell of a table holds a number, as no heading does."""
    return sum(letter.isdigit() for letter in cell) > 2
