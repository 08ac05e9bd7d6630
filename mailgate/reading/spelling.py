"""Words that decide what a mail wants, written with one letter wrong: read as they were meant."""

import re
from functools import lru_cache
from typing import Final

_MEANT: Final = (
    "firmware",
    "software",
    "logiciel",
    "licence",
    "upgrade",
    "version",
    "activation",
    "fonctionne",
    "fonctionnent",
    "demarre",
    "redemarre",
    "dysfonctionnement",
    "probleme",
)
"""Long enough that one letter hardly makes another word of them."""

_WORD = re.compile(r"[a-z]{6,20}")


def mended(folded: str) -> str:
    """The text, in which each word that is one slip away from one of these is that word."""
    return _WORD.sub(lambda found: _meant_by(found.group()), folded)


@lru_cache(maxsize=10_000)
def _meant_by(word: str) -> str:
    if any(word.startswith(meant) for meant in _MEANT):
        return word
    return next((meant for meant in _MEANT if _is_one_slip(word, meant)), word)


def _is_one_slip(word: str, meant: str) -> bool:
    """One letter too many, too few or wrong, or two that changed places; the first letter is right."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    at = next((n for n, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), len(meant))
    rest, right = word[at:], meant[at:]
    is_swapped = rest[:2] == right[1::-1] and rest[2:] == right[2:]
    return rest[1:] == right[1:] or rest[1:] == right or rest == right[1:] or is_swapped
