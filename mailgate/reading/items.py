"""What a mail asks something for: serial numbers with the types stated for them, and types without a number."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mailgate.reading.equipment_names import TypeNames
from mailgate.reading.known import Known
from mailgate.reading.lines import Line, Role, fold
from mailgate.reading.phrases import one_of
from mailgate.reading.serial_candidates import LABEL, candidates, cells_of
from mailgate.reading.serial_numbers import known_ones, unknown_ones
from mailgate.reading.stated_types import Named, Statements, has_number

MOST_ITEMS: Final = 1_000

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


def items_of(lines: Sequence[Line], known: Known) -> list[Item]:
    """Every piece of equipment in these lines, each once, in the order in which they are named."""
    found = known_ones(lines, candidates(lines), known)
    named = _named(lines, TypeNames(known.types, known.vendors))
    places = [(each.line, each.cell, each.mention.begin, each.mention.end) for each in named]
    found += unknown_ones(lines, found, _serial_columns(lines), places)
    found.sort(key=lambda each: (each.line, each.cell, each.begin))
    stated = Statements(lines, found, named).of_all()
    items = _each_once(
        [Item(each.serial_number, kind, each.registered_type) for each, kind in zip(found, stated, strict=True)]
    )
    taken = {item.type for item in items} | {item.registered_type for item in items}
    alone = dict.fromkeys(each.mention.type for each in named if _is_asked(lines, each, bool(items)))
    return [*items, *(Item(None, kind) for kind in alone if kind not in taken)][:MOST_ITEMS]


def _named(lines: Sequence[Line], names: TypeNames) -> list[Named]:
    return [
        Named(mention, number, cell)
        for number, line in enumerate(lines)
        if line.role in (Role.OWN, Role.FORWARDED)
        for cell, text in enumerate(cells_of(line))
        for mention in names.mentions(text)
    ]


def _is_asked(lines: Sequence[Line], named: Named, has_others: bool) -> bool:
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
        if headings and not any(has_number(cell) for cell in line.cells):
            column = headings[0]
        elif column is not None and column < len(line.cells):
            cells.append((number, column))
    return cells


def _is_serial_heading(cell: str) -> bool:
    bare = fold(cell).strip(" .:*#\"'()")
    found = LABEL.match(bare)
    return bool(found) and len(bare) - (found.end() if found else 0) < 15
