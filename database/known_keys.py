"""Activation keys that people write back to us: what we gave out is never kept readable again (SPEC §7.5, R11)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar, cast

import asyncpg
from pydantic import BaseModel, JsonValue

from config.secrets import SecretBox
from database.pool import UNREACHABLE
from domain.masking import mask

_GROUP = re.compile(r"[^\W_]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
SHORTEST: Final = 6
MOST_GROUPS: Final = 8
WIDEST_GAP: Final = 4
"""Signs between two groups of a key, as a dash, or the end of a quoted line and the mark of the next."""

TEXTS_REMEMBERED: Final = 5_000
_KNOWN = "select spelling from activation_keys where spelling = any($1::bytea[])"


Value = TypeVar("Value")
Model = TypeVar("Model", bound=BaseModel)


class _Place(NamedTuple):
    """Where a text may hold a key, and the fingerprint that this key would have."""

    begin: int
    end: int
    spelling: bytes


def spelling_of(key: str, box: SecretBox) -> bytes:
    """The fingerprint of a key however it is spelled: its letters and digits count, and no upper or lower case."""
    return _fingerprint(bare(key), box)


def _fingerprint(spelled: str, box: SecretBox) -> bytes:
    return box.fingerprint(f"spelling {spelled}")


def bare(key: str) -> str:
    """Its letters and digits, in upper case."""
    return "".join(_GROUP.findall(key)).upper()


class KnownKeys:
    """Finds keys that we have, or have given out, by their fingerprints; no key is opened for that."""

    def __init__(self, pool: asyncpg.Pool, box: SecretBox) -> None:
        self._pool = pool
        self._box = box
        self._places = lru_cache(TEXTS_REMEMBERED)(self._places_in)

    async def masked(self, text: str) -> str:
        """The text with every key in it masked."""
        return await self.masked_in(text)

    async def masked_in(self, value: Value) -> Value:
        """The same for every text in a value of JSON, the names of fields left alone. It asks PostgreSQL once."""
        shown = {text: _masked(text, places) for text, places in (await self._keys_in(value)).items()}
        return cast(Value, _replaced(cast(JsonValue, value), shown)) if shown else value

    async def quoted_in(self, value: object) -> frozenset[str]:
        """The keys that are in it: their letters and digits, in upper case."""
        found = await self._keys_in(value)
        return frozenset(bare(text[place.begin : place.end]) for text, places in found.items() for place in places)

    async def _keys_in(self, value: object) -> Mapping[str, Sequence[_Place]]:
        """The texts that hold keys, and where."""
        texts = {
            text for text in _texts(cast(JsonValue, value)) if len(text) >= SHORTEST and not _INSTANT.fullmatch(text)
        }
        places = {text: found for text in texts if (found := self._places(text))}
        asked = {place.spelling for found in places.values() for place in found}
        known = {row["spelling"] for row in await self._pool.fetch(_KNOWN, list(asked))} if asked else set()
        keys = {text: [place for place in found if place.spelling in known] for text, found in places.items()}
        return {text: found for text, found in keys.items() if found}

    def _places_in(self, text: str) -> tuple[_Place, ...]:
        return tuple(_Place(begin, end, _fingerprint(spelled, self._box)) for begin, end, spelled in _candidates(text))


async def keys_masked(keys: KnownKeys | None, view: Model) -> Model:
    """A view as people are shown it, keys masked; as it is, while PostgreSQL is away and nobody knows the keys."""
    said = view.model_dump(mode="json")
    try:
        masked = await keys.masked_in(said) if keys else said
    except UNREACHABLE:
        return view
    return view if masked is said else type(view).model_validate(masked)


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    """Groups of letters and digits, and a few of them in a row, that could be a key: where, and how it is spelled.

    One of the groups has a digit, or is all capitals: prose has neither, and most of what people write is prose.
    """
    groups = [(*found.span(), found[0].upper(), _is_of_a_key(found[0])) for found in _GROUP.finditer(text)]
    for first, (begin, _, _, _) in enumerate(groups):
        spelled, could_be_one, until = "", False, begin
        for group, end, letters, is_of_a_key in groups[first : first + MOST_GROUPS]:
            if group - until > WIDEST_GAP:
                break
            spelled, could_be_one, until = spelled + letters, could_be_one or is_of_a_key, end
            if could_be_one and len(spelled) >= SHORTEST:
                yield begin, end, spelled


def _is_of_a_key(group: str) -> bool:
    return (len(group) > 1 and group.isupper()) or any(map(str.isdigit, group))


def _masked(text: str, places: Sequence[_Place]) -> str:
    until = len(text)
    for begin, end, _ in sorted(places, reverse=True):
        if end <= until:  # what overlaps is masked already
            text = text[:begin] + mask(" ".join(text[begin:end].split())) + text[end:]
            until = begin
    return text


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _replaced(value: JsonValue, shown: Mapping[str, str]) -> JsonValue:
    if isinstance(value, dict):
        return {name: _replaced(item, shown) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, shown) for item in value]
    return shown.get(value, value) if isinstance(value, str) else value
