"""Mail out: SMTP to whatever the settings say, a Maildir when they say nothing (DESIGN §2.7)."""

import asyncio
import mailbox
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


class Mailer(Protocol):
    """Sends one message. The caller gives it a stable Message-ID, so that a repeat can be told."""

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over; raises OSError or smtplib.SMTPException when it was not taken."""


class MaildirMailer:
    """Delivers into a Maildir on this machine. A message that is there already is not delivered again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def send(self, message: EmailMessage) -> None:
        """Write the message under a name made of its Message-ID."""
        await asyncio.to_thread(self._deliver, message)

    def _deliver(self, message: EmailMessage) -> None:
        maildir = mailbox.Maildir(self._directory, create=True)
        name = "".join(sign if sign.isalnum() or sign in ".-@" else "_" for sign in message["Message-ID"].strip("<>"))
        target = self._directory / "new" / name
        if not target.exists() and not list((self._directory / "cur").glob(f"{name}:*")):
            partial = self._directory / "tmp" / name
            partial.write_bytes(message.as_bytes())
            partial.replace(target)
        maildir.close()


class SmtpMailer:
    """Hands messages to an SMTP server: `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    async def send(self, message: EmailMessage) -> None:
        """Hand the message to the server."""
        await asyncio.to_thread(self._hand_over, message)

    def _hand_over(self, message: EmailMessage) -> None:
        with self._connect() as server:
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        host, context = self._url.hostname or "localhost", ssl.create_default_context()
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server


def mailer_for(smtp_url: str | None, maildir: Path) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(smtp_url) if smtp_url else MaildirMailer(maildir)
