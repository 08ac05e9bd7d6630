"""Secrets in PostgreSQL: sealed one by one, told apart without being opened (SPEC §7.5, docs/secrets.md)."""

import hmac
from hashlib import sha256

from config.encryption import CannotDecrypt, RingCipher
from config.key_ring import KeyRing, key_ring
from config.settings import Settings

_PLAIN, _ENCRYPTED = 0, 1
"""The first byte of what is sealed: how the rest is to be read."""

_KNOWN_TO_ALL = b"curative without keys"


class SecretUnreadable(ValueError):
    """A sealed secret that does not open; one sentence that says why, and nothing of the secret."""


class SecretBox:
    """Seals short texts for columns of PostgreSQL with the first key of the ring, and opens them with any of its keys.

    Sealed bytes name their key: `0x01`, the length of its id, the id, nonce, cipher text, tag. Without a ring
    (`CURATIVE_UNENCRYPTED`) they are `0x00` and the text itself.
    """

    def __init__(self, ring: KeyRing | None) -> None:
        self._cipher = RingCipher(ring, "seal") if ring else None
        self._fingerprint_key = ring.fingerprint.derive("fingerprint") if ring else _KNOWN_TO_ALL

    @classmethod
    def of(cls, settings: Settings) -> "SecretBox":
        """The box of this process. Raises SettingsError when it has no keys, and nothing says that this is meant."""
        return cls(key_ring(settings))

    def seal(self, text: str, context: str) -> bytes:
        """`text` encrypted and bound to `context`, which says where it belongs (`activation_keys/<release>`)."""
        if self._cipher is None:
            return bytes([_PLAIN]) + text.encode()
        key_id = self._cipher.key_id.encode()
        return bytes([_ENCRYPTED, len(key_id)]) + key_id + self._cipher.encrypt(text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """The text that was sealed for `context`. Raises SecretUnreadable."""
        if sealed[:1] == bytes([_PLAIN]):
            return sealed[1:].decode(errors="replace")
        key_id, encrypted = _parts(sealed)
        if self._cipher is None:
            raise SecretUnreadable("The secret is encrypted, and this process has no key ring.")
        try:
            return self._cipher.decrypt(key_id, encrypted, context.encode()).decode()
        except CannotDecrypt as error:
            raise SecretUnreadable(f"The secret does not open: {error}.") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key of the ring sealed it: what is not current can be sealed anew after a rotation."""
        if self._cipher is None or sealed[:1] == bytes([_PLAIN]):
            return self._cipher is None
        return _parts(sealed)[0] == self._cipher.key_id

    def fingerprint(self, text: str) -> bytes:
        """32 bytes that are the same for the same text, and tell nothing of it to who has no key: for UNIQUE.

        They are made with the ring's `fingerprint` entry, and so stay the same when the keys rotate.
        """
        return hmac.digest(self._fingerprint_key, text.encode(), sha256)


def _parts(sealed: bytes) -> tuple[str, bytes]:
    if len(sealed) < 2 or sealed[0] != _ENCRYPTED or len(sealed) < 2 + sealed[1]:
        raise SecretUnreadable("The secret does not open: these are no sealed bytes.")
    end = 2 + sealed[1]
    return sealed[2:end].decode(errors="replace"), sealed[end:]
