"""Where a key or a person shows in what is stored: as it is, spelled otherwise, encoded, or in part."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

PART = 10
"""Characters of a key in a row, dashes left out, that give away too much of it. Masked, it shows four at either end."""

_OTHERS = bytes(code for code in range(256) if not chr(code).isascii() or not chr(code).isalnum())
_LOWER = bytes(range(256)).lower()


@dataclass(frozen=True)
class _Stored:
    """Bytes that were found somewhere, as they are to be looked through."""

    raw: bytes

    @cached_property
    def lower(self) -> bytes:
        return self.raw.lower()

    @cached_property
    def bare(self) -> bytes:
        """Letters and digits only, in lower case."""
        return self.raw.translate(_LOWER, _OTHERS)

    def shows(self, text: str) -> bool:
        """Whether the text stands there, in some encoding; upper and lower case are the same, but in base64."""
        written = set(_written(text))
        return (
            any(each.lower() in self.lower for each in written)
            or any(each.hex().encode() in self.lower for each in written)
            or any(core in self.raw for each in written for core in _base64_of(each))
        )


def traces_of_keys(keys: Iterable[str], stored: Mapping[str, bytes]) -> list[str]:
    """Every place, by its name, where a key is readable, and which key."""
    places = {place: _Stored(raw) for place, raw in stored.items()}
    return [f"{key} in {place}" for place, found in places.items() for key in keys if _shows_key(found, key)]


def traces_of_people(words: Iterable[str], stored: Mapping[str, bytes]) -> list[str]:
    """Every place where a name, an address or a telephone number is readable, and which."""
    places = {place: _Stored(raw) for place, raw in stored.items()}
    return [f"{word} in {place}" for place, found in places.items() for word in words if _shows_word(found, word)]


def _shows_key(found: _Stored, key: str) -> bool:
    bare = re.sub(r"[^a-z0-9]", "", key.lower())
    if any(bare[begin : begin + PART].encode() in found.bare for begin in range(len(bare) - PART + 1)):
        return True
    if any(_stands_alone(group, found.lower) for group in re.findall(r"[a-z0-9]{5,}", key.lower())):
        return True
    return any(found.shows(spelling) for spelling in {key, key.lower(), bare, bare.upper()})


def _shows_word(found: _Stored, word: str) -> bool:
    digits = re.sub(r"\D", "", word)
    if len(digits) >= PART:  # a telephone number, with its country or without
        return digits[-9:].encode() in found.bare
    return found.shows(word)


def _stands_alone(group: str, where: bytes) -> bool:
    return (
        group.encode() in where and re.search(rb"(?<![a-z0-9+/=])%s(?![a-z0-9+/=])" % group.encode(), where) is not None
    )


def _written(text: str) -> Iterator[bytes]:
    """The text in the ways in which programs write it down."""
    yield text.encode()
    yield text.encode("utf-16-le")
    yield text.encode("latin-1", "ignore")
    yield json.dumps(text)[1:-1].encode()
    yield quote(text).encode()


def _base64_of(data: bytes) -> Iterator[bytes]:
    """What is certain of its base64, wherever it begins in something longer."""
    for before, uncertain in ((0, 0), (1, 2), (2, 3)):
        whole = b64encode(bytes(before) + data).rstrip(b"=")
        yield whole[uncertain : len(whole) - (1 if (before + len(data)) % 3 else 0)]
