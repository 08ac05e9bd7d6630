"""The codec endpoint: payloads in clear for the Web UI and the `temporal` command (SPEC §7.5, docs/secrets.md).

`python -m api.codec` serves it. It has the keys of this process's settings, asks every caller who it is, answers
browsers on the Web UI's pages only, and writes down who decoded how much, never what.
"""

import argparse
import asyncio
import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qs

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from temporalio.api.common.v1 import Payloads
from temporalio.converter import PayloadCodec

from api.codec_access import COOKIE, SESSION_SECONDS, Access, web_ui_origins
from api.codec_login import WRONG, asking, welcoming
from config.codec_readers import codec_readers
from config.data_converter import data_converter
from config.leaving import run_and_leave
from config.settings import Settings, SettingsError
from config.telemetry import log_as_json
from config.temporal import namespace

MOST_BYTES = 16_000_000
"""More than any event of a history, in the JSON of the protocol."""

WRONG_SETTINGS = 2

log = logging.getLogger("codec")

Convert = Callable[[Payloads], Awaitable[None]]
Namespace = Annotated[str | None, Header(alias="X-Namespace")]


class CodecEndpoint:
    """The payloads of one namespace, for readers only. `app()` is the ASGI application."""

    def __init__(self, codec: PayloadCodec, access: Access, *, namespace: str, ui_url: str) -> None:
        self._codec = codec
        self._access = access
        self._namespace = namespace
        self._ui_url = ui_url

    def app(self) -> FastAPI:
        """The routes: the protocol's two, with or without a token before them, the login, and a health check."""
        app = FastAPI(title="Curative: codec endpoint", docs_url=None, redoc_url=None, openapi_url=None)
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(self._access.origins),
            allow_credentials=True,
            allow_methods=["POST"],
            allow_headers=["Authorization", "Content-Type", "X-Namespace"],
        )
        for path, endpoint in (("decode", self.decode), ("encode", self.encode)):
            app.add_api_route(f"/{path}", endpoint, methods=["POST"])
            app.add_api_route(f"/{{token}}/{path}", endpoint, methods=["POST"])
        app.add_api_route("/", self.login, methods=["GET"], response_class=HTMLResponse)
        app.add_api_route("/login", self.login, methods=["GET"], response_class=HTMLResponse)
        app.add_api_route("/login", self.log_in, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/health", self.health, methods=["GET"])
        return app

    async def decode(
        self, request: Request, token: str | None = None, x_namespace: Namespace = None
    ) -> dict[str, object]:
        """The payloads in clear; one that does not decrypt comes back as it is."""
        return await self._converted("decoded", self._codec.decode_wrapper, request, token, x_namespace)

    async def encode(
        self, request: Request, token: str | None = None, x_namespace: Namespace = None
    ) -> dict[str, object]:
        """The payloads encrypted with the first key of the ring."""
        return await self._converted("encoded", self._codec.encode_wrapper, request, token, x_namespace)

    async def health(self) -> dict[str, str]:
        """Whether the process serves; tells nothing else."""
        return {"status": "serving"}

    async def login(self) -> HTMLResponse:
        """The page that asks for the token."""
        return _page(asking())

    async def log_in(self, request: Request) -> HTMLResponse:
        """Give the browser of a reader a cookie."""
        if self._access.is_foreign(request):
            raise HTTPException(403, "Log in on this page itself.")
        token = parse_qs((await _body(request)).decode(errors="replace")).get("token", [""])[0]
        cookie = self._access.cookie_for(token, time.time())
        if cookie is None:
            log.warning("a login was refused")
            return _page(asking(WRONG), status=401)
        reader = cookie.partition("|")[0]
        log.info("logged in", extra={"reader": reader})
        page = _page(welcoming(reader, self._ui_url))
        secure = request.url.scheme == "https"
        page.set_cookie(COOKIE, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure)
        return page

    async def _converted(
        self, done: str, convert: Convert, request: Request, token: str | None, namespace: str | None
    ) -> dict[str, object]:
        reader = _admitted(self._access, request, token)
        if namespace is not None and namespace != self._namespace:
            raise HTTPException(404, f"This endpoint serves the namespace {self._namespace!r} only.")
        payloads = await _payloads_in(request)
        await convert(payloads)
        log.info(done, extra={"reader": reader, "payloads": len(payloads.payloads)})
        return {"payloads": [MessageToDict(payload) for payload in payloads.payloads]}


def _admitted(access: Access, request: Request, token: str | None) -> str:
    if access.is_foreign(request):
        raise HTTPException(403, "Only the Web UI's own pages may ask; see CURATIVE_CODEC_ORIGINS.")
    reader = access.reader(request, time.time(), token)
    if reader is None:
        raise HTTPException(
            401, "Show a reader's token (Authorization: Bearer …), or log in at /login.", {"WWW-Authenticate": "Bearer"}
        )
    return reader


async def _payloads_in(request: Request) -> Payloads:
    try:
        return Parse(await _body(request), Payloads(), ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, "The body must be the JSON of temporal.api.common.v1.Payloads.") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"More than {MOST_BYTES} bytes at once.")
    return bytes(body)


def _page(html: str, status: int = 200) -> HTMLResponse:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    return HTMLResponse(html, status, {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"})


def endpoint(settings: Settings) -> CodecEndpoint:
    """The endpoint that the settings describe. Raises SettingsError."""
    codec = data_converter(settings).payload_codec
    if codec is None:
        raise SettingsError("Nothing is encrypted here (CURATIVE_UNENCRYPTED), so there is nothing to decode.")
    access = Access(codec_readers(settings), web_ui_origins(settings))
    return CodecEndpoint(codec, access, namespace=namespace(settings), ui_url=settings.web_ui())


class _Server(uvicorn.Server):
    """Ends in order at a signal, as every process of ours does; uvicorn's own would die of it afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signal_, self.handle_exit, signal_, None)
        yield


async def serve(settings: Settings, listening: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT, on a socket that is there already or where the settings say.

    Raises SettingsError.
    """
    config = uvicorn.Config(
        endpoint(settings).app(),
        log_config=None,
        log_level="warning",
        access_log=False,  # a path may hold a token
        server_header=False,
    )
    listening = listening or _listening(settings)
    host, port = listening.getsockname()[:2]
    log.info("serving", extra={"host": host, "port": port})
    await _Server(config).serve([listening])
    log.info("stopped")


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.codec_host else socket.AF_INET
    try:
        return socket.create_server((settings.codec_host, settings.codec_port), family=family)
    except OSError as error:
        where = f"{settings.codec_host}:{settings.codec_port}"
        raise SettingsError(f"The codec endpoint cannot listen on {where}: {error.strerror}.") from error


def main(arguments: Sequence[str] | None = None) -> None:
    """The whole life of the process."""
    parser = argparse.ArgumentParser(prog="python -m api.codec")
    parser.add_argument(
        "--socket", type=int, metavar="FD", help="serve on this inherited socket, which listens already"
    )
    inherited = parser.parse_args(arguments).socket
    settings = Settings()
    log_as_json(settings.log_level)
    try:
        asyncio.run(serve(settings, None if inherited is None else socket.socket(fileno=inherited)))
    except SettingsError as error:
        log.critical("%s", error)
        raise SystemExit(WRONG_SETTINGS) from error


if __name__ == "__main__":
    run_and_leave(main)
