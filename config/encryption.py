"""AES-GCM with the keys of a ring, each use with keys of its own. It knows no payloads and no columns."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.key_ring import KeyRing

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class CannotDecrypt(ValueError):
    """What was encrypted cannot be had back; one sentence that says why, and nothing of the content."""


class RingCipher:
    """Encrypts with the first key of a ring, decrypts with the one that is named.

    `purpose` keeps uses apart: what was encrypted for one cannot be decrypted for another.
    """

    def __init__(self, ring: KeyRing, purpose: str) -> None:
        self._ciphers = {key.id: AESGCM(key.derive(purpose)) for key in ring.keys}
        self.key_id = ring.keys[0].id

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """Nonce, cipher text and tag, bound to `context` and to the key, which is `key_id`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self.key_id].encrypt(nonce, plain, _bound(self.key_id, context))

    def decrypt(self, key_id: str, encrypted: bytes, context: bytes) -> bytes:
        """What `encrypt` was given. Raises CannotDecrypt: unknown key, other context, altered, cut off."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotDecrypt(f"it was encrypted with key {key_id[:40]!r}, which is not in the key ring")
        if len(encrypted) < NONCE_BYTES + TAG_BYTES:
            raise CannotDecrypt("it is cut off")
        nonce, rest = encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, rest, _bound(key_id, context))
        except InvalidTag:
            raise CannotDecrypt("it was altered, or belongs elsewhere") from None


def _bound(key_id: str, context: bytes) -> bytes:
    return key_id.encode() + b"\0" + context
