"""What Temporal stores of us is encrypted: every payload, by AES-GCM, with the id of its key beside it (SPEC §7.5)."""

import logging
from collections.abc import Sequence

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from config.encryption import CannotDecrypt, RingCipher
from config.key_ring import KeyRing

ENCRYPTED = b"binary/encrypted"
KEY_ID = "encryption-key-id"
CIPHER = "encryption-cipher"

_CONTEXT = b"payload"

log = logging.getLogger(__name__)


class EncryptingCodec(PayloadCodec):
    """Encrypts with the first key of the ring; decrypts whatever one of its keys encrypted, and passes on the rest.

    What is not encrypted (older histories, the Web UI and the `temporal` command without the codec endpoint) comes
    through as it is. So does what cannot be decrypted, for whatever reason: it never raises, and the converter makes an
    `Undecodable` of it, which is refused like any other message of the wrong form (SPEC §5).
    With `only_decrypts`, nothing new is encrypted: the way back to readable histories.
    """

    def __init__(self, ring: KeyRing, *, only_decrypts: bool = False) -> None:
        self._cipher = RingCipher(ring, "payload")
        self._only_decrypts = only_decrypts
        self._told: set[str] = set()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload encrypted, with its metadata."""
        return list(payloads) if self._only_decrypts else [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload as it was before it was encrypted, or as it came."""
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        key_id = self._cipher.key_id
        metadata = {"encoding": ENCRYPTED, CIPHER: b"AES-256-GCM", KEY_ID: key_id.encode()}
        return Payload(metadata=metadata, data=self._cipher.encrypt(payload.SerializeToString(), _CONTEXT))

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCRYPTED:
            return payload
        try:
            return Payload.FromString(self._cipher.decrypt(key_id_of(payload), payload.data, _CONTEXT))
        except (CannotDecrypt, DecodeError) as error:
            self._tell_once(str(error))
            return payload

    def _tell_once(self, reason: str) -> None:
        """A case is replayed often: the same reason is worth one line."""
        if reason not in self._told and len(self._told) < 1_000:
            self._told.add(reason)
            log.warning("a payload cannot be decrypted, and is handed on as it is", extra={"reason": reason})


def key_id_of(payload: Payload) -> str:
    """The id of the key that a payload names; empty when it names none."""
    return payload.metadata.get(KEY_ID, b"").decode(errors="replace")
