"""The mail server as the settings describe it: one URL, or host, port and security apart."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from config.settings import Settings, SettingsError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    """How the connection is secured."""

    IMPLICIT = "implicit"
    """TLS from the first byte."""
    STARTTLS = "starttls"
    """TLS by STARTTLS, or no mail at all."""
    OPTIONAL = "optional"
    """TLS by STARTTLS when the server offers it. A password still never leaves this machine unencrypted."""
    NONE = "none"
    """No TLS, whatever the server offers; a password leaves as it is."""


DEFAULT_PORTS: Mapping[Security, int] = {
    Security.IMPLICIT: 465,
    Security.STARTTLS: 587,
    Security.OPTIONAL: 25,
    Security.NONE: 25,
}


class SmtpServer(BaseModel):
    """Where mails are handed over, and how."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    security: Security = Security.OPTIONAL
    user: str | None = None
    password: SecretStr | None = None
    timeout_seconds: float = 20
    ca_file: Path | None = None
    """Certificates that are trusted in place of the system's."""

    @property
    def may_send_the_password_unencrypted(self) -> bool:
        """Only where nobody is on the way, or where the settings say so outright."""
        return self.security is Security.NONE or self.host in LOOPBACK


def smtp_server(settings: Settings) -> SmtpServer | None:
    """The mail server of the settings, or None: a Maildir. Raises SettingsError for what does not go together."""
    if settings.smtp_url and settings.smtp_host:
        raise SettingsError("Set either CURATIVE_SMTP_URL or CURATIVE_SMTP_HOST, not both.")
    described = _by_url(settings.smtp_url, settings) if settings.smtp_url else _by_host(settings)
    if described and (described.user is None) != (described.password is None):
        raise SettingsError("Set CURATIVE_SMTP_USER and CURATIVE_SMTP_PASSWORD together, or neither.")
    return described


def _by_host(settings: Settings) -> SmtpServer | None:
    if not settings.smtp_host:
        return None
    return _server(settings, settings.smtp_host, settings.smtp_port, Security.OPTIONAL)


def _by_url(text: str, settings: Settings) -> SmtpServer:
    """`smtp://user:password@host:587` (STARTTLS when offered, unless the settings say more) or `smtps://…`."""
    url = urlsplit(text)
    try:
        port = url.port
    except ValueError:
        raise SettingsError("CURATIVE_SMTP_URL: its port is no number from 1 to 65535.") from None
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise SettingsError("CURATIVE_SMTP_URL must be as smtp://user:password@host:587 or smtps://host.")
    server = _server(settings, url.hostname, port, Security.OPTIONAL if url.scheme == "smtp" else Security.IMPLICIT)
    if not url.username:
        return server
    password = SecretStr(unquote(url.password or ""))
    return server.model_copy(update={"user": unquote(url.username), "password": password})


def _server(settings: Settings, host: str, port: int | None, security: Security) -> SmtpServer:
    chosen = Security(settings.smtp_security) if settings.smtp_security else security
    return SmtpServer(
        host=host,
        port=port or DEFAULT_PORTS[chosen],
        security=chosen,
        user=settings.smtp_user,
        password=settings.smtp_password,
        timeout_seconds=settings.smtp_timeout_seconds,
        ca_file=settings.smtp_ca_file,
    )
