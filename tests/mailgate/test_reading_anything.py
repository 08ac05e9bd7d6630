"""Reading ends, and answers something, whatever it is given: broken, hostile, endless."""

import random
import zlib
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.reading.mail import Mail, read_mail
from mailgate.reading.understanding import Understanding, content_of, understand
from tests.mailgate.corpus import CORPUS, OURS, known_of

SEEDS = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml")) if path.stat().st_size < 20_000]
CHARSETS = ["utf-8", "utf-7", "utf-16", "cp1252", "hz", "cp037"]
DECLARED = [b"utf-8", b"utf-7", b"utf-16", b"idna", b"punycode", b"undefined", b"mbcs", b"unicode_escape", b"x-unknown"]
LARGE = 200_000
HEAD = b"From: a@b.example\r\nSubject: mise a jour\r\n"
PLAIN = HEAD + b"Content-Type: text/plain\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
CSV = HEAD + b"Content-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n"

ENDLESS = {
    **{f"plain {unit!r}": PLAIN + unit * (LARGE // len(unit)) for unit in (
        b"a", b"1 ", b"FTT2608B2KR ", b"S/N: ", b"x1y2z3\r\n", b"a-1-", b"> ", b" ", b"a\t", b"De : x\r\nObjet : y\r\n",
        b"Le 1 a \r\n", b"_", b"ne n ", b"mettre a ", b"1.", b"a1;b2\r\n", b"\x00\x01", b"\xe9\xe8", b"Type: \r\n",
        b"room kit ", b"a@a ", b"CM-7K3Q-", b"n de serie ", b"ABCDEF12 ", b"=?utf-8?q?a?= ",
    )},
    **{f"html {unit!r}": HTML + unit * (LARGE // len(unit)) for unit in (
        b"<div>", b"<a ", b"<a href='", b"<!--", b"<![", b"</", b"<table><tr><td>", b"<tr><td>a</td><td>b1</td></tr>",
        b"<blockquote type=cite>a", b"&#9", b"<a b=\"c\" ",
    )},
    **{f"csv {unit!r}": CSV + unit * (LARGE // len(unit)) for unit in (b'"a;', b";", b"FTT2608B2KR;Room Kit\r\n")},
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\r\nFrom: " + b"(" * 10_000 + b"\r\n\r\nx",
    "addresses": b"From: " + b"a@" * 50_000 + b"\r\nReferences: " + b"<a@b> " * 10_000 + b"\r\n\r\nx",
    "headers": b"X: y\r\n" * 50_000 + b"\r\nx",
    "parameters": HEAD + b'Content-Type: text/plain; a="' + b";" * 100_000 + b"\r\n\r\nx",
    "number of a parameter": HEAD + b"Content-Type: text/plain; name*" + b"9" * 5_000 + b"*=a\r\n\r\nx",
    "mails in mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"x",
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 10_000,
    "parts in parts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(59))
    + b"\r\nx\r\n" * 10_000,
}  # fmt: skip


def read_to_the_end(raw: bytes, envelope_sender: str | None = None) -> tuple[Mail, Understanding]:
    """Everything that the gate does with a mail before it does anything."""
    mail = read_mail(raw, envelope_sender)
    known = known_of(mail)
    understood = understand(mail, known, OURS, envelope_sender)
    content_of(mail, known, envelope_sender)
    for text in (understood.text, understood.symptom, understood.requester.name, mail.subject):
        text.encode()  # what cannot be written down can be given to nobody
        assert "\0" not in text
    return mail, understood


@settings(max_examples=300, deadline=None, print_blob=True)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    read_to_the_end(raw)


@settings(max_examples=200, deadline=None, print_blob=True)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 15))
def test_a_mail_that_was_damaged_on_its_way_is_read(raw: bytes, seed: int, times: int) -> None:
    damage = random.Random(seed)
    content = bytearray(raw)
    for _ in range(times):
        at, other = damage.randrange(len(content) + 1), damage.choice(SEEDS)
        piece = damage.randrange(len(other))
        match damage.randrange(6):
            case 0:
                del content[at : at + damage.randint(1, 40)]
            case 1:
                content[at:at] = damage.randbytes(damage.randint(1, 20))
            case 2:
                content[at:at] = other[piece : piece + damage.randint(1, 400)]
            case 3:
                content[at:at] = damage.choice([b"\r", b"\n", b"\0", b"\r\n\r\n", b"=\r\n", b"\xff\xfe", b"--\r\n"])
            case 4:
                content = content.replace(b"utf-8", damage.choice(DECLARED))
            case _:
                content[at:at] = content[piece : piece + damage.randint(1, 200)]
    read_to_the_end(bytes(content), damage.choice([None, "", "a@b.example"]))


@pytest.mark.parametrize("charset", DECLARED)
def test_an_encoding_that_fails_is_guessed(charset: bytes) -> None:
    body = b"Merci d'envoyer la mise a jour de FTT2608B2KR \xe9\r\n"
    raw = HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + body
    _, understood = read_to_the_end(raw)
    assert charset == b"utf-16" or [item.serial_number for item in understood.items] == ["FTT2608B2KR"]


def test_what_cannot_be_seen_in_an_address_is_gone() -> None:
    _, understood = read_to_the_end(b"From: ca\0mille@b.example\r\nSubject: mise a jour\r\n\r\nFTT2608B2KR\r\n")
    assert understood.requester.email == "camille@b.example"


@settings(max_examples=200, deadline=None, print_blob=True)
@given(st.text(max_size=400), st.text(max_size=60), st.sampled_from(CHARSETS))
def test_any_text_in_any_encoding_is_read(text: str, subject: str, charset: str) -> None:
    body = text.encode(charset, "replace")
    head = f"From: x@y.example\nSubject: {' '.join(subject.split())}\nContent-Type: text/plain; charset={charset}\n\n"
    read_to_the_end(head.encode("utf-8", "replace") + body)


@settings(max_examples=60, deadline=None, print_blob=True)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_what_a_well_made_mail_says_is_what_is_read(text: str) -> None:
    made = EmailMessage()
    made["From"] = "x@y.example"
    made.set_content(text)
    mail, _ = read_to_the_end(made.as_bytes())
    assert not mail.unreadable


@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_endless_comes_to_an_end(name: str) -> None:
    read_to_the_end(ENDLESS[name])


def test_what_is_packed_is_never_unpacked() -> None:
    bomb = zlib.compress(b"FTT2608B2KR mise a jour svp " * 1_000_000)
    raw = HEAD + b"Content-Type: application/gzip; name=liste.csv\r\n\r\n" + b"\x1f\x8b" + bomb
    mail, understood = read_to_the_end(raw)
    assert mail.attachments == ["liste.csv"]
    assert not understood.items
