"""What the receiver answers to the mail server that sends, over real sockets (R12)."""

import asyncio

from config.temporal import EngineUnreachable
from database.triage import Triage
from mailgate.limits import RateLimit
from mailgate.recipients import Recipients
from tests.mailgate.conftest import Receive
from tests.mailgate.corpus import CORPUS, OURS, written
from tests.mailgate.talking import give, talking
from tests.mailgate.written_down import WrittenDown

REQUEST = (CORPUS / "software-fr-one-serial.eml").read_bytes()


async def test_250_is_said_once_the_request_is_there(receive: Receive, matters: WrittenDown) -> None:
    async with receive() as place:
        assert (await give(place.smtp_port, REQUEST)).startswith("250")
    assert len(matters.requests) == 1


async def test_451_is_said_while_temporal_is_away(receive: Receive, matters: WrittenDown) -> None:
    matters.away = EngineUnreachable("Temporal does not answer")
    async with receive() as place:
        assert (await give(place.smtp_port, REQUEST)).startswith("451")
        matters.away = None
        assert (await give(place.smtp_port, REQUEST)).startswith("250")
    assert len(matters.requests) == 1


async def test_451_is_said_on_any_other_failure(receive: Receive, matters: WrittenDown) -> None:
    matters.away = ZeroDivisionError("nobody expects this, camille.petit@brunel.example")
    async with receive() as place:
        answer = await give(place.smtp_port, REQUEST)
    assert answer.startswith("451")
    assert "camille" not in answer


async def test_451_is_said_before_the_gate_is_there(receive: Receive) -> None:
    async with receive(None) as place:
        assert (await give(place.smtp_port, REQUEST)).startswith("451")


async def test_what_only_a_person_can_read_needs_no_engine(
    receive: Receive, matters: WrittenDown, triage: Triage
) -> None:
    matters.away = EngineUnreachable("Temporal does not answer")
    async with receive() as place:
        assert (await give(place.smtp_port, written("Bonjour, quel temps fait-il ?"))).startswith("250")
    assert await triage.count_open() == 1


async def test_550_is_said_for_recipients_that_are_not_ours(receive: Receive) -> None:
    async with receive() as place:
        assert (await give(place.smtp_port, REQUEST, recipients=["ventes@curative.invalid"])).startswith("550")
        assert (await give(place.smtp_port, REQUEST, recipients=["postmaster@curative.invalid"])).startswith("250")


async def test_552_is_said_of_what_is_too_large_whether_it_was_announced_or_not(receive: Receive) -> None:
    async with receive(max_bytes=20_000) as place, talking(place.smtp_port) as talk:
        assert (await talk.say("MAIL FROM:<a@b.example> SIZE=20001")).startswith("552")
        assert (await talk.give(REQUEST + b"x\r\n" * 10_000)).startswith("552")
        assert (await talk.give(REQUEST)).startswith("250")


async def test_450_is_said_to_a_sender_who_sends_too_many(receive: Receive) -> None:
    async with receive(mails_of_a_sender=2) as place:
        answers = [await give(place.smtp_port, written(f"message {number}")) for number in range(3)]
        other = await give(place.smtp_port, written("message"), sender="somebody.else@brunel.example")
    assert [answer[:3] for answer in (*answers, other)] == ["250", "250", "450", "250"]


async def test_450_is_said_to_a_peer_that_sends_too_many_whoever_its_senders_are(receive: Receive) -> None:
    async with receive(mails_of_a_peer=2) as place:
        answers = [
            await give(place.smtp_port, written(f"message {number}"), sender=f"a{number}@b.example")
            for number in range(3)
        ]
    assert [answer[:3] for answer in answers] == ["250", "250", "450"]


