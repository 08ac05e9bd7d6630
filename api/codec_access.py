"""Who is it that wants payloads decoded: a token in the path, in the Authorization header, or a cookie of the login."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from config.codec_readers import Readers
from config.settings import Settings

COOKIE: Final = "curative-codec"
SESSION_SECONDS: Final = 12 * 3600
_LOOPBACK: Final = ("localhost", "127.0.0.1")


class Access:
    """Answers with the name of a reader, or with nobody's. It keeps no sessions: a cookie is signed by its token."""

    def __init__(self, readers: Readers, origins: Iterable[str]) -> None:
        self._readers = readers
        self.origins = frozenset(origins)

    def is_foreign(self, request: Request) -> bool:
        """Whether a browser sends this from a page that is neither the Web UI's nor our own."""
        origin = request.headers.get("origin")
        return origin is not None and origin not in self.origins and urlsplit(origin).netloc != request.url.netloc

    def reader(self, request: Request, now: float, path_token: str | None = None) -> str | None:
        """The reader who asks; None for anybody else."""
        for token in (path_token, _token_in(request.headers.get("authorization", ""))):
            if token and (name := self._readers.with_token(token)):
                return name
        return self._signed_in(request.cookies.get(COOKIE, ""), now)

    def cookie_for(self, token: str, now: float) -> str | None:
        """What the browser of the token's reader shows from now on; None for a token of nobody's."""
        name = self._readers.with_token(token)
        if name is None:
            return None
        claim = f"{name}|{int(now) + SESSION_SECONDS}"
        return f"{claim}|{_signature(token, claim)}"

    def _signed_in(self, cookie: str, now: float) -> str | None:
        claim, _, signature = cookie.rpartition("|")
        name, _, until = claim.partition("|")
        token = self._readers.tokens.get(name)
        if token is None or not hmac.compare_digest(_signature(token, claim).encode(), signature.encode()):
            return None
        return name if now < int(until) else None


def web_ui_origins(settings: Settings) -> frozenset[str]:
    """The origins of the Web UI: those of `CURATIVE_CODEC_ORIGINS`, else its address, by both names of this machine.

    Raises SettingsError when the addresses of a running stack cannot be read.
    """
    if settings.codec_origins:
        return frozenset(origin.strip().rstrip("/") for origin in settings.codec_origins.split(","))
    parts = urlsplit(settings.web_ui())
    hosts = _LOOPBACK if parts.hostname in _LOOPBACK else (parts.hostname,)
    port = f":{parts.port}" if parts.port else ""
    return frozenset(f"{parts.scheme}://{host}{port}" for host in hosts)


def _token_in(authorization: str) -> str | None:
    """The token of `Bearer …`, or the password of `Basic …`, whoever the user is said to be."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _signature(token: str, claim: str) -> str:
    return hmac.digest(token.encode(), f"curative-codec|{claim}".encode(), sha256).hex()
