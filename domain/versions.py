"""Software versions as vendors write them, in the order in which they came out: `RoomOS 11.9` before `RoomOS 11.14`.

What decides is the dotted number. The name before it does not: a product is renamed from one version to the next
(`TC7`, `CE9.15`, `RoomOS 11.9` are one line). What follows the number is a pre-release (`beta 2`, `rc1`: before it) or
a build, a patch, a service pack (`-590030`, `SP1`: after it); a checksum of the build says nothing about the order.
"""

import re
from functools import total_ordering
from typing import NamedTuple

_NUMBER = re.compile(r"(?<![\w.])[A-Za-z]*?(?P<number>\d+(?:\.\d+)*)")
_TOKEN = re.compile(r"[a-z]+|\d+")
_CHECKSUM = re.compile(r"(?=[a-z]*\d)(?=\d*[a-f])[0-9a-f]{7,}", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9]+")

_BEFORE = {
    "dev": -6,
    "snapshot": -6,
    "ea": -5,
    "preview": -5,
    "pre": -5,
    "alpha": -4,
    "beta": -3,
    "rc": -2,
    "candidate": -2,
}
"""How far before its release a word puts a version."""

_LONGEST = 120


class _Rank(NamedTuple):
    numbers: tuple[int, ...]
    stage: int
    suffix: tuple[tuple[int, int, str], ...]


@total_ordering
class Version:
    """A version that can be compared. Two that are written differently can be equal: `11.14` and `RoomOS 11.14.0`."""

    def __init__(self, text: str, rank: _Rank) -> None:
        self.text = text
        self._rank = rank

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._rank == other._rank

    def __lt__(self, other: "Version") -> bool:
        return self._rank < other._rank

    def __hash__(self) -> int:
        return hash(self._rank)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"


def parse_version(text: str) -> Version | None:
    """The version that the text writes, or None when it has no number to compare by."""
    written = text.strip()[:_LONGEST]
    numbers = list(_NUMBER.finditer(written))
    if not numbers:
        return None
    dotted = [found for found in numbers if "." in found["number"]]
    found = (dotted or numbers)[0]
    parts = [int(part) for part in found["number"].split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    stage, suffix = _read_suffix(written[found.end("number") :])
    return Version(written, _Rank(tuple(parts), stage, suffix))


def _read_suffix(rest: str) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """What follows the number: how far before the release it puts the version, and the order among its like."""
    words = [word for word in _WORD.findall(rest) if not _CHECKSUM.fullmatch(word)]
    tokens = [token for word in words for token in _TOKEN.findall(word.lower())]
    stage = min((_BEFORE[token] for token in tokens if token in _BEFORE), default=0)
    ranked = [(1, int(token), "") if token.isdigit() else (0, 0, token) for token in tokens if token not in _BEFORE]
    return stage, tuple(ranked)
