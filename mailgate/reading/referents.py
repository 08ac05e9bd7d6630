"""What is said of which piece of equipment: by the clause that names it, or by one that is about it without a name."""

from collections.abc import Callable, Sequence
from typing import Final

from mailgate.reading.clauses import Clause
from mailgate.reading.items import Item
from mailgate.reading.senses import SETTLED, Sense
from mailgate.reading.serial_candidates import compact_of, sameness

MOST_WEIGHED: Final = 200
_NONE: Final = Sense.NOTHING


class Referents:
    """Each clause with the equipment that it is about.

    It is what the clause names; else what was named last; a heading, and a clause before which nothing was named, are
    about what is named next.
    """

    def __init__(
        self, clauses: Sequence[Clause], items: Sequence[Item], types_in: Callable[[str], frozenset[str]]
    ) -> None:
        weighed = items[:MOST_WEIGHED]
        marks = [sameness(compact_of(item.serial_number or "")) for item in weighed]
        self._clauses = clauses
        self._named: list[frozenset[Item]] = []
        for clause in clauses:
            named = {item for item, mark in zip(weighed, marks, strict=True) if mark and mark in clause.compact}
            if not named and _speaks(clause):
                types = types_in(clause.text)
                named = {item for item in weighed if types & {item.type, item.registered_type}}
            self._named.append(frozenset(named))
        self._about = [self._of(at) for at in range(len(clauses))]

    @property
    def names(self) -> Sequence[bool]:
        """For each clause, whether it names equipment about which nothing settled is said elsewhere."""
        settled = {item for item in frozenset().union(*self._named) if self.is_settled(item)}
        return [bool(named - settled) for named in self._named]

    def is_asked_for(self, item: Item) -> bool:
        """Whether software is asked for it; of one that works, to name it with software is to ask."""
        if any(clause.software is Sense.ASKED for clause in self._said_of(item)):
            return True
        return not self.is_broken(item) and any(
            item in named and clause.software is Sense.STATED
            for clause, named in zip(self._clauses, self._named, strict=True)
        )

    def is_broken(self, item: Item) -> bool:
        """Whether it is said to be broken."""
        return any(clause.breakdown in (Sense.STATED, Sense.JEST) for clause in self._said_of(item))

    def is_settled(self, item: Item) -> bool:
        """Whether all that is said of it in the text says that there is nothing to do about it."""
        places = zip(self._clauses, self._named, self._about, strict=True)
        said = [clause for at, (clause, named, about) in enumerate(places) if item in named or (at and item in about)]
        return bool(said) and all(_is_settled(clause) for clause in said)

    def _said_of(self, item: Item) -> list[Clause]:
        return [clause for clause, about in zip(self._clauses, self._about, strict=True) if item in about]

    def _of(self, at: int) -> frozenset[Item]:
        if self._named[at]:
            return self._named[at]
        if not _speaks(self._clauses[at]):
            return frozenset()
        before = next((named for named in reversed(self._named[:at]) if named), frozenset())
        if before and not self._clauses[at].looks_forward:
            return before
        return self._next(at) or before

    def _next(self, at: int) -> frozenset[Item]:
        """What is named after it, as far as nothing else is said between: the rows of a list, all together."""
        found: frozenset[Item] = frozenset()
        for clause, named in zip(self._clauses[at + 1 :], self._named[at + 1 :], strict=True):
            if found and _speaks(clause):
                break
            found |= named
        return found


def _speaks(clause: Clause) -> bool:
    return clause.software is not _NONE or clause.breakdown is not _NONE


def _is_settled(clause: Clause) -> bool:
    said = {clause.software, clause.breakdown} - {_NONE}
    return bool(said) and said <= SETTLED
