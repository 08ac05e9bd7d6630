"""What a mail asks something for: serial numbers with the types stated for them, and types without a number."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mailgate.reading.equipment_names import Mention, TypeNames
from mailgate.reading.known import Known
from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.phrases import one_of
from mailgate.reading.serial_candidates import LABEL, candidates, cells_of
from mailgate.reading.serial_numbers import Found, known_ones, unknown_ones

MOST_ITEMS: Final = 1_000

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
_NOT_ASKED = re.compile(
    one_of(r"""
        \bfonctionne(?:nt)? (?:bien|correctement)
        \bworks? (?:fine|well)
        \bdeja a jour
        \balready up
        \bsauf\b
        \bexcept\b
        \b(?:pas concerne|not concerned)
        \b(?:ne pas|do not)\b
    """)
)


class Item(NamedTuple):
    """One piece of equipment that a mail is about. Without a serial number it has a type."""

    serial_number: str | None
    type: str | None
    registered_type: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the registry has its serial number."""
        return self.registered_type is not None


class _Named(NamedTuple):
    mention: Mention
    line: int
    cell: int


def items_of(lines: Sequence[Line], known: Known) -> list[Item]:
    """Every piece of equipment in these lines, each once, in the order in which they are named."""
    found = known_ones(lines, candidates(lines), known)
    named = _named(lines, TypeNames(known.types, known.vendors))
    places = [(each.line, each.cell, each.mention.begin, each.mention.end) for each in named]
    found += unknown_ones(lines, found, _serial_columns(lines), places)
    found.sort(key=lambda each: (each.line, each.cell, each.begin))
    stated = _Statements(lines, found, named).of_all()
    items = _each_once(
        [Item(each.serial_number, kind, each.registered_type) for each, kind in zip(found, stated, strict=True)]
    )
    taken = {item.type for item in items} | {item.registered_type for item in items}
    alone = dict.fromkeys(each.mention.type for each in named if _is_asked(lines, each, bool(items)))
    return [*items, *(Item(None, kind) for kind in alone if kind not in taken)][:MOST_ITEMS]


def _named(lines: Sequence[Line], names: TypeNames) -> list[_Named]:
    return [
        _Named(mention, number, cell)
        for number, line in enumerate(lines)
        if line.role in (Role.OWN, Role.FORWARDED)
        for cell, text in enumerate(cells_of(line))
        for mention in names.mentions(text)
    ]


def _is_asked(lines: Sequence[Line], named: _Named, has_others: bool) -> bool:
    """Whether a type that stands alone is asked for: beside serial numbers, not one that is said to be well."""
    return not has_others or not _NOT_ASKED.search(fold(lines[named.line].text))


def _each_once(items: Sequence[Item]) -> list[Item]:
    kept: dict[str, Item] = {}
    for item in items:
        assert item.serial_number is not None
        before = kept.get(item.serial_number)
        if before is None or (before.type is None and item.type is not None):
            kept[item.serial_number] = item
    return list(kept.values())


def _serial_columns(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The cells below a heading that says serial number."""
    cells: list[tuple[int, int]] = []
    column: int | None = None
    table = 0
    for number, line in enumerate(lines):
        if not line.cells:
            continue
        if line.table != table:
            table, column = line.table, None
        headings = [index for index, cell in enumerate(line.cells) if _is_serial_heading(cell)]
        if headings and not any(_has_number(cell) for cell in line.cells):
            column = headings[0]
        elif column is not None and column < len(line.cells):
            cells.append((number, column))
    return cells


def _is_serial_heading(cell: str) -> bool:
    bare = fold(cell).strip(" .:*#\"'()")
    found = LABEL.match(bare)
    return bool(found) and len(bare) - (found.end() if found else 0) < 15


def _has_number(cell: str) -> bool:
    return sum(letter.isdigit() for letter in cell) > 2


class _Statements:
    """Which type is stated for which serial number: in the same row, in the same line, in a heading, in a label."""

    def __init__(self, lines: Sequence[Line], found: Sequence[Found], named: Sequence[_Named]) -> None:
        self._lines = lines
        self._found = found
        self._named: dict[int, list[_Named]] = {}
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
        if len(self._found) == 1 and len(self._mentioned) == 1:
            return next(iter(self._mentioned))
        return None

    def _in_its_line(self, found: Found) -> str | None:
        named, numbers = self._named.get(found.line, []), self._numbers[found.line]
        column = self._headings.get(found.line)
        if column is not None and column != found.cell:
            cell = self._lines[found.line].cells[column]
            return next((each.mention.type for each in named if each.cell == column), cell.strip()[:100] or None)
        if not named:
            return None
        if len(named) == len(numbers):
            return named[numbers.index(found)].mention.type
        types = [each.mention.type for each in named]
        if found.registered_type in types or len(set(types)) == 1:
            return found.registered_type if found.registered_type in types else types[0]
        before = [each for each in named if (each.cell, each.mention.begin) < (found.cell, found.begin)]
        return (before[-1] if before else named[0]).mention.type

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
        """The type that the nearest line above names, when only serial numbers stand between."""
        at = line - 1
        while at >= 0 and (at in self._numbers or not self._lines[at].text.strip()) and line - at < 300:
            if at in self._named:
                return None
            at -= 1
        named = self._named.get(at, [])
        text = self._lines[at].text.strip() if at >= 0 else ""
        is_heading = len({each.mention.type for each in named}) == 1 and (text.endswith(":") or len(text) <= 60)
        return named[0].mention.type if is_heading else None


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
        if headings and not any(_has_number(cell) for cell in line.cells):
            column = headings[0]
        elif column is not None and column < len(line.cells):
            columns[number] = column
    return columns
