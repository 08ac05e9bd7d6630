"""Equipment types as people write them: `room kit pro` for `Cisco Webex Room Kit Pro` (R12)."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[a-z]+|\d+")


def words_of(name: str) -> frozenset[str]:
    """The words of a type, whatever their case, accents and punctuation: letters and numbers apart."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return frozenset(_WORD.findall(plain))


def is_the_type(stated: str, registered: str, known: Iterable[str]) -> bool:
    """Whether the stated type means the registered one, and no other of the known types better.

    Words may be missing (`Room Kit Pro`), as long as the registered type is among those that need the fewest more:
    `Room Kit` is not the Room Kit Pro while there is a Room Kit. Words that the registered type has not are a mismatch.
    """
    said, meant = words_of(stated), words_of(registered)
    if said == meant:
        return True
    if not said or not said <= meant:
        return False
    missing = [len(words_of(name) - said) for name in known if said <= words_of(name)]
    return len(meant - said) <= min(missing, default=len(meant))
