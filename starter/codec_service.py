"""The codec endpoint of the one-machine stack."""

import asyncio
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.codec_readers import Readers, codec_readers
from config.key_ring import key_ring
from config.settings import Settings
from starter.dev_server import HOST
from starter.service_process import Command, Service, running_service

CODEC = "codec"
WEB_UI = "web-ui"
POLL_SECONDS = 0.05


class CodecFailed(RuntimeError):
    """The codec endpoint could not be started; the message ends with what it said itself."""


@dataclass(frozen=True)
class CodecAddress:
    """Where the endpoint listens, who may decode there, and the address that the Web UI is given."""

    listening: socket.socket
    readers: Readers
    web_ui_token: str | None = field(repr=False)

    @property
    def port(self) -> int:
        """Where it listens; nobody else can have taken it."""
        return int(self.listening.getsockname()[1])

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
            "CURATIVE_CODEC_READERS": ",".join(f"{name}:{token}" for name, token in tokens.items()),
        }


@contextmanager
def codec_address(settings: Settings, *, login: bool) -> Iterator[CodecAddress | None]:
    """Where this stack's endpoint listens, from now on; None when nothing is encrypted. Raises SettingsError.

    Without `login`, whoever opens the Web UI reads in clear; with it, only who has shown a reader's token.
    """
    if key_ring(settings) is None:
        yield None
        return
    token = None if login else secrets.token_urlsafe(24)
    with _listening(settings.codec_port) as listening:
        yield CodecAddress(listening, codec_readers(settings), token)


def _listening(port: int) -> socket.socket:
    """A socket on that port, or on another one when it is taken: it is held from before the Web UI is told of it."""
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))


@asynccontextmanager
async def running_codec(command: Command, address: CodecAddress) -> AsyncIterator[Service]:
    """The endpoint, once it answers; stopped at the end. Raises CodecFailed, LockHeldError."""
    async with running_service(command) as service:
        answer = asyncio.create_task(_answer(address.port))
        while not answer.done():
            if service.deaths:
                answer.cancel()
                raise CodecFailed(f"The codec endpoint did not start:\n{service.last_words()}")
            await asyncio.wait([answer], timeout=POLL_SECONDS)
        answer.result()
        yield service


async def _answer(port: int) -> None:
    """Wait for the process to take up a connection; the socket itself is there before it."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"GET /health HTTP/1.0\r\n\r\n")
    await reader.readline()
    writer.close()


def codec_command(data_dir: Path, address: CodecAddress | None, environment: Mapping[str, str]) -> Command:
    """The endpoint as a process of the stack on `data_dir`."""
    return Command(
        name=CODEC,
        arguments=[
            sys.executable,
            "-m",
            "api.codec",
            *(("--socket", str(address.listening.fileno())) if address else ()),
        ],
        log_file=data_dir / CODEC / "codec.log",
        lock_file=data_dir / CODEC / "codec.lock",
        environment={**environment, **(address.environment if address else {})},
        sockets=(address.listening.fileno(),) if address else (),
    )
