"""How values travel through Temporal: as JSON by pydantic, and never as a decoding error (SPEC §5)."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter

from config.payload_codec import ENCRYPTED, key_id_of
from domain.payloads import Undecodable


class KeyMissing(RuntimeError):
    """Something is encrypted with a key that is not in the ring; one sentence that says what to do."""

    def __init__(self, key_id: str = "") -> None:
        named = f" {key_id!r}" if key_id else ""
        super().__init__(
            f"The answer is encrypted with key{named}, which is not in the key ring or is another one there: "
            "see `curative keys show`, CURATIVE_KEYS, CURATIVE_KEYS_FILE."
        )


READABLE = frozenset({"json/plain", "binary/plain", "binary/null"})
"""What a parameter without a type can be given as a plain value."""


class TolerantPayloadConverter(PydanticPayloadConverter):
    """Pydantic's converter, which hands back an `Undecodable` where nothing is expected and nothing can be
    read.

    The SDK drops a signal that does not decode and retries the workflow task for ever over a start argument
    that does not; both would lose a message without a journal line. So a payload whose target has no type
    (`Any`) always becomes a value. A payload with a typed target (activities, results, queries) still
    raises: there, a mismatch is a bug, or a key is missing, and what waits for it is tried until it is back.
    """

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """One value for each payload, in order. Raises only for payloads whose type hint is not `Any`."""
        return [
            self._untyped(payload) if hint is None or hint is Any else self._typed(payload, hint)
            for payload, hint in zip_longest(payloads, type_hints or [])
        ]

    def _typed(self, payload: Payload, hint: type) -> Any:
        if payload.metadata.get("encoding") == ENCRYPTED and hint is not RawValue:
            raise KeyMissing(key_id_of(payload))
        return super().from_payloads([payload], [hint])[0]

    def _untyped(self, payload: Payload) -> Any:
        encoding = payload.metadata.get("encoding", b"<unknown>").decode(errors="replace")
        if encoding in READABLE:
            try:
                return super().from_payloads([payload])[0]
            except (ValueError, RuntimeError):  # broken JSON; a "null" that carries bytes
                pass
        return Undecodable(encoding=encoding, size=len(payload.data))
