"""Notices go out once under one Message-ID, and to the coordinator when nobody else can be reached (SPEC §7.3)."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import asyncpg
import pytest
from icalendar import Calendar
from temporalio.testing import ActivityEnvironment

from activities.correspondence import Correspondence, Letterhead
from activities.delivery import Delivery
from activities.mailer import MailDelayed, MailRefused
from activities.notices import Desk, NoticeActivities
from activities.vendor_gateway import MailVendorGateway
from database.provider import ProviderDirectory
from database.technicians import Technicians
from database.visit_records import VisitRecords
from domain.effects import EffectKey, Invitation, Notice, NoticeBatch, NoticesSent
from tests.activities.case_letters import REQUEST as VENDOR_REQUEST
from tests.database.visit_rows import slots
from tests.workflows.case_story import paris

DESK = Desk("pilote@provider.example", "chef@provider.example")
LETTERHEAD = Letterhead("Support <support@provider.example>", None, "provider.example")
CUSTOMER = "camille@lumiere.example"


class Postbox:
    """Keeps what is sent; refuses some addresses with an SMTP code."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: dict[str, int] = {}
        self.is_away_after: int | None = None

    async def send(self, message: EmailMessage) -> None:
        if self.is_away_after is not None and len(self.mails) >= self.is_away_after:
            raise ConnectionResetError("gone")
        if message["To"] in self.refused:
            code = self.refused[message["To"]]
            raise MailRefused(f"{code} no") if code >= 500 else MailDelayed(str(code))
        self.mails.append(message)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


def a_notice(number: int = 1, **fields: Any) -> Notice:
    return Notice(
        key=EffectKey(case="CM-7K3Q-9XTB", round=1, step=f"slots-{number}"),
        now=paris("mon 10 09:00"),
        template="logs_reminder",
        facts={"reference": "CM-7K3Q-9XTB", "equipment": "SX20 X1\n", "site": "Lyon", "tz": "Europe/Paris"},
        **fields,
    )


class Attempt(ActivityEnvironment):
    """One attempt at an activity, as a worker makes it; `told` is what its last heartbeat said."""

    def __init__(self, details: Sequence[Any] = ()) -> None:
        super().__init__()
        self.told: tuple[Any, ...] = ()
        self.on_heartbeat = self._hear
        self.info = dataclasses.replace(
            self.info, heartbeat_timeout=timedelta(seconds=10), heartbeat_details=list(details)
        )

    def _hear(self, *details: Any) -> None:
        self.told = details


def activities(postbox: Postbox, pool: asyncpg.Pool, desk: Desk = DESK) -> NoticeActivities:
    post = Correspondence(postbox, ProviderDirectory(pool), VisitRecords(pool), LETTERHEAD)
    return NoticeActivities(Delivery(post, desk.coordinator), Technicians(pool), desk)


async def send(postbox: Postbox, pool: asyncpg.Pool, **fields: Any) -> NoticesSent:
    """Send one notice."""
    sent = await Attempt().run(activities(postbox, pool).send_notice, a_notice(**fields))
    assert sent is not None
    return sent


async def test_a_notice_goes_out_under_its_key_dated_by_the_case(postbox: Postbox, pool: asyncpg.Pool) -> None:
    await send(postbox, pool, to="customer", address=CUSTOMER)
    (mail,) = postbox.mails
    assert (mail["To"], mail["From"]) == (CUSTOMER, LETTERHEAD.sender)
    assert mail["Subject"] == "[CM-7K3Q-9XTB] Fichiers de journalisation attendus / Log files awaited – SX20 X1"
    assert mail["Message-ID"] == "<CM-7K3Q-9XTB.1.slots-1@provider.example>"
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


async def test_an_address_that_is_refused_for_good_leads_to_the_coordinator_and_is_reported(
    postbox: Postbox, pool: asyncpg.Pool
) -> None:
    postbox.refused = {CUSTOMER: 550}
    sent = await send(postbox, pool, to="customer", address=CUSTOMER)
    (mail,) = postbox.mails
    assert mail["To"] == DESK.coordinator
    assert f"the customer ({CUSTOMER})" in text_of(mail)
    (refused,) = sent.refused
    assert (refused.to, refused.title, refused.reason, refused.passed_on) == (
        "customer",
        "logs reminder",
        "550 no",
        True,
    )


