"""The way from a worker to Temporal, which can be cut between a request and its answer.

A worker that is killed behind a wire that was cut has had something done, and will never know.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 65_536
GZIP = re.compile(rb"\x1f\x8b\x08")
"""How a gRPC message begins that was compressed; each is by itself."""


class Wire:
    """Carries bytes both ways; `address` is what TEMPORAL_ADDRESS takes."""

    def __init__(self, target: str) -> None:
        self._host, self._port = target.rsplit(":", 1)
        self._last_words: bytes | None = None
        self._cut = asyncio.Event()
        self.address = ""

    def cut_after(self, words: str) -> None:
        """Let one more request through that holds these words, and then nothing, either way."""
        self._last_words = words.encode()

    async def is_cut(self) -> None:
        """Until that request has gone through."""
        await self._cut.wait()

    def mend(self) -> None:
        """Carry what comes over new connections."""
        self._last_words = None
        self._cut.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end has closed it."""
        answers, requests = await asyncio.open_connection(self._host, self._port)
        await asyncio.gather(self._carry(reader, requests, heeded=True), self._carry(answers, writer, heeded=False))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, heeded: bool) -> None:
        said = b""
        with suppress(OSError):
            while data := await source.read(CHUNK):
                if self._cut.is_set():
                    continue
                target.write(data)
                if heeded and self._last_words is not None:
                    said = (said + data)[-CHUNK:]
                    if self._last_words in _plain(said):
                        self._cut.set()
        target.close()


def _plain(stream: bytes) -> bytes:
    """All that can be read of the compressed messages in it."""
    plain = b""
    for beginning in GZIP.finditer(stream):
        with suppress(zlib.error):
            plain += zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(stream[beginning.start() :])
    return plain


@asynccontextmanager
async def running_wire(target: str) -> AsyncIterator[Wire]:
    """A wire to `target` (host:port), on a port that the system picks."""
    wire = Wire(target)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
