"""Who hears what, and when: a case told on a real mail server (SPEC §3, §6, §7.3)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from icalendar import Calendar

from database.visit_records import VisitFilter, VisitRecords
from tests.activities.smtp_servers import Server, running
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import COORDINATOR, SUPERVISOR, mails, mails_about, subjects_to
from tests.workflows.sample import EXPIRED_CONTRACT, PARIS_BRIDGE, PARIS_ENDPOINT

CUSTOMER, VENDOR = "salles.paris@brunel.example", "rma@cisco-support.example"
ACKNOWLEDGED = "Votre signalement est enregistré"


@pytest.fixture
async def mail_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """The mail server of the worker that tells the stories."""
    async with running() as server:
        monkeypatch.setenv("CURATIVE_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CURATIVE_SMTP_PORT", str(server.port))
        yield server


@pytest.fixture
async def open_case(mail_server: Server, open_case_on_engine: OpenCase) -> OpenCase:
    return open_case_on_engine


def told(server: Server) -> list[tuple[str, str]]:
    """To whom, and the French subject, in the order of arrival."""
    return [(mail["To"], str(mail["Subject"]).partition("] ")[2].partition(" / ")[0]) for mail in server.received]


def event_of(mail: EmailMessage) -> Any:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return Calendar.from_ical(part.get_content()).walk("VEVENT")[0]


async def arrives(case: CaseStory, server: Server, to: str, subject: str) -> None:
    await case.until(lambda _: (to, subject) in told(server), f"{subject} arrives at {to}")


async def test_in_a_standard_exchange_everybody_hears_what_they_wait_for(
    mail_server: Server, open_case: OpenCase
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:30"))
    await case.is_ordered()
    await case.parcel("dispatched", carrier="Chrono", tracking_number="X1")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    closed = await case.result()
    sent = told(mail_server)
    assert [subject for to, subject in sent if to == CUSTOMER and "retourner" not in subject] == [
        ACKNOWLEDGED,
        "Remplacement commandé",
        "Remplacement expédié",
        "Choix d'un créneau d'intervention",
        "Intervention convenue",
        "Service rétabli : à confirmer",
        "Dossier clos",
    ]
    assert [subject for to, subject in sent if to == VENDOR] == ["Demande de remplacement"]
    assert [subject for to, subject in sent if to.endswith("@provider.example")] == ["Ordre d'intervention"]
    root = f"<{closed['reference']}@curative.invalid>"
    assert {mail["References"] for mail in mail_server.received} == {root}
    assert {mail["Auto-Submitted"] for mail in mail_server.received} == {"auto-generated"}
    identifiers = [mail["Message-ID"] for mail in mail_server.received]
    assert len(set(identifiers)) == len(identifiers)


async def test_a_visit_moves_in_the_calendars_and_goes_from_them_when_it_is_called_off(
    mail_server: Server, open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    await case.visit_is_chosen()
    await case.proposed(paris("wed 19 14:00"), paris("wed 19 16:00"))
    await arrives(case, mail_server, CUSTOMER, "Intervention déplacée")
    (listed,) = await VisitRecords(case_pool).list(VisitFilter())
    moved = event_of(next(mail for mail in mail_server.received if "Intervention déplacée" in mail["Subject"]))
    assert (listed.uid, listed.calendar_sequence) == (moved["UID"], moved["SEQUENCE"])
    await case.say("site_scheduling", action="room_unavailable")
    await arrives(case, mail_server, CUSTOMER, "Intervention à replanifier")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.say("cancellation", reason="sold")
    await case.result()
    invitations = [mail for mail in mail_server.received if len(list(mail.iter_attachments())) == 1]
    mine = [event_of(mail) for mail in invitations if mail["To"] == CUSTOMER]
    assert len({event["UID"] for event in mine}) == 1
    assert [event["SEQUENCE"] for event in mine] == [0, 1, 2, 3, 4]
    assert [event["STATUS"] for event in mine] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert mine[1]["DTSTART"].dt == paris("wed 19 14:00")
    theirs = [mail for mail in invitations if mail["To"] != CUSTOMER]
    assert {event_of(mail)["UID"] for mail in theirs} == {mine[0]["UID"]}
    last = {mail["To"]: event_of(mail) for mail in theirs}
    assert {event["STATUS"] for event in last.values()} == {"CANCELLED"}


async def test_what_is_refused_for_good_is_journaled_and_the_coordinator_has_it(
    mail_server: Server, open_case: OpenCase
) -> None:
    mail_server.rcpt_answers = {CUSTOMER: "550 no such user"}
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await arrives(case, mail_server, COORDINATOR, ACKNOWLEDGED)
    line = "a letter is refused for good: customer not told: report acknowledged (550 no such user)"
    await case.until(
        lambda view: any(each["text"] == f"{line}; the coordinator has it instead" for each in view["journal"]),
        "it is journaled",
    )
    mail_server.rcpt_answers[COORDINATOR] = "550 nobody here either"
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "resolved")
    closed = await case.result()
    (nobody,) = [each["text"] for each in closed["journal"] if each["text"].endswith("nobody else could be told")]
    assert "customer not told: case closed (550 no such user; 550 nobody here either)" in nobody
    assert [subject for to, subject in told(mail_server) if to == COORDINATOR] == [ACKNOWLEDGED]


async def test_a_server_that_is_away_for_hours_gets_each_letter_once_when_it_is_back(
    mail_server: Server, open_case: OpenCase
) -> None:
    mail_server.kill()
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"))
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "logs_needed")
    await case.reaches("remote_diagnosis", waiting_for="customer")
    await case.after(timedelta(hours=3))
    assert mail_server.received == []
    await mail_server.start()
    await case.after(timedelta(minutes=15))
    await arrives(case, mail_server, CUSTOMER, "Fichiers de journalisation demandés")
    assert sorted(told(mail_server)) == [(CUSTOMER, "Fichiers de journalisation demandés"), (CUSTOMER, ACKNOWLEDGED)]


async def test_a_case_does_not_stay_open_for_a_mail_server_and_its_last_letters_arrive_all_the_same(
    mail_server: Server, open_case: OpenCase
) -> None:
    """Else nobody could report anything on that equipment for as long as the server is away."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.diagnosed(1, "escalate")
    await arrives(case, mail_server, CUSTOMER, ACKNOWLEDGED)
    mail_server.kill()
    await case.diagnosed(2, "resolved")
    closed = await case.result()
    assert await case.now() < paris("mon 10 09:05")
    assert [line["text"] for line in closed["journal"] if line["kind"] == "letter"] == [
        "the mail server is away; what is left is sent when it is back (customer: case closed)"
    ]
    letters = case.environment.client.get_workflow_handle(f"letters-{closed['reference']}.1.notice-customer-2")
    await mail_server.start()
    assert await letters.result() == "all were handed over"
    assert [subject for to, subject in told(mail_server)] == [ACKNOWLEDGED, "Dossier clos"]


