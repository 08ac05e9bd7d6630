"""A real SMTP server (aiosmtpd) in the test's own loop: it can refuse, be killed in mid-sentence, and come back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "curative", "p@ss/word"


@dataclass
class Server:
    """What it took, what it refuses, and how to reach it. The answers are those to a sender, an address, a mail."""

    port: int = 0
    security: dict[str, Any] = field(default_factory=dict)
    received: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    mail_answer: str = "250 fine"
    rcpt_answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    before_the_answer: Callable[[], None] = lambda: None
    _serving: asyncio.Server | None = None
    _connections: list[SMTP] = field(default_factory=list)

    async def start(self) -> None:
        """Listen, on the same port as before."""
        implicit = self.security.get("implicit")
        loop = asyncio.get_running_loop()
        self._serving = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=implicit)
        self.port = self._serving.sockets[0].getsockname()[1]

    def _protocol(self) -> SMTP:
        options = {name: value for name, value in self.security.items() if name != "implicit"}
        if options.get("auth_required"):
            options["authenticator"] = self._authenticate
        smtp = SMTP(self, hostname="tests", loop=asyncio.get_running_loop(), **options)
        self._connections.append(smtp)
        return smtp

    def kill(self) -> None:
        """Nobody listens any more, and whoever is in the middle of a sentence hears nothing further."""
        assert self._serving is not None
        self._serving.close()
        for smtp in self._connections:
            if isinstance(smtp.transport, asyncio.Transport) and not smtp.transport.is_closing():
                smtp.transport.abort()
        self._connections.clear()

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        is_known = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=is_known, handled=is_known)

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, unless all are refused."""
        if self.mail_answer.startswith("250"):
            envelope.mail_from = address
        return self.mail_answer

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address, unless it is refused."""
        envelope.rcpt_tos.append(address)
        return self.rcpt_answers.get(address, "250 fine")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Take a mail, unless all are refused; then it may be too late to say so."""
        assert isinstance(envelope.content, bytes)
        if self.data_answer.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
            self.over_tls.append(session.ssl is not None or bool(self.security.get("implicit")))
        self.before_the_answer()
        return self.data_answer


@asynccontextmanager
async def running(**security: Any) -> AsyncIterator[Server]:
    """A server, secured as aiosmtpd's options say; `implicit` is for TLS from the first byte."""
    server = Server(security=security)
    await server.start()
    yield server
    server.kill()


def starttls(context: ssl.SSLContext, *, required: bool = False) -> dict[str, Any]:
    """Options of a server that offers STARTTLS."""
    return {"tls_context": context, "require_starttls": required}


LOGIN_REQUIRED: dict[str, Any] = {"auth_required": True, "auth_require_tls": False}