@pytest.mark.parametrize("to", ["coordinator", "customer"])
async def test_what_the_coordinator_is_refused_goes_round_in_no_circle(
    postbox: Postbox, pool: asyncpg.Pool, to: str
) -> None:
    postbox.refused = {CUSTOMER: 550, DESK.coordinator: 551}
    (refused,) = (await send(postbox, pool, to=to, address=CUSTOMER if to == "customer" else "")).refused
    assert postbox.mails == []
    assert not refused.passed_on
    assert refused.reason == ("550 no; 551 no" if to == "customer" else "551 no")


async def test_an_address_that_is_refused_for_now_is_tried_again(postbox: Postbox, pool: asyncpg.Pool) -> None:
    postbox.refused = {CUSTOMER: 450}
    with pytest.raises(MailDelayed):
        await send(postbox, pool, to="customer", address=CUSTOMER)
    assert postbox.mails == []


async def test_of_several_only_what_could_not_be_sent_is_tried_again(postbox: Postbox, pool: asyncpg.Pool) -> None:
    addresses = ("a@x.example", CUSTOMER, "gone@x.example", "b@x.example")
    batch = NoticeBatch(
        notices=tuple(a_notice(number, to="customer", address=to) for number, to in enumerate(addresses))
    )
    postbox.refused = {CUSTOMER: 450, "gone@x.example": 550}
    first = Attempt()
    with pytest.raises(MailDelayed):
        await first.run(activities(postbox, pool).send_notices, batch)
    assert [mail["To"] for mail in postbox.mails] == ["a@x.example", DESK.coordinator, "b@x.example"]
    postbox.refused = {}
    sent = await Attempt(first.told).run(activities(postbox, pool).send_notices, batch)
    assert [mail["To"] for mail in postbox.mails[3:]] == [CUSTOMER]
    assert [each.identifier for each in sent.refused] == ["CM-7K3Q-9XTB.1.slots-2"]


async def test_a_server_that_goes_away_holds_up_the_rest_and_nothing_goes_twice(
    postbox: Postbox, pool: asyncpg.Pool
) -> None:
    batch = NoticeBatch(notices=tuple(a_notice(number, to="customer", address=f"{number}@x.fr") for number in range(4)))
    postbox.is_away_after = 2
    first = Attempt()
    with pytest.raises(ConnectionError):
        await first.run(activities(postbox, pool).send_notices, batch)
    postbox.is_away_after = None
    await Attempt(first.told).run(activities(postbox, pool).send_notices, batch)
    assert [mail["To"] for mail in postbox.mails] == [f"{number}@x.fr" for number in range(4)]


async def test_a_mail_to_a_technician_invites_them_to_the_visit(postbox: Postbox, pool: asyncpg.Pool) -> None:
    await slots(pool, "a", technician="T-ADAM", state="chosen")
    start = paris("tue 11 10:00")
    invitation = Invitation(
        method="CANCEL", uid="z@curative", sequence=3, slot_id="a", start=start, end=start + timedelta(hours=2)
    )
    await send(postbox, pool, to="technician", address="T-ADAM", invitation=invitation)
    (mail,) = postbox.mails
    calendars = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_content_type() for part in calendars] == ["text/calendar", "application/ics"]
    assert calendars[0].get_param("method") == "CANCEL"
    assert calendars[1].get_filename() == "visite.ics"
    for written in (part.get_content() for part in calendars):
        event: Any = Calendar.from_ical(written).walk("VEVENT")[0]
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("z@curative", 3, "CANCELLED")
        assert event["ATTENDEE"].params["CN"] == "Claire Adam"


async def test_a_vendor_who_is_refused_for_good_is_left_to_the_coordinator(
    postbox: Postbox, pool: asyncpg.Pool
) -> None:
    postbox.refused = {VENDOR_REQUEST.vendor_email: 550}
    post = Correspondence(postbox, ProviderDirectory(pool), VisitRecords(pool), LETTERHEAD)
    refused = await MailVendorGateway(Delivery(post, DESK.coordinator)).request_replacement(VENDOR_REQUEST)
    assert refused is not None
    assert refused.passed_on
    (mail,) = postbox.mails
    assert (mail["To"], mail["X-Priority"]) == (DESK.coordinator, "1")
    assert mail["Message-ID"] == "<CM-7K3Q-9XTB.1.vendor-request@provider.example>"
    assert "le constructeur (rma@cisco.example)" in text_of(mail)
