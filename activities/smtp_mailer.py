"""Mail out by SMTP: one connection a message, secured as the settings say."""

import socket
import ssl
from email.message import EmailMessage
from email.utils import parseaddr

import aiosmtplib

from activities.mailer import MailDelayed, MailRefused
from config.smtp import Security, SmtpServer

REFUSED_FOR_GOOD = 500
"""From this code on a server says that trying again is of no use."""

OF_THE_CONNECTION = frozenset({503, 521, 530, 534, 535, 538})
"""But these speak of our session or our login, not of the mail: somebody puts that right, and then it is taken."""

_START_TLS: dict[Security, bool | None] = {
    Security.IMPLICIT: False,
    Security.STARTTLS: True,
    Security.OPTIONAL: None,
    Security.NONE: False,
}


class PasswordWouldBeSeen(Exception):
    """The server offers no TLS, and the password is not sent unencrypted; set CURATIVE_SMTP_SECURITY."""


class SmtpMailer:
    """Hands messages to an SMTP server. What says nothing of the message itself is raised as it comes: try again."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, message: EmailMessage) -> None:
        """Hand the message to the server. Raises MailRefused, MailDelayed, SMTPException or OSError."""
        async with self._connection() as server:
            await self._log_in(server)
            await _hand_over(server, message)

    def _connection(self) -> aiosmtplib.SMTP:
        secured = self._server.security is not Security.NONE
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            local_hostname=socket.gethostname(),
            timeout=self._server.timeout_seconds,
            use_tls=self._server.security is Security.IMPLICIT,
            start_tls=_START_TLS[self._server.security],
            tls_context=ssl.create_default_context(cafile=self._server.ca_file) if secured else None,
        )

    async def _log_in(self, server: aiosmtplib.SMTP) -> None:
        if self._server.user is None or self._server.password is None:
            return
        is_encrypted = server.get_transport_info("sslcontext") is not None
        if not is_encrypted and not self._server.may_send_the_password_unencrypted:
            raise PasswordWouldBeSeen(
                f"{self._server.host} offers no STARTTLS, and the password is not sent unencrypted: "
                "set CURATIVE_SMTP_SECURITY=none to send it all the same"
            )
        await server.login(self._server.user, self._server.password.get_secret_value())


async def _hand_over(server: aiosmtplib.SMTP, message: EmailMessage) -> None:
    """Tell apart what is said of the mail, for good or for now. A refusal of the sender is ours to put right."""
    sender = parseaddr(message["From"])[1]
    try:
        await server.send_message(message, sender=sender, recipients=[message["To"]])
    except aiosmtplib.SMTPRecipientsRefused as refused:
        answer = refused.recipients[0]
        raise _verdict(answer.code, answer.message) from None
    except aiosmtplib.SMTPDataError as answer:
        raise _verdict(answer.code, answer.message) from None


def _verdict(code: int, text: str) -> MailRefused | MailDelayed:
    if code >= REFUSED_FOR_GOOD and code not in OF_THE_CONNECTION:
        return MailRefused(f"{code} {' '.join(text.split())[:200]}")
    return MailDelayed(f"the mail server does not take it now ({code})")
