"""SMTP and LMTP as the receiver speaks them: what the library leaves open, and what it must not do here."""

import asyncio
import logging
from collections import Counter
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

LONGEST_LINE: Final = 256 * 1024
"""Longer than the standard has it: what a mail server has taken must not fail here for a long line of HTML."""

MOST_COMMANDS: Final = 2_000
"""Of one kind in one connection."""

TOO_MANY: Final = b"421 4.7.0 Too many connections, try again later\r\n"

for name in ("mail.log", "mail.debug"):  # the library's own log names senders and recipients
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Connections:
    """Counts connections, in all and for each peer."""

    def __init__(self, most: int, most_of_a_peer: int) -> None:
        self._most = most
        self._most_of_a_peer = most_of_a_peer
        self._open: Counter[str] = Counter()

    def admit(self, peer: str) -> bool:
        """Whether one more may be open; if so, it counts until `leave`."""
        if self._open.total() >= self._most or self._open[peer] >= self._most_of_a_peer:
            return False
        self._open[peer] += 1
        return True

    def leave(self, peer: str) -> None:
        """One less."""
        self._open[peer] -= 1
        if self._open[peer] <= 0:
            del self._open[peer]


class _Limited(SMTP):
    """A connection that is refused at once when there are too many."""

    line_length_limit = LONGEST_LINE

    def __init__(self, connections: Connections, *arguments: Any, **options: Any) -> None:
        super().__init__(
            *arguments,
            command_call_limit={"*": MOST_COMMANDS},
            enable_SMTPUTF8=True,
            ident="Curative mail gate",
            **options,
        )
        self._connections = connections
        self._peer: str | None = None
        self._is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = peer_of(transport)
        if not self._connections.admit(peer):
            self._is_refused = True
            assert isinstance(transport, asyncio.Transport)
            transport.write(TOO_MANY)
            transport.close()
            return
        self._peer = peer
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return False if self._is_refused else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if self._peer is not None:
            self._connections.leave(self._peer)
            self._peer = None
        if not self._is_refused:
            super().connection_lost(error)


class SmtpConnection(_Limited):
    """One connection that speaks SMTP: one answer to a mail, whatever the number of its recipients."""


class LmtpConnection(_Limited, LMTP):
    """One connection that speaks LMTP: after the data, one answer for each recipient that was accepted."""

    _answers = 1

    async def push(self, status: Any) -> None:
        text = status.decode("utf-8", "replace") if isinstance(status, bytes) else str(status)
        times, self._answers = self._answers, 1
        for _ in range(times):
            await super().push(text)
        if text.startswith("354") and self.envelope is not None:
            self._answers = max(1, len(self.envelope.rcpt_tos))


def peer_of(transport: asyncio.BaseTransport) -> str:
    """The address of the other side, without its port; `local` for a socket that has none."""
    name = transport.get_extra_info("peername")
    return str(name[0]) if isinstance(name, tuple) and name else "local"