async def test_of_letters_that_wait_together_only_what_has_become_untrue_is_withdrawn(
    mail_server: Server, open_case: OpenCase
) -> None:
    """Customer and technician are told of the visit in one go; the case is called off before anybody heard of it."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    await arrives(case, mail_server, CUSTOMER, "Choix d'un créneau d'intervention")
    mail_server.kill()
    await case.visit_is_chosen()
    await case.say("cancellation", reason="sold")
    await mail_server.start()
    await case.result()
    late = told(mail_server)[2:]
    assert [subject for to, subject in late if to == CUSTOMER] == ["Intervention annulée", "Dossier annulé"]
    assert sorted(subject for to, subject in late if to != CUSTOMER) == ["Intervention annulée", "Ordre d'intervention"]


async def test_a_login_that_is_refused_is_tried_again_and_nobody_is_bothered(
    mail_server: Server, open_case: OpenCase
) -> None:
    mail_server.rcpt_answers = {CUSTOMER: "530 authentication required"}
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.after(timedelta(minutes=30))
    assert not any("refused" in text for text in await case.journal())
    mail_server.rcpt_answers = {}
    await case.after(timedelta(minutes=15))
    await arrives(case, mail_server, CUSTOMER, ACKNOWLEDGED)
    assert (COORDINATOR, ACKNOWLEDGED) not in told(mail_server)


async def test_a_case_that_began_with_a_mail_answers_under_it(mail_server: Server, open_case: OpenCase) -> None:
    mail = {"message_id": "<b@x.example>", "references": ["<a@x.example>"], "subject": "Panne"}
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), mail=mail)
    await arrives(case, mail_server, CUSTOMER, ACKNOWLEDGED)
    reference = (await case.view())["reference"]
    (answer,) = [each for each in mail_server.received if each["To"] == CUSTOMER]
    assert answer["In-Reply-To"] == "<b@x.example>"
    assert answer["References"].split() == ["<a@x.example>", "<b@x.example>", f"<{reference}@curative.invalid>"]


async def test_a_rejected_report_is_answered_with_the_reason(mail_server: Server, open_case: OpenCase) -> None:
    case = await open_case(EXPIRED_CONTRACT, paris("mon 10 09:00"))
    await case.result()
    ((_, subject),) = told(mail_server)
    assert subject == "Signalement non pris en charge"
    text = mail_server.received[0].get_body(("plain",))
    assert text is not None
    assert "n'est pas en vigueur le" in text.get_content()


class TestOnAMaildir:
    """What is told of the clocks, and of what goes wrong."""

    @pytest.fixture
    def open_case(self, open_case_on_engine: OpenCase) -> OpenCase:
        return open_case_on_engine

    async def test_the_coordinator_hears_at_the_first_warning_and_others_at_the_breach(
        self, open_case: OpenCase, tmp_path: Path
    ) -> None:
        case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
        await case.is_ordered()
        due = instant((await case.promise("replacement_delivery"))["due_at"])
        await case.at(due - timedelta(hours=1))
        await case.until(lambda _: mails_about(tmp_path, "Engagement menacé"), "the coordinator is warned")
        await case.at(due + timedelta(minutes=1))
        await case.until(lambda _: mails_about(tmp_path, "Engagement non tenu"), "the customer is told")
        assert [mail.to for mail in mails_about(tmp_path, "Engagement menacé")] == [COORDINATOR]
        assert sorted(mail.to for mail in mails_about(tmp_path, "Engagement dépassé")) == [COORDINATOR, SUPERVISOR]
        (missed,) = mails_about(tmp_path, "Engagement non tenu")
        assert missed.to == CUSTOMER
        assert "la livraison du remplacement au plus tard le mardi 11 mai 2027 à 18h00 (Europe/Paris)" in missed.text
        await case.at(paris("wed 12 18:30"))
        assert len(mails_about(tmp_path, "Engagement non tenu")) == 1

    async def test_whoever_contests_hears_by_when_the_diagnosis_goes_on(
        self, open_case: OpenCase, tmp_path: Path
    ) -> None:
        case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
        await case.service_is_restored()
        await case.say("customer_confirmation", restored=False, comment="no sound")
        view = await case.reaches("remote_diagnosis", round=2)
        await case.until(lambda _: mails_about(tmp_path, "Le diagnostic reprend"), "they are told")
        assert subjects_to(CUSTOMER, mails(tmp_path, view["reference"])).count("Service rétabli : à confirmer") == 1

    async def test_a_lost_parcel_is_told_with_what_is_done_about_it(self, open_case: OpenCase, tmp_path: Path) -> None:
        case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
        await case.is_ordered()
        await case.parcel("dispatched")
        await case.parcel("lost")
        await case.until(lambda _: mails_about(tmp_path, "Matériel de prêt"), "a loan is decided")
        (trouble,) = mails_about(tmp_path, "Incident de livraison")
        assert "le remplacement est perdu. Le remplacement est commandé de nouveau." in trouble.text
