"""Activation keys that people write back to us: what we gave out is never kept readable again (SPEC §7.5, R11)."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar, cast

import asyncpg
from pydantic import BaseModel, JsonValue

from config.secrets import SecretBox
from database.pool import UNREACHABLE
from domain.masking import mask

_GROUP = re.compile(r"[^\W_]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
SHORTEST, FINGERPRINT = 6, 32
MOST_GROUPS: Final = 12
WIDEST_GAP: Final = 8
"""Signs between two groups of a key, as a dash, or the end of a quoted line and the marks of the next."""

TEXTS_REMEMBERED, LONGEST_REMEMBERED = 2_000, 500
"""Of texts of so many signs at most the fingerprints are kept, joined: bytes are nothing to the garbage collection."""

IDENTIFIERS: Final = frozenset({"reference", "workflow_id", "run_id"})
"""What an execution is found by is no key, even when somebody has brought the same as one."""

_KNOWN = "select spelling from activation_keys where spelling = any($1::bytea[])"


Value = TypeVar("Value")
Model = TypeVar("Model", bound=BaseModel)


class _Place(NamedTuple):
    """Where a text holds a key."""

    begin: int
    end: int


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
        self._remembered = lru_cache(TEXTS_REMEMBERED)(self._fingerprints_in)

    async def masked(self, text: str) -> str:
        """The text with every key in it masked."""
        return await self.masked_in(text)

    async def masked_in(self, value: Value) -> Value:
        """The same for every text in a value of JSON, but for identifiers and the names of fields. One question."""
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
        asked = {text: set(_each(found)) for text in texts if (found := self._fingerprints(text))}
        every = frozenset[bytes]().union(*asked.values())
        known = {row["spelling"] for row in await self._pool.fetch(_KNOWN, list(every))} if every else set()
        return {text: self._places(text, known) for text, found in asked.items() if not known.isdisjoint(found)}

    def _places(self, text: str, known: Set[bytes]) -> Sequence[_Place]:
        candidates = _candidates(text)
        return [_Place(begin, end) for begin, end, spelled in candidates if _fingerprint(spelled, self._box) in known]

    def _fingerprints(self, text: str) -> bytes:
        return self._remembered(text) if len(text) <= LONGEST_REMEMBERED else self._fingerprints_in(text)

    def _fingerprints_in(self, text: str) -> bytes:
        """The fingerprints of all that could be a key in a text, one after the other."""
        return b"".join(_fingerprint(spelled, self._box) for _, _, spelled in _candidates(text))


async def keys_masked(keys: KnownKeys | None, view: Model) -> Model:
    """A view as people are shown it, keys masked; as it is, while PostgreSQL is away and nobody knows the keys."""
    said = view.model_dump(mode="json")
    try:
        masked = await keys.masked_in(said) if keys else said
    except UNREACHABLE:
        return view
    return view if masked is said else type(view).model_validate(masked)


def _each(fingerprints: bytes) -> Iterator[bytes]:
    return (fingerprints[at : at + FINGERPRINT] for at in range(0, len(fingerprints), FINGERPRINT))


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
    for begin, end in reversed(_joined(places)):
        text = text[:begin] + mask(" ".join(text[begin:end].split())) + text[end:]
    return text


def _joined(places: Sequence[_Place]) -> Sequence[_Place]:
    """In order, those that overlap as one."""
    joined: list[_Place] = []
    for begin, end in sorted(places):
        if joined and begin < joined[-1].end:
            begin, end = joined[-1].begin, max(end, joined.pop().end)
        joined.append(_Place(begin, end))
    return joined


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        value = [item for name, item in value.items() if name not in IDENTIFIERS]
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _replaced(value: JsonValue, shown: Mapping[str, str]) -> JsonValue:
    if isinstance(value, dict):
        return {name: item if name in IDENTIFIERS else _replaced(item, shown) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, shown) for item in value]
    return shown.get(value, value) if isinstance(value, str) else value
