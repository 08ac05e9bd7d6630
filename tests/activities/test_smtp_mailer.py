"""Mail out by SMTP, against a real server: TLS, login, what is refused for good, and what is tried again."""

import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from activities.mailer import MailDelayed, MailRefused
from activities.smtp_mailer import PasswordWouldBeSeen, SmtpMailer
from config.settings import Settings, SettingsError
from config.smtp import Security, SmtpServer, smtp_server
from tests.activities.certificates import certificate
from tests.activities.smtp_servers import LOGIN_REQUIRED, PASSWORD, USER, Server, running, starttls

TO = "camille@lumiere.example"


def mailer(server: Server, security: Security, **more: Any) -> SmtpMailer:
    return SmtpMailer(SmtpServer(host="127.0.0.1", port=server.port, security=security, timeout_seconds=5, **more))


def a_mail(number: int = 1) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Support <s@provider.example>", TO, "Été"
    mail["Message-ID"] = f"<{number}@provider.example>"
    mail.set_content("Bonjour, été")
    return mail


@pytest.fixture
def trust(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path)


async def test_a_mail_goes_over_tls_from_the_first_byte_with_a_login(trust: tuple[Path, ssl.SSLContext]) -> None:
    trusted, context = trust
    async with running(implicit=context, **LOGIN_REQUIRED) as server:
        login = {"user": USER, "password": PASSWORD}
        await mailer(server, Security.IMPLICIT, ca_file=trusted, **login).send(a_mail())
    assert [mail["Message-ID"] for mail in server.received] == ["<1@provider.example>"]
    assert server.received[0].get_content().splitlines() == ["Bonjour, été"]
    assert (server.logins, server.over_tls) == ([USER], [True])


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.OPTIONAL])
async def test_a_server_that_offers_starttls_is_spoken_to_over_tls(
    trust: tuple[Path, ssl.SSLContext], security: Security
) -> None:
    trusted, context = trust
    async with running(**starttls(context, required=True)) as server:
        await mailer(server, security, ca_file=trusted).send(a_mail())
    assert server.over_tls == [True]


async def test_without_tls_nothing_is_encrypted_though_it_is_offered(trust: tuple[Path, ssl.SSLContext]) -> None:
    async with running(**starttls(trust[1])) as server:
        await mailer(server, Security.NONE).send(a_mail())
    assert server.over_tls == [False]


async def test_where_starttls_is_required_nothing_goes_to_a_server_that_has_none() -> None:
    async with running() as server:
        with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
            await mailer(server, Security.STARTTLS).send(a_mail())
    assert server.received == []


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(trust: tuple[Path, ssl.SSLContext]) -> None:
    async with running(implicit=trust[1]) as server:
        with pytest.raises((aiosmtplib.SMTPException, OSError)):
            await mailer(server, Security.IMPLICIT).send(a_mail())
    assert server.received == []


async def test_a_password_does_not_leave_the_machine_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.smtp.LOOPBACK", frozenset())
    async with running(**LOGIN_REQUIRED) as server:
        login = {"user": USER, "password": PASSWORD}
        with pytest.raises(PasswordWouldBeSeen, match="CURATIVE_SMTP_SECURITY"):
            await mailer(server, Security.OPTIONAL, **login).send(a_mail())
        assert server.logins == []
        await mailer(server, Security.NONE, **login).send(a_mail())
    assert server.logins == [USER]


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "553 bad mailbox", "554 5.7.1 refused"])
async def test_an_address_that_is_refused_for_good_is_said_to_be(answer: str) -> None:
    async with running() as server:
        server.rcpt_answers[TO] = answer
        with pytest.raises(MailRefused, match=answer[:3]):
            await mailer(server, Security.NONE).send(a_mail())


@pytest.mark.parametrize("answer", ["450 try again", "452 too many", "530 authentication required"])
async def test_an_address_that_is_refused_for_now_may_be_taken_later(answer: str) -> None:
    async with running() as server:
        server.rcpt_answers[TO] = answer
        with pytest.raises(MailDelayed):
            await mailer(server, Security.NONE).send(a_mail())


@pytest.mark.parametrize(("answer", "verdict"), [("552 too big", MailRefused), ("451 not now", MailDelayed)])
async def test_a_content_that_is_refused_is_told_apart_as_well(answer: str, verdict: type[Exception]) -> None:
    async with running() as server:
        server.data_answer = answer
        with pytest.raises(verdict):
            await mailer(server, Security.NONE).send(a_mail())


async def test_a_login_that_fails_is_no_refusal_of_the_mail() -> None:
    async with running(**LOGIN_REQUIRED) as server:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await mailer(server, Security.NONE, user=USER, password="wrong").send(a_mail())


async def test_a_server_that_is_away_is_no_refusal_of_the_mail() -> None:
    async with running() as server:
        pass
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await mailer(server, Security.NONE).send(a_mail())


def configured(monkeypatch: pytest.MonkeyPatch, **variables: str) -> SmtpServer | None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CURATIVE_SMTP_{name.upper()}", value)
    return smtp_server(Settings())


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"url": "smtp://mail.example"}, ("mail.example", 25, "optional", None)),
        ({"url": "smtp://a%40b:c@mail.example:587"}, ("mail.example", 587, "optional", "a@b")),
        ({"url": "smtps://mail.example"}, ("mail.example", 465, "implicit", None)),
        ({"url": "smtp://mail.example", "security": "starttls"}, ("mail.example", 587, "starttls", None)),
        ({"host": "mail.example"}, ("mail.example", 25, "optional", None)),
        ({"host": "m", "security": "implicit", "user": "u", "password": "p"}, ("m", 465, "implicit", "u")),
        ({"host": "m", "port": "2525", "security": "none"}, ("m", 2525, "none", None)),
    ],
)
def test_a_server_is_described_by_one_url_or_by_its_parts(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: tuple[object, ...] | None
) -> None:
    server = configured(monkeypatch, **variables)
    assert (server and (server.host, server.port, server.security.value, server.user)) == expected


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"url": "smtp://m", "host": "m"}, "not both"),
        ({"url": "http://m"}, "smtp://user:password@host:587"),
        ({"url": "smtp://m:99999"}, "port"),
        ({"host": "m", "user": "u"}, "together"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        configured(monkeypatch, **variables)


def test_a_password_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATIVE_SMTP_PASSWORD", "hidden")
    monkeypatch.setenv("CURATIVE_SMTP_HOST", "m")
    monkeypatch.setenv("CURATIVE_SMTP_USER", "u")
    assert "hidden" not in f"{Settings()!r} {smtp_server(Settings())!r}"
