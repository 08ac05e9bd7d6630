"""A mail as it leaves: its thread, what says that a machine wrote it, and nothing that people typed in its headers."""

import email
import email.policy
import re
from datetime import datetime
from email.message import EmailMessage

import pytest
from pydantic import ValidationError

from activities.correspondence import Letterhead, Outgoing, composed
from activities.letter_writer import LetterWriter
from domain import notices
from domain.calendars import CalendarSpec
from domain.effects import EffectKey
from domain.outside_mail import REFERENCES_KEPT, OutsideMail, message_ids_in
from domain.provider import Provider
from domain.words import About

PROVIDER = Provider(
    name="Centre Support", phone=None, calendar=CalendarSpec(tz="Europe/Paris", holidays_zone="Mayotte")
)
LETTERHEAD = Letterhead("Support <s@provider.example>", "reponse@provider.example", "provider.example")
ROOT = "<CM-7K3Q-9XTB@provider.example>"
EVIL = "sold\r\nBcc: all@evil.example\n\n<script>alert(1)</script>\ud800\u2028Subject: x\x00"


def sent(
    *, reason: str = "sold", equipment: str = "SX20 FOC1", thread: OutsideMail | None = None, answers: bool = False
) -> EmailMessage:
    """A letter, written, composed, put on the wire and read again by somebody else's program."""
    words = notices.case_cancelled(About("CM-7K3Q-9XTB", equipment, "Lyon", "Indian/Reunion"), reason)
    outgoing = Outgoing(
        key=EffectKey(case="CM-7K3Q-9XTB", round=2, step="notice-customer-7"),
        now=datetime.fromisoformat("2027-05-10T09:00+02:00"),
        address="camille@lumiere.example",
        words=words,
        thread=thread,
        answers=answers,
    )
    wire = composed(outgoing, LetterWriter().write(words, PROVIDER), LETTERHEAD).as_bytes(policy=email.policy.SMTP)
    return email.message_from_bytes(wire, EmailMessage, policy=email.policy.default)


def test_a_mail_is_known_by_its_key_and_belongs_to_the_thread_of_its_case() -> None:
    mail = sent()
    assert mail["Message-ID"] == "<CM-7K3Q-9XTB.2.notice-customer-7@provider.example>"
    assert (mail["In-Reply-To"], mail["References"]) == (ROOT, ROOT)
    assert (mail["Reply-To"], mail["Auto-Submitted"]) == ("reponse@provider.example", "auto-generated")
    assert mail["Date"].datetime.isoformat() == "2027-05-10T11:00:00+04:00"
    assert mail["Subject"] == "[CM-7K3Q-9XTB] Dossier annulé / Case cancelled – SX20 FOC1"


def test_a_case_that_began_with_a_mail_is_read_under_it() -> None:
    outside = OutsideMail(message_id="<b@x.example>", references=("<a@x.example>",), subject="Panne")
    mail = sent(thread=outside)
    assert mail["In-Reply-To"] == "<b@x.example>"
    assert mail["References"].split() == ["<a@x.example>", "<b@x.example>", ROOT]
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("asked", "subject"),
    [
        ("Panne\r\nBcc: x@y", "Re: Panne Bcc: x@y [CM-7K3Q-9XTB]"),
        ("RE: Panne", "RE: Panne [CM-7K3Q-9XTB]"),
        ("", "[CM-7K3Q-9XTB] Dossier annulé / Case cancelled – SX20 FOC1"),
    ],
)
def test_an_answer_bears_the_subject_of_what_it_answers(asked: str, subject: str) -> None:
    mail = sent(thread=OutsideMail(message_id="<b@x.example>", subject=asked), answers=True)
    assert (mail["Subject"], mail["Auto-Submitted"]) == (subject, "auto-replied")
    assert "Bcc" not in mail


def test_a_long_thread_is_referred_to_by_its_beginning_and_its_end() -> None:
    long = OutsideMail(message_id="<end@x>", references=tuple(f"<{number}@x>" for number in range(100)))
    assert (long.thread[0], long.thread[-1]) == ("<0@x>", "<end@x>")
    assert len(long.thread) == REFERENCES_KEPT + 2


@pytest.mark.parametrize(
    "identifier", ["<a b@x>", "a@x", "<a@x>\r\nBcc: <y@z>", "<>", "<a@x><b@x>", "<é@x>", "<" + "a" * 501 + ">"]
)
def test_what_is_no_identifier_never_becomes_one(identifier: str) -> None:
    with pytest.raises(ValidationError, match="Message-ID"):
        OutsideMail(message_id=identifier)


def test_identifiers_are_found_in_a_header_whatever_else_is_in_it() -> None:
    assert message_ids_in("<a@x> (said Bob)\r\n\t<b@x><a@x> c@x") == ("<a@x>", "<b@x>")


def test_what_people_typed_gets_into_no_header_and_runs_in_no_page() -> None:
    mail = sent(reason=EVIL, equipment=EVIL)
    assert mail.keys() == sent().keys()
    assert str(mail["Subject"]).isprintable()
    assert "Bcc" not in mail
    text, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert "<script>" not in page.get_content()
    assert "&lt;script&gt;" in page.get_content()
    assert "(sold Bcc: all@evil.example <script>alert(1)</script> Subject: x)" in text.get_content()


def test_a_subject_with_other_letters_than_ascii_is_folded_and_read_again_as_it_was() -> None:
    words = re.split(" ", "Mise à jour du parc – l’équipement RMX 1800 à préciser pour (« RoomOS ») Réf. Ingénierie")
    for count in range(1, 60):
        asked = " ".join(words[(3 * place + count) % len(words)] for place in range(count))
        thread = OutsideMail(message_id="<a@b.example>", subject=asked)
        mail = sent(thread=thread, answers=True)
        assert mail["Subject"] == f"Re: {asked} [CM-7K3Q-9XTB]"
