"""The keys of an installation: several by id, the first one encrypts, all of them decrypt (docs/secrets.md)."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.entries import ensure_private_file, read_entries_file
from config.entries import entries as words
from config.settings import Settings, SettingsError

KEYS_FILE = "keys"
"""The ring that `curative up` makes for itself, in its data directory."""

FINGERPRINT = "fingerprint"
"""The id of the entry that makes fingerprints: it encrypts nothing, and is not rotated with the others."""

KEY_BYTES = 32
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_NEW_RING = """\
# The keys of this installation, one a line: id:base64 of 32 bytes. The first encrypts, all decrypt.
# Who loses this file loses what was encrypted with it; keep a copy elsewhere. Rotation: docs/secrets.md
{entries}
"""


@dataclass(frozen=True)
class Key:
    """One key. Its material is never used itself, and never shown: each purpose has a key derived from it."""

    id: str
    material: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """The 32 bytes that serve `purpose`, and tell nothing of those for another one."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"curative/{purpose}".encode()).derive(self.material)


@dataclass(frozen=True)
class KeyRing:
    """Keys in their order: `keys[0]` encrypts, each decrypts what names it; `fingerprint` only makes fingerprints."""

    keys: tuple[Key, ...]
    fingerprint: Key

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        """The ring in `text`: entries `id:base64`, apart by commas or white space, with # comments.

        Without an entry `fingerprint`, the last key, the oldest, makes the fingerprints. Raises SettingsError, which
        names the entry by its number or id and never quotes a key.
        """
        found = [_entry(word, f"Key {number} of {where}") for number, word in enumerate(words(text), start=1)]
        ids = [key.id for key in found]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise SettingsError(f"Key id {id_!r} stands more than once in {where}: give each key an id of its own.")
        keys = tuple(key for key in found if key.id != FINGERPRINT)
        if not keys:
            raise SettingsError(f"{where} holds no key: `curative keys new` makes one.")
        return cls(keys, next((key for key in found if key.id == FINGERPRINT), keys[-1]))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The ring in the file `path`. Raises SettingsError when there is none that can be read."""
        text = read_entries_file(path, "The key ring")
        return cls.parse(text, str(path))


def new_entry(id_: str | None = None) -> str:
    """A new key as an entry of a ring. Its id says nothing, and no other installation has the same one."""
    return f"{id_ or 'k-' + secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def ensure_keys_file(path: Path) -> None:
    """Make a ring of one key at `path`, readable by its owner only, unless one is there: it is never overwritten."""
    if not path.exists():
        ensure_private_file(path, new_ring())


def new_ring() -> str:
    """The text of a ring with one new key, and one for fingerprints."""
    return _NEW_RING.format(entries="\n".join((new_entry(), new_entry(FINGERPRINT))))


def key_ring(settings: Settings) -> KeyRing | None:
    """The ring of this process: `CURATIVE_KEYS`, else `CURATIVE_KEYS_FILE`, else the file in the data directory.

    None only when there is none and `CURATIVE_UNENCRYPTED` says that this is meant. Raises SettingsError otherwise, and
    for a ring that cannot be used.
    """
    if settings.keys is not None:
        return KeyRing.parse(settings.keys, "CURATIVE_KEYS")
    if settings.keys_file is not None:
        return KeyRing.read(settings.keys_file)
    own = settings.data_dir / KEYS_FILE
    if own.exists():
        return KeyRing.read(own)
    if settings.unencrypted:
        return None
    raise SettingsError(
        f"No key is known to encrypt with: set CURATIVE_KEYS_FILE or CURATIVE_KEYS (`curative keys new` makes a ring; "
        f"`curative up` keeps one in its data directory, and there is none in {settings.data_dir}), "
        "or CURATIVE_UNENCRYPTED=true to store everything readable."
    )


def _entry(word: str, which: str) -> Key:
    id_, colon, encoded = word.partition(":")
    if not colon or not _ID.fullmatch(id_):
        raise SettingsError(f"{which} has no usable id: write id:base64, the id of a-z, 0-9 and ._- as in k-2026.")
    try:
        material = base64.b64decode(_standard(encoded), validate=True)
    except (binascii.Error, ValueError):
        material = b""
    if len(material) != KEY_BYTES:
        raise SettingsError(f"{which} ({id_}) is no key: it must be {KEY_BYTES} bytes in base64.")
    return Key(id_, material)


def _standard(encoded: str) -> str:
    """The standard alphabet and padding, whichever of the two usual forms was written."""
    bare = encoded.rstrip("=").replace("-", "+").replace("_", "/")
    return bare + "=" * (-len(bare) % 4)
