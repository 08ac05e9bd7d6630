"""An SMTP server that takes every mail, and can be told to keep the sender waiting for its answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """Mails in the order in which they came; `url` is what CURATIVE_SMTP_URL takes."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.url = ""
        self._held: tuple[str, ...] = ()
        self._answering = asyncio.Event()
        self._answering.set()

    def hold_answers(self, *identifiers: str) -> None:
        """Take mails, and leave the senders in doubt about it: of those with these Message-IDs, or of all."""
        self._held = identifiers
        self._answering.clear()

    def answer(self) -> None:
        """Answer those who wait, and everybody from now on."""
        self._answering.set()

    def message_ids(self, step: str, case: str = "") -> list[str]:
        """The Message-IDs of the mails of that step (`vendor-request`, `notice-customer-3`), of one case or of all."""
        every = (mail["Message-ID"] for mail in self.received)
        return [identifier for identifier in every if case in identifier and f".{step}@" in identifier]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; a client that was killed is nothing special."""
        with suppress(OSError):
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail server of the tests\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"DATA":
                    writer.write(b"354 go ahead\r\n")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    mail = message_from_bytes(content[:-5], EmailMessage, policy=policy.default)
                    self.received.append(mail)
                    if not self._held or mail["Message-ID"] in self._held:
                        await self._answering.wait()
                    writer.write(b"250 taken\r\n")
                case b"QUIT":
                    writer.write(b"221 good bye\r\n")
                    break
                case _:
                    writer.write(b"250 fine\r\n")
        await writer.drain()


@asynccontextmanager
async def running_mail_server() -> AsyncIterator[MailServer]:
    """A server on a port that the system picks."""
    mail = MailServer()
    server = await asyncio.start_server(mail.serve, "127.0.0.1", 0)
    mail.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield mail
    finally:
        mail.answer()
        server.close()
