"""References, given to people: `CM-7K3Q-9XTB` of a curative case, `SW-…` of a software request (SPEC §3)."""

import re
from random import Random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a reference survives a telephone line."""

CURATIVE, SOFTWARE, ASSISTANCE = "CM", "SW", "CA"
"""What a reference begins with: which process it belongs to."""

_REFERENCE = re.compile(rf"(?:{CURATIVE}|{SOFTWARE}|{ASSISTANCE})-[{CROCKFORD}]{{4}}-[{CROCKFORD}]{{4}}")


def new_reference(random: Random, process: str = CURATIVE) -> str:
    """Allot a reference from the given source, the workflow's own, so that a replay allots the same."""
    letters = "".join(random.choice(CROCKFORD) for _ in range(8))
    return f"{process}-{letters[:4]}-{letters[4:]}"


def normalise_reference(text: str) -> str | None:
    """The reference that a person meant, read as Crockford has it (`O` is 0, `I` and `L` are 1), or None."""
    head, _, tail = text.strip().upper().partition("-")
    reference = f"{head}-{tail.translate(str.maketrans('OIL', '011'))}"
    return reference if _REFERENCE.fullmatch(reference) else None
