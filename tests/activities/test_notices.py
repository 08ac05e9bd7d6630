"""Notices go out once under one Message-ID, and to the coordinator when nobody else can be reached (SPEC §7.3)."""

import dataclasses
import smtplib
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.correspondence import Correspondence, Letterhead
from activities.notices import Desk, NoticeActivities
from database.provider import ProviderDirectory
from database.technicians import Technicians
from domain.effects import EffectKey, Notice
from tests.workflows.case_story import paris

DESK = Desk("pilote@provider.example", "chef@provider.example")
LETTERHEAD = Letterhead("Support <support@provider.example>", None, "provider.example")
CUSTOMER = "camille@lumiere.example"


class Postbox:
    """Keeps what is sent; refuses some addresses with an SMTP code."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: dict[str, int] = {}

    async def send(self, message: EmailMessage) -> None:
        if message["To"] in self.refused:
            raise smtplib.SMTPRecipientsRefused({message["To"]: (self.refused[message["To"]], b"no")})
        self.mails.append(message)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


async def send(postbox: Postbox, pool: asyncpg.Pool, **fields: Any) -> None:
    """Run the activity as a worker does."""
    notice = Notice(
        key=EffectKey(case="CM-7K3Q-9XTB", round=1, step="slots"),
        now=paris("mon 10 09:00"),
        template="logs_reminder",
        facts={"reference": "CM-7K3Q-9XTB", "equipment": "SX20 X1\n", "site": "Lyon", "tz": "Europe/Paris"},
        **fields,
    )
    post = Correspondence(postbox, ProviderDirectory(pool), LETTERHEAD)
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, heartbeat_timeout=timedelta(seconds=10))
    await environment.run(NoticeActivities(post, Technicians(pool), DESK).send_notice, notice)


async def test_a_notice_goes_out_under_its_key_dated_by_the_case(postbox: Postbox, pool: asyncpg.Pool) -> None:
    await send(postbox, pool, to="customer", address=CUSTOMER)
    (mail,) = postbox.mails
    assert (mail["To"], mail["From"]) == (CUSTOMER, LETTERHEAD.sender)
    assert mail["Subject"] == "[CM-7K3Q-9XTB] Fichiers de journalisation attendus / Log files awaited – SX20 X1"
    assert mail["Message-ID"] == "<CM-7K3Q-9XTB.1.slots@provider.example>"
    assert mail["Date"].datetime == paris("mon 10 09:00")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("to", "address", "reads"),
    [
        ("coordinator", "", DESK.coordinator),
        ("supervisor", "", DESK.supervisor),
        ("technician", "T-BENALI", "k.benali@provider.example"),
        ("technician", "k.benali@provider.example", "k.benali@provider.example"),
        ("technician", "T-NOBODY", DESK.coordinator),
        ("technician", "", DESK.coordinator),
        ("customer", "", DESK.coordinator),
        ("customer", "call me", DESK.coordinator),
        ("carrier", "chrono@carrier.example", "chrono@carrier.example"),
    ],
)
async def test_everybody_is_written_to_where_they_read(
    postbox: Postbox, pool: asyncpg.Pool, to: str, address: str, reads: str
) -> None:
    await send(postbox, pool, to=to, address=address)
    assert [mail["To"] for mail in postbox.mails] == [reads]


async def test_an_address_that_is_refused_for_good_leads_to_the_coordinator(
    postbox: Postbox, pool: asyncpg.Pool
) -> None:
    postbox.refused = {CUSTOMER: 550}
    await send(postbox, pool, to="customer", address=CUSTOMER)
    (mail,) = postbox.mails
    assert mail["To"] == DESK.coordinator
    assert f"the customer ({CUSTOMER})" in text_of(mail)


async def test_an_address_that_is_refused_for_now_is_tried_again(postbox: Postbox, pool: asyncpg.Pool) -> None:
    postbox.refused = {CUSTOMER: 450}
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await send(postbox, pool, to="customer", address=CUSTOMER)
    assert postbox.mails == []
