"""Who may have payloads decoded: readers by name, each with a token of his own (docs/secrets.md)."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from config.entries import ensure_private_file, entries, read_entries_file
from config.settings import Settings, SettingsError

READERS_FILE = "codec-readers"
"""The readers that `curative up` makes for itself, in its data directory."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24,}")
_NEW_FILE = """\
# Who may have encrypted payloads decoded, one a line: name:token. The token is as good as the keys: docs/secrets.md
{entry}
"""


@dataclass(frozen=True)
class Readers:
    """Tokens by the name of their reader."""

    tokens: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        """The readers in `text`: entries `name:token`. Raises SettingsError, which never quotes a token."""
        tokens: dict[str, str] = {}
        for number, entry in enumerate(entries(text), start=1):
            name, _, token = entry.partition(":")
            if not _NAME.fullmatch(name) or name in tokens:
                raise SettingsError(f"Reader {number} of {where} has no name of his own: write name:token.")
            if not _TOKEN.fullmatch(token):
                raise SettingsError(
                    f"Reader {name!r} of {where} has no usable token: 24 characters or more of A-Za-z0-9_-."
                )
            tokens[name] = token
        if not tokens:
            raise SettingsError(f"{where} names no reader: write name:token, one for each who may decode.")
        return cls(tokens)

    def with_token(self, shown: str) -> str | None:
        """The name of the reader whose token this is; None for nobody's."""
        found = [name for name, token in self.tokens.items() if hmac.compare_digest(token.encode(), shown.encode())]
        return found[0] if found else None


def ensure_readers_file(path: Path) -> None:
    """Let there be a reader `local` at `path`, for its owner's eyes only; a file that is there stays as it is."""
    if not path.exists():
        ensure_private_file(path, _NEW_FILE.format(entry=f"local:{secrets.token_urlsafe(24)}"))


def codec_readers(settings: Settings) -> Readers:
    """The readers of this process: the variable, else the file it names, else the one in the data directory.

    Raises SettingsError when there are none: nobody may decode unless it is said who.
    """
    if settings.codec_readers is not None:
        return Readers.parse(settings.codec_readers, "CURATIVE_CODEC_READERS")
    path = settings.codec_readers_file or settings.data_dir / READERS_FILE
    if settings.codec_readers_file is None and not path.exists():
        raise SettingsError(
            "Nobody is named who may decode: set CURATIVE_CODEC_READERS or CURATIVE_CODEC_READERS_FILE to name:token."
        )
    return Readers.parse(read_entries_file(path, "The file of readers"), str(path))
