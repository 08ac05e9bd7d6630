"""Text from outside on a terminal: whatever it holds, it only ever shows itself."""

import json
import sys
import unicodedata

from pydantic import BaseModel

_ALSO_ODD = frozenset("\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safely(text: str, *, lines: bool = False) -> str:
    """The text with every control character written out (`\\x1b`), so that no terminal obeys it.

    Line breaks and tabs stay only where `lines` says so; signs that turn the direction of writing are written out too.
    """
    return "".join(sign if _is_shown(sign, lines=lines) else _written_out(sign) for sign in text)


def _is_shown(sign: str, *, lines: bool) -> bool:
    if sign in "\n\t":
        return lines
    return sign not in _ALSO_ODD and unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _written_out(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65_536 else f"\\U{number:08x}"


def print_json_safely(value: BaseModel) -> None:
    """A result as one JSON document on stdout, in which no string holds a sign that a terminal could obey."""
    document = json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=2)
    sys.stdout.write("".join(sign if _is_shown(sign, lines=True) else json.dumps(sign)[1:-1] for sign in document))
    sys.stdout.write("\n")
