"""Equipment types as people write them, found by the registry's own names: `RoomKit Pro`, `codec plus`, `CMS1000`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from mailgate.reading.lines import fold

LONGEST_NAME: Final = 8
"""Words of a name that are compared."""

_WORD = re.compile(r"[a-z]+|[0-9]+|\+")
_GOES_ON = re.compile(r"[a-z0-9]|['’-][a-z]")
_NUMBERED = re.compile(r"\b[A-Z]{3,}(?= \d)")
_OTHER_MODEL = re.compile(r" ?\d{3,4}(?![a-z0-9])")
"""An `RMX 2000` is no RMX 1800."""

_CAMEL = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+|[a-z]+")


class Mention(NamedTuple):
    """A type that a text names, and where."""

    type: str
    begin: int
    end: int


class TypeNames:
    """Knows what every type of the registry may be called.

    A part of a name names the type when no other type has it, or when it is the end of this one's name: `Room Kit` is
    the Room Kit and not the Room Kit Pro. One word alone is enough only when letters and digits make it a name (`X50`),
    or when it is capitals with a number behind them (`RMX` of the RMX 1800).
    """

    def __init__(self, types: Sequence[str], vendors: Iterable[str] = ()) -> None:
        self._names = _aliases(types, vendors)

    def mentions(self, text: str) -> list[Mention]:
        """Every type that the text names, in order; of two names in one place the longer one."""
        folded = fold(text)
        words = list(_WORD.finditer(folded))
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, used = self._longest(words, at, folded)
            if mention is not None:
                found.append(mention)
            at += used
        return found

    def _longest(self, words: Sequence[re.Match[str]], at: int, folded: str) -> tuple[Mention | None, int]:
        begin = words[at].start()
        if begin and folded[begin - 1].isalnum() and words[at].group().isalpha():
            return None, 1
        compact, best, used = "", None, 1
        for index in range(at, min(at + LONGEST_NAME, len(words))):
            gap = folded[words[index - 1].end() : words[index].start()] if index > at else ""
            if len(gap) > 3 or re.search(r"[^\s\-_./®™'’]", gap):
                break
            compact += _plain(words[index].group())
            ends = words[index].end()
            is_other = index == at and _OTHER_MODEL.match(folded, ends)
            if compact in self._names and not is_other and not _GOES_ON.match(folded, ends):
                best, used = Mention(self._names[compact], begin, ends), index - at + 1
        return best, used


def _plain(word: str) -> str:
    """A word as it is compared: the plural is no difference."""
    if word == "+":
        return _plain("plus")
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _words(name: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(fold(name))]


def _aliases(types: Sequence[str], vendors: Iterable[str]) -> Mapping[str, str]:
    """Every name that leads to one type, without blanks."""
    owners: dict[str, set[str]] = {}
    full: dict[str, str] = {}
    ends: dict[str, set[str]] = {}
    makers = {word for vendor in vendors for word in _words(vendor)}
    for name in types:
        words = _words(name)
        full["".join(words)] = name
        for begin in range(len(words)):
            for end in range(begin + 1, len(words) + 1):
                part = words[begin:end]
                if _is_telling(part, makers, name):
                    owners.setdefault("".join(part), set()).add(name)
                    if end == len(words):
                        ends.setdefault("".join(part), set()).add(name)
        for short in _initials(name):
            owners.setdefault(short, set()).add(name)
    alone = {alias: next(iter(names)) for alias, names in owners.items() if len(names) == 1}
    final = {alias: next(iter(names)) for alias, names in ends.items() if len(names) == 1}
    return {**alone, **final, **full}


def _is_telling(words: Sequence[str], makers: set[str], name: str) -> bool:
    """Whether these words can be a name: two that are not just the maker's, or one of letters and digits."""
    if len(words) == 1:
        return False
    if _is_model(words[-2:], name):
        return True
    if len(words) == 2 and len(words[1]) == 1:
        return len(words[0]) > 5
    return not all(word in makers for word in words)


def _is_model(words: Sequence[str], name: str) -> bool:
    """Letters and digits that are written as one word in the registry: `X50`, `G7500`."""
    return "".join(words) in {_plain(word) for word in re.findall(r"[a-z0-9]+", fold(name))} and any(
        map(str.isdigit, words)
    )


def _initials(name: str) -> list[str]:
    """`CMS 1000` for Cisco Meeting Server 1000, `RPAD` for Poly RealPresence Access Director, `DMA` for a DMA 7000."""
    words = _CAMEL.findall(name)
    letters = [word for word in words if word.isalpha()]
    numbers = "".join(word for word in words if word.isdigit())
    found = [acronym.lower() for acronym in _NUMBERED.findall(name)]
    for skipped in range(2):
        short = "".join(word[0] for word in letters[skipped:]).lower()
        if len(short) >= 3 and (numbers or len(short) >= 4):
            found.append(short + numbers)
    return found
