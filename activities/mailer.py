"""Mail out: a port, and the Maildir that serves where no mail server is known (DESIGN §2.7)."""

import asyncio
import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol


class MailRefused(Exception):
    """This mail, or its address, is refused for good: sending it again is of no use. Says the server's own reason."""


class MailDelayed(Exception):
    """This mail is not taken now, and may be later; others may be taken."""


class Mailer(Protocol):
    """Sends one message to one address. The caller gives it a stable Message-ID, so that a repeat can be told."""

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises MailRefused, MailDelayed, or what keeps any message from being taken."""


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
