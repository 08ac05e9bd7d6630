"""The receiver: takes mails from a mail server, over SMTP or LMTP, and answers for them (R12).

250 is said only when what follows from the mail is durable; 451 when that is not certain, so that the sending server
keeps the mail; 450 and 421 over the limits, 550 for recipients that are not ours, 552 for what is too large.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiosmtpd.smtp import Envelope, Session

from mailgate.gate import MailGate, Passage
from mailgate.limits import RateLimit
from mailgate.protocol import Connections, LmtpConnection, SmtpConnection, _Limited
from mailgate.recipients import Recipients

log = logging.getLogger("mailgate")

AGAIN: Final = "451 4.3.0 Not certain to be kept: give it again later"
NOT_READY: Final = "451 4.3.2 Not ready yet: give it again later"
NOT_OURS: Final = "550 5.1.1 No such mailbox here"
TOO_FAST: Final = "450 4.7.1 Too many mails in a short time, try again later"
TOO_MANY_RECIPIENTS: Final = "452 4.5.3 Too many recipients"
MOST_RECIPIENTS: Final = 100
HOUR: Final = 3_600.0
NULL_SENDER: Final = "<>"


@dataclass(frozen=True)
class Limits:
    """What the receiver takes: bytes of a mail, connections, mails an hour, and seconds for one mail."""

    max_bytes: int = 10_000_000
    connections: int = 50
    connections_of_a_peer: int = 50
    mails_of_a_sender: int = 60
    mails_of_a_peer: int = 3_000
    seconds: float = 60.0


class MailHandler:
    """Answers the commands of every connection. Until it has a gate, every mail is to be given again."""

    def __init__(self, recipients: Recipients, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.gate: MailGate | None = None
        self.name_of: Callable[[str], str] = lambda _address: "-"
        self._recipients = recipients
        self._limits = limits
        self._senders = RateLimit(limits.mails_of_a_sender, HOUR, clock)
        self._peers = RateLimit(limits.mails_of_a_peer, HOUR, clock)
        self._clock = clock
        self._at_work: set[asyncio.Task[Passage]] = set()

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, _server: object, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Begin a mail, unless its sender or its peer has sent too many."""
        if not self._peers.allows(_peer(session)) or (address != NULL_SENDER and not self._senders.allows(address)):
            log.warning("too many mails", extra={"sender": self.name_of(address)})
            return TOO_FAST
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: object, _session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Take a recipient that is ours."""
        if not self._recipients.include(address):
            return NOT_OURS
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: object, _session: Session, envelope: Envelope
    ) -> str:
        """Take the mail to where it belongs; the answer says whether it is kept."""
        if self.gate is None:
            return NOT_READY
        raw = envelope.original_content or b""
        sender = "" if envelope.mail_from == NULL_SENDER else envelope.mail_from or ""
        began = self._clock()
        task = asyncio.ensure_future(self.gate.take(raw, sender))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        passage = await asyncio.wait_for(task, self._limits.seconds)
        log.info(
            "mail taken",
            extra={
                "kind": passage.kind,
                "outcome": passage.outcome.word,
                "reference": passage.outcome.reference,
                "repeat": passage.is_repeat,
                "bytes": len(raw),
                "seconds": round(self._clock() - began, 3),
                "sender": self.name_of(sender),
            },
        )
        return f"250 2.0.0 OK {passage.outcome.word}"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong: the mail is not certain to be kept. What it says may be of the mail: no log of it."""
        log.warning("mail not taken", extra={"reason": type(error).__name__})
        return AGAIN

    async def settle(self, seconds: float) -> None:
        """Wait for the mails that are being taken."""
        if self._at_work:
            await asyncio.wait(set(self._at_work), timeout=seconds)


def _peer(session: Session) -> str:
    peer: object = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else "local"


@dataclass(frozen=True)
class Listening:
    """Where the receiver listens: the ports, None for what it does not speak."""

    host: str
    smtp_port: int | None
    lmtp_port: int | None


@asynccontextmanager
async def listening(
    handler: MailHandler,
    limits: Limits,
    host: str,
    *,
    smtp_port: int | None,
    lmtp_port: int | None,
    settle: float = 20.0,
) -> AsyncIterator[Listening]:
    """Listen until the end; then what is being taken is finished first. A port 0 is picked by the system.

    Raises OSError when a port cannot be had.
    """
    loop = asyncio.get_running_loop()
    connections = Connections(limits.connections, limits.connections_of_a_peer)
    servers: list[asyncio.Server] = []
    ports: list[int | None] = []

    def connection_of(protocol: type[_Limited]) -> Callable[[], asyncio.BaseProtocol]:
        return lambda: protocol(connections, handler, data_size_limit=limits.max_bytes, hostname="mailgate", loop=loop)

    protocols: list[tuple[type[_Limited], int | None]] = [(SmtpConnection, smtp_port), (LmtpConnection, lmtp_port)]
    try:
        for protocol, port in protocols:
            if port is None:
                ports.append(None)
                continue
            server = await loop.create_server(connection_of(protocol), host, port)
            servers.append(server)
            ports.append(server.sockets[0].getsockname()[1])
        yield Listening(host, *ports)
    finally:
        for server in servers:
            server.close()
        await handler.settle(settle)
