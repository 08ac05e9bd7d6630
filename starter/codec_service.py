"""The codec endpoint of the one-machine stack, and the secrets that it makes for itself on its first start."""

import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.codec_readers import READERS_FILE, Readers, codec_readers, ensure_readers_file
from config.key_ring import KEYS_FILE, ensure_keys_file, key_ring
from config.settings import Settings
from starter.dev_server import HOST, free_port
from starter.service_process import Command

CODEC = "codec"
WEB_UI = "web-ui"


@dataclass(frozen=True)
class CodecAddress:
    """Where the endpoint listens, who may decode there, and the address that the Web UI is given."""

    port: int
    readers: Readers
    web_ui_token: str | None = field(repr=False)

    @property
    def url(self) -> str:
        """For people, who show their token."""
        return f"http://localhost:{self.port}"

    @property
    def for_the_web_ui(self) -> str:
        """With a token in it, unless people are to log in: the dev server's Web UI sends no cookie by itself."""
        return f"{self.url}/{self.web_ui_token}" if self.web_ui_token else self.url

    @property
    def environment(self) -> dict[str, str]:
        """What the process must know: the Web UI is a reader of its own, until the stack stops."""
        tokens = {**self.readers.tokens, **({WEB_UI: self.web_ui_token} if self.web_ui_token else {})}
        return {
            "CURATIVE_CODEC_HOST": HOST,
            "CURATIVE_CODEC_PORT": str(self.port),
            "CURATIVE_CODEC_READERS": ",".join(f"{name}:{token}" for name, token in tokens.items()),
        }


def ensure_own_secrets(settings: Settings) -> None:
    """Make the key ring and the token of this data directory, where no setting names others; never overwrite one."""
    if settings.keys is None and settings.keys_file is None and not settings.unencrypted:
        ensure_keys_file(settings.data_dir / KEYS_FILE)
    if settings.codec_readers is None and settings.codec_readers_file is None:
        ensure_readers_file(settings.data_dir / READERS_FILE)


def codec_address(settings: Settings, *, login: bool) -> CodecAddress | None:
    """Where this stack's endpoint is to listen; None when nothing is encrypted. Raises SettingsError.

    Without `login`, whoever opens the Web UI reads in clear; with it, only who has shown a reader's token.
    """
    if key_ring(settings) is None:
        return None
    token = None if login else secrets.token_urlsafe(24)
    return CodecAddress(free_port(settings.codec_port or None), codec_readers(settings), token)


def codec_command(data_dir: Path, address: CodecAddress | None, environment: Mapping[str, str]) -> Command:
    """The endpoint as a process of the stack on `data_dir`."""
    return Command(
        name=CODEC,
        arguments=[sys.executable, "-m", "api.codec"],
        log_file=data_dir / CODEC / "codec.log",
        lock_file=data_dir / CODEC / "codec.lock",
        environment={**environment, **(address.environment if address else {})},
    )
