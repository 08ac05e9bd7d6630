"""Which case a mail belongs to: by the ids of our mails in its thread, else by a reference in its subject (SPEC §3)."""

import re
from collections.abc import Sequence
from typing import Final

from domain.references import CROCKFORD

KINDS: Final = ("CM", "SW", "CA")
"""Curative case, software request, assistance."""

_PART = rf"[{CROCKFORD}]{{4}}"
_OURS = re.compile(
    rf"<(({'|'.join(KINDS)})-{_PART}-{_PART})(?:\.[^<>@\s]{{1,200}})?@([^<>@\s]{{1,250}})>", re.IGNORECASE
)
_SPOKEN = re.compile(
    rf"(?<![A-Za-z0-9])({'|'.join(KINDS)})\s?[-–—_]?\s?([0-9A-Za-z]{{4}})\s?[-–—_]\s?([0-9A-Za-z]{{4}})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_READ_AS = str.maketrans("OIL", "011")
_WHOLE = re.compile(_PART)


def reference_of_id(message_id: str) -> str | None:
    """The reference in a Message-ID of ours, or None for anybody else's.

    The domain does not matter: it is a setting, which may have changed since the mail was sent.
    """
    found = _OURS.fullmatch(message_id.strip())
    return found[1].upper() if found else None


def reference_in_thread(ids: Sequence[str]) -> str | None:
    """The case whose mail is answered: the newest of ours in the thread."""
    return next((reference for each in reversed(ids) if (reference := reference_of_id(each))), None)


def references_in(text: str) -> list[str]:
    """Every reference that a text names, each once; `O`, `I` and `L` are read as the digits that they look like."""
    found: list[str] = []
    for match in _SPOKEN.finditer(text[:20_000]):
        parts = [match[index].upper().translate(_READ_AS) for index in (2, 3)]
        reference = f"{match[1].upper()}-{parts[0]}-{parts[1]}"
        if all(_WHOLE.fullmatch(part) for part in parts) and (_has_digit(parts) or match[0] == reference):
            found.append(reference)
    return list(dict.fromkeys(found))


def _has_digit(parts: Sequence[str]) -> bool:
    """One in twenty references has none: of letters alone only what is written as we write it is one, no *ça va*."""
    return any(letter.isdigit() for part in parts for letter in part)
