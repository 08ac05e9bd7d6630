"""The demo's story of a software request: real mails, over SMTP, through the mail gate, and the mails that answer."""

import asyncio
import email
import email.policy
import smtplib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from temporalio.client import Client

from database.software_requests import SoftwareFilter
from domain.software_items import ItemState
from domain.software_view import SoftwareView
from starter.answers import NotAnswered
from starter.maildir import MailLine, SentMail
from starter.software_desk import SoftwareDesk

PATIENCE = timedelta(seconds=60)
"""How long each step may take on the clock on the wall."""

A_LOOK = 0.2
"""Seconds between two looks at what other processes do."""

TITLE = "Three pieces of equipment in one mail, and one of them is not what it says"
EXPECTED = ("delivered", "delivered", "delivered")

Found = TypeVar("Found")


class ToldRequest(BaseModel):
    """The request as it went: the mails that came, what became of each item, and the mails that went out."""

    model_config = ConfigDict(frozen=True)

    title: str
    as_expected: bool
    received: tuple[MailLine, ...]
    view: SoftwareView
    sent: tuple[MailLine, ...]


class MailStory:
    """Sends mails to the gate as any mail server would, and reads the Maildir for the answers."""

    def __init__(self, client: Client, desk: SoftwareDesk, gate: str, sent: SentMail) -> None:
        self._client = client
        self._desk = desk
        self._gate = gate
        self._answers = sent

    async def tell(self) -> ToldRequest:
        """From the first mail to the last answer. Raises NotAnswered when it does not get on."""
        request = await self._send("software_request.eml")
        workflow_id, reference = await _patiently(self._opened, "the request is listed")
        question = await _patiently(lambda: self._mail_on(reference), "the acknowledgement is sent")
        reply = await self._send("software_reply.eml", answers=question)
        handle = self._client.get_workflow_handle(workflow_id, result_type=SoftwareView)
        try:
            view: SoftwareView = await asyncio.wait_for(handle.result(), PATIENCE.total_seconds())
        except TimeoutError:
            raise NotAnswered(f"{TITLE!r} has not come to its end within {PATIENCE.seconds} seconds.") from None
        return ToldRequest(
            title=TITLE,
            as_expected=tuple(item.state.value for item in view.items) == EXPECTED,
            received=(_line(request), _line(reply)),
            view=view,
            sent=tuple(self._answers.list(case=reference)),
        )

    async def _send(self, name: str, answers: MailLine | None = None) -> EmailMessage:
        """Hand one of the shipped mails to the gate; it says 250 once what follows cannot be lost."""
        shipped = files("starter").joinpath("stories", name)
        mail = email.message_from_bytes(shipped.read_bytes(), policy=email.policy.SMTP)
        assert isinstance(mail, EmailMessage)
        mail["Date"] = datetime.now(UTC)
        if answers is not None:
            mail["In-Reply-To"] = mail["References"] = answers.message_id
        await asyncio.to_thread(self._hand_over, mail)
        return mail

    def _hand_over(self, mail: EmailMessage) -> None:
        host, _, port = self._gate.rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=PATIENCE.total_seconds()) as server:
            server.send_message(mail)

    async def _opened(self) -> tuple[str, str] | None:
        rows = await self._desk.list(SoftwareFilter())
        return (rows[0].workflow_id, rows[0].reference) if rows else None

    async def _mail_on(self, reference: str) -> MailLine | None:
        """The answer to whoever asked, once every item was looked at: what is unclear stands in it."""
        view = (await self._desk.show(reference)).view
        sent = self._answers.list(case=reference, to="brunel")
        is_asked = any(item.state is ItemState.CLARIFICATION for item in view.items)
        return sent[0] if sent and is_asked else None


async def _patiently(look: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """The first thing found. Raises NotAnswered when nothing is."""
    deadline = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
    while (found := await look()) is None:
        if asyncio.get_running_loop().time() > deadline:
            raise NotAnswered(f"{TITLE!r}: it has not come to pass within {PATIENCE.seconds} seconds that {what}.")
        await asyncio.sleep(A_LOOK)
    return found


def _line(mail: EmailMessage) -> MailLine:
    return MailLine(
        message_id=mail["Message-ID"], case=None, to=mail["To"], subject=mail["Subject"], date=mail["Date"].datetime
    )
