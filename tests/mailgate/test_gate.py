"""What follows from a mail, once, whatever is given again and whatever is away (R12)."""

import asyncpg
import pytest

from config.secrets import SecretBox
from config.temporal import EngineUnreachable
from database.activation_keys import KeyStore, StockedKey
from database.mail_registry import MailRegistry
from database.triage import Triage, TriageState
from domain.masking import Secret, mask
from mailgate.gate import MOST_IN_A_THREAD, MailGate
from mailgate.planning import TO_BE_STATED
from mailgate.ports import Missing
from mailgate.reading.mail import read_mail
from mailgate.reading.understanding import what_to_ask
from tests.mailgate.conftest import Clock
from tests.mailgate.corpus import CORPUS, EXPECTED, known_of, written
from tests.mailgate.written_down import WrittenDown


def corpus(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


async def test_a_software_request_is_opened_with_what_was_understood(gate: MailGate, matters: WrittenDown) -> None:
    passage = await gate.take(corpus("software-fr-one-serial"), "camille.petit@brunel.example")
    assert (passage.kind, passage.outcome.word) == ("software_request", "software_requested")
    (message_id, request), *others = matters.requests.items()
    assert message_id.startswith("mail-")
    assert not others
    assert request == {
        "requested_by": {
            "name": "Camille Petit",
            "email": "camille.petit@brunel.example",
            "phone": "01 42 68 53 00",
        },
        "channel": "email",
        "received_at": "2026-06-08T08:00:00+00:00",
        "items": [{"serial_number": "FTT2608B2KR", "type": "Cisco Webex Codec Plus"}],
        "mail": {
            "message_id": "<9f2c1a44-0b7e@brunel.example>",
            "references": [],
            "subject": "Mise à jour du codec de la salle 401",
        },
    }


async def test_a_request_that_says_nothing_of_the_equipment_is_asked_for_it(
    gate: MailGate, matters: WrittenDown
) -> None:
    await gate.take(corpus("software-fr-no-serial-no-type-known-sender"), None)
    (request,) = matters.requests.values()
    assert request["items"] == [{"type": TO_BE_STATED}]


async def test_more_items_than_a_request_may_have_become_several_requests(gate: MailGate, matters: WrittenDown) -> None:
    await gate.take(corpus("software-fr-huge-csv-of-many"), None)
    sizes = [len(items) for request in matters.requests.values() if isinstance(items := request["items"], list)]
    assert sizes == [200, 31]


async def test_a_breakdown_leaves_a_call_back_with_the_report_drafted(gate: MailGate, matters: WrittenDown) -> None:
    await gate.take(corpus("breakdown-fr-no-picture"), None)
    (call,) = matters.calls.values()
    assert call["channel"] == "email"
    assert call["serial_number"] == "FTT2542UZUK"
    assert call["impact"] == "blocking"
    assert call["caller"] == {
        "name": "Accueil Lille",
        "email": "accueil.lille@brunel.example",
        "phone": "03 20 11 22 33",
    }
    draft = call["drafted_report"]
    assert isinstance(draft, dict)
    assert "n'affiche plus d'image" in str(draft["symptom"])
    assert not matters.requests


async def test_a_mail_that_reports_a_breakdown_and_asks_for_software_does_both(
    gate: MailGate, matters: WrittenDown
) -> None:
    passage = await gate.take(corpus("breakdown-en-and-software-for-another"), None)
    assert passage.outcome.word == "breakdown_reported+software_requested"
    (call,), (request,) = matters.calls.values(), matters.requests.values()
    assert call["serial_number"] == "FTT2608B2KR"
    assert request["items"] == [{"serial_number": "FDO2535EDY0", "type": "Cisco Webex Board 55"}]


async def test_a_reply_is_a_remark_in_its_case(gate: MailGate, matters: WrittenDown) -> None:
    matters.open.add("CM-7K3Q-9XTB")
    await gate.take(corpus("reply-fr-to-a-case-by-thread"), None)
    ((reference, text),) = matters.notes
    assert reference == "CM-7K3Q-9XTB"
    assert "le créneau de jeudi matin nous convient" in text
    assert "en panne" not in text
    assert next(iter(matters.said.values()))[2]["actor"] == "customer:Camille Petit"


async def test_a_reply_that_gives_the_missing_serial_number_clears_the_item_up(
    gate: MailGate, matters: WrittenDown
) -> None:
    matters.open.add("SW-4T8M-QZ0A")
    matters.unclear["SW-4T8M-QZ0A"] = [Missing(1, None, "Poly G7500"), Missing(2, None, "Poly RMX 1800")]
    passage = await gate.take(corpus("reply-fr-clarification-of-a-software-request"), None)
    assert passage.outcome.word == "clarified"
    (cleared,) = [said for _, kind, said in matters.said.values() if kind == "clarification"]
    assert (cleared["serial_number"], cleared["item"]) == ("RMX18-2146-50462", 2)
    assert matters.notes


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_breakdown_told_in_answer_to_a_mail_about_software_is_called_back_once(
    gate: MailGate, matters: WrittenDown, *, is_open: bool
) -> None:
    matters.open = {"SW-7K3Q-9XTB"} if is_open else set()
    said = "La mise à jour de FTT2542UZUK s'est bien passée, mais plus de son."
    for _ in range(2):
        await gate.take(written(said, subject="Re: Livraison [SW-7K3Q-9XTB]"), None)
    (call,) = matters.calls.values()
    assert call["serial_number"] == "FTT2542UZUK"
    assert not matters.requests
    assert [reference for reference, _ in matters.notes] == (["SW-7K3Q-9XTB"] if is_open else [])


async def test_a_machine_that_answers_a_closed_case_starts_nothing(gate: MailGate, matters: WrittenDown) -> None:
    away = "Je suis absent jusqu'au 22 juin. En cas d'urgence ou de panne du FTT2542UZUK, plus de son, appelez le 1234."
    await gate.take(written(away, subject="Re: Livraison [SW-7K3Q-9XTB]"), None)
    assert not matters.calls


async def test_a_reply_to_a_case_that_is_closed_is_for_a_person(gate: MailGate, triage: Triage) -> None:
    passage = await gate.take(corpus("reply-fr-to-a-case-by-thread"), None)
    assert passage.outcome.word == "triage"
    (mail,) = await triage.list(None, everything=False, limit=10)
    assert mail.reference == "CM-7K3Q-9XTB"


async def test_a_reply_to_a_closed_case_that_reports_a_breakdown_is_called_back(
    gate: MailGate, matters: WrittenDown
) -> None:
    said = b"Le codec FTT2608B2KR est de nouveau en panne."
    await gate.take(corpus("reply-en-to-a-case-by-subject").replace(b"Hello, when will", said + b" When will"), None)
    (call,) = matters.calls.values()
    assert call["serial_number"] == "FTT2608B2KR"


async def test_a_bounce_of_a_mail_of_ours_is_a_remark_in_its_case(gate: MailGate, matters: WrittenDown) -> None:
    matters.open.add("CM-7K3Q-9XTB")
    await gate.take(corpus("bounce-of-a-mail-of-ours"), "")
    ((reference, text),) = matters.notes
    assert reference == "CM-7K3Q-9XTB"
    assert "5.1.1" in text
    assert "camille" not in text


async def test_what_no_person_wrote_starts_nothing_and_is_answered_nothing(
    gate: MailGate, matters: WrittenDown, triage: Triage
) -> None:
    for name in (name for name in EXPECTED if name.startswith(("automatic", "bounce", "loop"))):
        passage = await gate.take((CORPUS / name).read_bytes(), None)
        assert passage.outcome.word == "ignored", name
    assert not matters.requests
    assert not matters.calls
    assert await triage.count_open() == 0


async def test_what_cannot_be_read_is_kept_for_a_person(gate: MailGate, matters: WrittenDown, triage: Triage) -> None:
    mails = [(CORPUS / name).read_bytes() for name in EXPECTED if name.startswith("triage")]
    for raw in mails:
        assert (await gate.take(raw, None)).outcome.word == "triage"
    filed = await triage.list(TriageState.OPEN, everything=False, limit=100)
    assert [await triage.raw(mail.number) for mail in filed] == mails
    assert not matters.requests
    assert not matters.calls


async def test_the_same_mail_given_twice_changes_nothing(
    gate: MailGate, matters: WrittenDown, clock: Clock, triage: Triage
) -> None:
    for name in ("software-fr-one-serial", "breakdown-fr-no-picture", "triage-fr-invoice"):
        first = await gate.take(corpus(name), None)
        clock.passes(minutes=30)
        matters.away = EngineUnreachable("what is done needs nobody")
        again = await gate.take(b"Received: from another.example; now\r\n" + corpus(name), None)
        assert (first.is_repeat, again.is_repeat) == (False, True)
        assert again.outcome == first.outcome
        matters.away = None
    assert (len(matters.requests), len(matters.calls), await triage.count_open()) == (1, 1, 1)


async def test_a_mail_that_was_not_acknowledged_leads_to_the_same_whatever_the_registry_says_now(
    gate: MailGate, matters: WrittenDown, pool: asyncpg.Pool, clock: Clock
) -> None:
    mail = written("mise à jour svp : FTT2608B2KR, et aussi XY123")
    matters.away = EngineUnreachable("Temporal does not answer")
    with pytest.raises(EngineUnreachable):
        await gate.take(mail, None)
    matters.away = None
    clock.passes(hours=2)
    await pool.execute(
        "insert into equipment (serial_number, type, customer, site, software_version)"
        " select 'XY123', type, customer, site, software_version from equipment limit 1"
    )
    await gate.take(mail, None)
    (request,) = matters.requests.values()
    assert request["received_at"] == "2026-06-08T08:00:00+00:00"
    assert request["items"] == [{"serial_number": "FTT2608B2KR"}]


async def test_the_same_message_id_with_other_content_is_another_mail(gate: MailGate, matters: WrittenDown) -> None:
    raw = corpus("software-fr-one-serial")
    await gate.take(raw, None)
    await gate.take(raw.replace(b"FTT2608B2KR", b"FOC2735Y3TT"), None)
    assert len(matters.requests) == 2


async def test_what_a_process_does_not_take_is_for_a_person(
    gate: MailGate, matters: WrittenDown, triage: Triage
) -> None:
    matters.declines = "items: too many"
    assert (await gate.take(corpus("software-fr-one-serial"), None)).outcome.word == "triage"
    (mail,) = await triage.list(None, everything=False, limit=10)
    assert mail.letter is not None
    assert mail.letter.detail == "items: too many"


async def test_the_same_wish_of_the_same_sender_within_a_day_is_a_remark_in_the_first(
    gate: MailGate, matters: WrittenDown, clock: Clock
) -> None:
    await gate.take(written("mise à jour svp : FTT2608B2KR", subject="maj"), None)
    clock.passes(hours=5)
    passage = await gate.take(written("Relance : mise à jour svp, FTT2608B2KR", subject="maj ?"), None)
    assert passage.outcome.word == "noted"
    assert len(matters.requests) == 1
    clock.passes(hours=25)
    await gate.take(written("Encore une fois, mise à jour svp : FTT2608B2KR", subject="maj"), None)
    assert len(matters.requests) == 2


async def test_two_machines_that_answer_each_other_come_to_an_end(
    gate: MailGate, matters: WrittenDown, triage: Triage, clock: Clock
) -> None:
    for number in range(40):  # a ticket system without any header that says so, each time with another number
        text = (
            f"Votre demande est enregistrée, ticket {number}. Rappel : mise à jour demandée pour FTT27{number:02}ABCD."
        )
        await gate.take(written(text, subject="Ticket", sender="Tickets <tickets@customer.example>"), None)
        clock.passes(minutes=1)
    assert len(matters.requests) == MOST_IN_A_THREAD
    assert await triage.count_open() == 40 - MOST_IN_A_THREAD


@pytest.mark.parametrize("name", ["software-fr-bullets-lower-case-and-blanks", "software-fr-letters-taken-for-digits"])
async def test_the_registry_finds_what_was_written_in_any_way(pool: asyncpg.Pool, name: str) -> None:
    mail = read_mail(corpus(name))
    answer = await MailRegistry(pool).look_up(what_to_ask(mail), mail.sender.address)
    expected = known_of(mail)
    assert answer.serial_numbers == expected.serial_numbers
    assert sorted(answer.types) == sorted(expected.types)
    assert answer.sender_is_known == expected.sender_is_known


@pytest.mark.parametrize("quoted", ["ABCD-EFGH 1234-ZZ", "abcdefgh1234zz", "ABCD-EFGH\n1234-ZZ"])
async def test_a_key_that_we_have_is_kept_nowhere_when_it_comes_back(
    gate: MailGate, matters: WrittenDown, pool: asyncpg.Pool, box: SecretBox, quoted: str
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await KeyStore(pool, box).add(connection, [StockedKey("CMS-3.11", Secret("ABCD-EFGH 1234-ZZ"))])
    matters.open.add("CM-7K3Q-9XTB")
    mail = written(f"La clé « {quoted} » n'est pas acceptée.", subject="Re: CM-7K3Q-9XTB")
    await gate.take(mail, None)
    ((_, text),) = matters.notes
    assert text == f"La clé « {mask(' '.join(quoted.split()))} » n'est pas acceptée."


async def test_a_key_is_no_serial_number(
    gate: MailGate, matters: WrittenDown, pool: asyncpg.Pool, box: SecretBox
) -> None:
    """Nor is a part of it, where the end of a line has cut it in two."""
    async with pool.acquire() as connection, connection.transaction():
        await KeyStore(pool, box).add(connection, [StockedKey("CMS-3.11", Secret("K7QW2-M4XZ9-P3HT6-R8BN5"))])
    text = "Merci d'envoyer la mise à jour pour FTT2608B2KR. Notre licence n° K7QW2-\nM4XZ9-P3HT6-R8BN5 a expiré."
    await gate.take(written(text), None)
    (request,) = matters.requests.values()
    assert request["items"] == [{"serial_number": "FTT2608B2KR"}]
    assert await pool.fetchval("select asked from mail_intake") == ["software FTT2608B2KR"]


@pytest.mark.parametrize("subject", ["Re: SW-7K3Q-9XTB", "Your activation key"])
async def test_a_mail_of_a_vendor_that_may_hold_keys_is_for_a_person(
    gate: MailGate, matters: WrittenDown, triage: Triage, subject: str
) -> None:
    """A key that nobody knows yet is recognised by nobody, and would be kept readable."""
    matters.open.add("SW-7K3Q-9XTB")
    text = "Here you are, for WZP27155V3Y: please use the key NC8VR-W2JXK-6ZTPB-QH54D for the new version."
    await gate.take(written(text, subject=subject, sender="Ada <a.king@cisco-support.example>"), None)
    (filed,) = await triage.list(None, everything=False, limit=10)
    assert filed.reference == ("SW-7K3Q-9XTB" if "SW" in subject else None)
    assert filed.reason == "it comes from a vendor, and may hold activation keys"
    assert not matters.notes
    assert not matters.requests


async def test_a_vendor_s_answer_to_a_case_joins_it(gate: MailGate, matters: WrittenDown) -> None:
    matters.open.add("CM-7K3Q-9XTB")
    mail = written("It left today.", subject="Re: CM-7K3Q-9XTB", sender="Ada <a.king@cisco-support.example>")
    await gate.take(mail, None)
    assert [text for _, text in matters.notes] == ["It left today."]


async def test_what_is_kept_says_nothing_to_who_has_no_key(gate: MailGate, pool: asyncpg.Pool) -> None:
    await gate.take(corpus("software-fr-one-serial"), None)
    await gate.take(corpus("triage-fr-serial-and-no-wish"), None)
    kept = await pool.fetch("select plan::text from mail_intake union all select concat(summary, raw) from triage")
    rows = await pool.fetch("select * from mail_intake") + await pool.fetch("select * from triage")
    for row in [*kept, *rows]:
        assert "petit" not in str(row).lower()
        assert b"petit".hex() not in str(row).lower()
