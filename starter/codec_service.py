"""The codec endpoint of the one-machine stack."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.codec_readers import Readers, codec_readers
from config.key_ring import key_ring
from config.settings import Settings
from starter.dev_server import HOST, free_port
from starter.service_process import Command, Service, running_service

CODEC = "codec"
WEB_UI = "web-ui"
POLL_SECONDS = 0.05


class CodecFailed(RuntimeError):
    """The codec endpoint could not be started; the message ends with what it said itself."""


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


def codec_address(settings: Settings, *, login: bool) -> CodecAddress | None:
    """Where this stack's endpoint is to listen; None when nothing is encrypted. Raises SettingsError.

    Without `login`, whoever opens the Web UI reads in clear; with it, only who has shown a reader's token.
    """
    if key_ring(settings) is None:
        return None
    token = None if login else secrets.token_urlsafe(24)
    return CodecAddress(free_port(settings.codec_port or None), codec_readers(settings), token)


@asynccontextmanager
async def running_codec(command: Command, address: CodecAddress) -> AsyncIterator[Service]:
    """The endpoint, once it listens; stopped at the end. Raises CodecFailed, LockHeldError."""
    async with running_service(command) as service:
        while not await _listens(address.port):
            if service.deaths:
                raise CodecFailed(f"The codec endpoint did not start:\n{service.last_words()}")
            await asyncio.sleep(POLL_SECONDS)
        yield service


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


def codec_command(data_dir: Path, address: CodecAddress | None, environment: Mapping[str, str]) -> Command:
    """The endpoint as a process of the stack on `data_dir`."""
    return Command(
        name=CODEC,
        arguments=[sys.executable, "-m", "api.codec"],
        log_file=data_dir / CODEC / "codec.log",
        lock_file=data_dir / CODEC / "codec.lock",
        environment={**environment, **(address.environment if address else {})},
    )
