"""Activation keys that people write back to us: what we gave out is never kept readable again (SPEC §7.5, R11)."""

import re
from collections.abc import Iterator
from typing import Final

import asyncpg

from config.secrets import SecretBox
from domain.masking import mask

_WORD = re.compile(r"\S+")
_AROUND = "\"'«»“”()[]{}<>,;:.!?"
SHORTEST: Final = 6
MOST_WORDS: Final = 6
_KNOWN = "select fingerprint from activation_keys where fingerprint = any($1::bytea[])"


class KnownKeys:
    """Finds keys of our stock in a text by their fingerprints; no key is opened for that."""

    def __init__(self, pool: asyncpg.Pool, box: SecretBox) -> None:
        self._pool = pool
        self._box = box

    async def masked(self, text: str) -> str:
        """The text with every key of our stock in it masked."""
        places = {(begin, end): self._box.fingerprint(word) for begin, end, word in _candidates(text)}
        if not places:
            return text
        rows = await self._pool.fetch(_KNOWN, list(set(places.values())))
        known = {row["fingerprint"] for row in rows}
        until = len(text)
        for begin, end in sorted((place for place, mark in places.items() if mark in known), reverse=True):
            if end <= until:  # what overlaps is masked already
                text = text[:begin] + mask(" ".join(text[begin:end].split())) + text[end:]
                until = begin
        return text


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    """Words, and a few of them in a row, that could be a key: where they stand, and what they are without blanks."""
    bare = [_bare(text, found.start(), found.end()) for found in _WORD.finditer(text)]
    words = [(begin, end) for begin, end in bare if begin < end]
    for first, (begin, _) in enumerate(words):
        for last in range(first, min(first + MOST_WORDS, len(words))):
            end = words[last][1]
            word = " ".join(text[begin:end].split())
            if len(word) >= SHORTEST and any(sign.isdigit() or sign.isupper() for sign in word):
                yield begin, end, word


def _bare(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin] in _AROUND:
        begin += 1
    while end > begin and text[end - 1] in _AROUND:
        end -= 1
    return begin, end