async def test_421_is_said_to_one_connection_too_many(receive: Receive) -> None:
    async with receive(connections_of_a_peer=1) as place:
        async with talking(place.smtp_port) as first:
            _, writer = connection = await asyncio.open_connection("127.0.0.1", place.smtp_port)
            assert (await connection[0].readline()).startswith(b"421")
            assert await connection[0].read() == b""
            writer.close()
            assert (await first.say("NOOP")).startswith("250")
            await first.say("QUIT")
        assert (await give(place.smtp_port, REQUEST)).startswith("250")


async def test_a_bounce_is_taken_and_starts_nothing(receive: Receive, matters: WrittenDown) -> None:
    raw = (CORPUS / "bounce-of-something-else.eml").read_bytes()
    async with receive() as place:
        assert (await give(place.smtp_port, raw, sender="")).startswith("250")
        assert (await give(place.smtp_port, REQUEST, sender="")).startswith("250")
    assert not matters.requests


async def test_lmtp_answers_for_each_recipient(receive: Receive, matters: WrittenDown) -> None:
    ours = ["support@curative.invalid", "postmaster@curative.invalid"]
    async with receive(max_bytes=20_000) as place, talking(place.lmtp_port, "LHLO test.example") as talk:

        async def answers(mail: bytes) -> list[str]:
            first = await talk.give(mail, recipients=ours)
            talk.tell("HELP")  # answered with 250 and a list: what is heard before it are the answers to the mail
            heard = [first]
            while not (answer := await talk.hear()).startswith("250 Supported"):
                heard.append(answer)
            return [each[:3] for each in heard]

        assert await answers(REQUEST) == ["250", "250"]
        assert (await talk.say("RCPT TO:<support@curative.invalid>")).startswith("503")
        assert await answers(REQUEST + b"x\r\n" * 10_000) == ["552", "552"]
        matters.away = EngineUnreachable("away")
        assert await answers(written("maj FOC2735Y3TT svp")) == ["451", "451"]
        assert (await talk.say("EHLO test.example")).startswith("500")
    assert len(matters.requests) == 1


async def test_a_line_longer_than_the_standard_has_it_is_no_reason_to_refuse(receive: Receive) -> None:
    async with receive() as place:
        assert (await give(place.smtp_port, written("mise à jour " + "x" * 100_000))).startswith("250")


async def test_a_sender_who_hangs_up_before_the_answer_gives_it_again(receive: Receive, matters: WrittenDown) -> None:
    async with receive() as place:
        async with talking(place.smtp_port) as talk:
            assert (await talk.begin()).startswith("354")
            talk.send(REQUEST)
            talk.hang_up()
        assert (await give(place.smtp_port, REQUEST)).startswith("250")
    assert len(matters.requests) == 1


async def test_many_at_once_are_each_answered(receive: Receive, matters: WrittenDown) -> None:
    mails = [written(f"mise à jour svp : FTT2608B2KR, demande {number}", subject=f"n {number}") for number in range(20)]
    async with receive() as place:
        answers = await asyncio.gather(
            *(give(place.smtp_port, mail, sender=f"a{n}@b.example") for n, mail in enumerate(mails))
        )
    assert {answer[:3] for answer in answers} == {"250"}


def test_a_name_with_a_plus_is_the_name_and_a_domain_is_all_of_it() -> None:
    ours = Recipients.of("support@curative.example, @maintenance.example")
    for address in ("SUPPORT@curative.example", "support+CM-7K3Q-9XTB@curative.example", "any@maintenance.example"):
        assert ours.include(address)
    for address in ("sales@curative.example", "any@sub.maintenance.example", "support", ""):
        assert not ours.include(address)


def test_without_a_setting_the_addresses_that_we_write_from_are_ours() -> None:
    assert Recipients.of("", "Support <Support@curative.invalid>", None).addresses == OURS | {
        "postmaster@curative.invalid"
    }


def test_the_rate_is_counted_in_a_sliding_window() -> None:
    now = [0.0]
    limit = RateLimit(2, 60, lambda: now[0])
    assert [limit.allows("a"), limit.allows("A"), limit.allows("a"), limit.allows("b")] == [True, True, False, True]
    now[0] = 60.0
    assert limit.allows("a")
