"""Talking SMTP and LMTP to the receiver, line by line: what a mail server would hear."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

SENDER, RECIPIENT = "camille.petit@brunel.example", "support@curative.invalid"


class Talk:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def hear(self) -> str:
        """One whole answer; empty when the other side has hung up."""
        lines: list[str] = []
        while line := (await self._reader.readline()).decode():
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    async def say(self, line: str) -> str:
        """Say a line, and hear the answer."""
        self.tell(line)
        return await self.hear()

    def tell(self, line: str) -> None:
        """Say a line, and hear nothing yet."""
        self._writer.write(line.encode() + b"\r\n")

    async def give(self, mail: bytes, *, sender: str = SENDER, recipients: Sequence[str] = (RECIPIENT,)) -> str:
        """A whole mail; the answer to its data, or the first refusal before."""
        if not (answer := await self.begin(sender, recipients)).startswith("354"):
            return answer
        self.send(mail)
        return await self.hear()

    async def begin(self, sender: str = SENDER, recipients: Sequence[str] = (RECIPIENT,)) -> str:
        """Everything before the data."""
        for line in (f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{each}>" for each in recipients)):
            if not (answer := await self.say(line)).startswith("250"):
                return answer
        return await self.say("DATA")

    def send(self, mail: bytes) -> None:
        """The data to its end."""
        stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in mail.split(b"\r\n"))
        self._writer.write(stuffed.rstrip(b"\r\n") + b"\r\n.\r\n")

    def hang_up(self) -> None:
        """Close without a word."""
        self._writer.close()


@asynccontextmanager
async def talking(port: int | None, greeting: str = "EHLO test.example") -> AsyncIterator[Talk]:
    """A connection that has been greeted; `LHLO` speaks LMTP."""
    assert port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    talk = Talk(reader, writer)
    first = await talk.hear()
    if first.startswith("220"):
        await talk.say(greeting)
    try:
        yield talk
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def give(port: int | None, mail: bytes, **envelope: object) -> str:
    """A mail over SMTP, in a connection of its own."""
    async with talking(port) as talk:
        return await talk.give(mail, **envelope)  # type: ignore[arg-type]
