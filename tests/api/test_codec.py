"""The codec endpoint answers readers on the Web UI's pages, and nobody else (SPEC §7.5)."""

import base64
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, Parse, ParseDict
from httpx import ASGITransport, AsyncClient
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import DataConverter

from api.codec import MOST_BYTES, CodecEndpoint, endpoint, serve
from api.codec_access import COOKIE, SESSION_SECONDS, Access, web_ui_origins
from config.codec_readers import Readers
from config.key_ring import KeyRing, new_entry
from config.payload_codec import EncryptingCodec
from config.settings import Settings, SettingsError

UI = "http://localhost:8233"
TOKEN, OTHER = "the-token-of-ada-0123456789", "the-token-of-bob-0123456789"
READERS = Readers({"ada": TOKEN, "bob": OTHER})
RING = KeyRing.parse(new_entry(), "the test")
CALLER = {"name": "Camille Petit"}
ADA = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    served = CodecEndpoint(EncryptingCodec(RING), Access(READERS, [UI]), namespace="default", ui_url=UI)
    async with AsyncClient(transport=ASGITransport(served.app()), base_url="http://localhost:8234") as browser:
        yield browser


@pytest.fixture
async def encrypted() -> dict[str, Any]:
    """The JSON of a payload as Temporal keeps it, and of one that does not decrypt."""
    [payload] = await EncryptingCodec(RING).encode(DataConverter.default.payload_converter.to_payloads([CALLER]))
    broken = Payload(metadata=payload.metadata, data=payload.data[:-1])
    return dict(MessageToDict(Payloads(payloads=[payload, broken])))


def read(answer: dict[str, Any]) -> list[Any]:
    """The values of an answer; bytes of what is still encrypted."""
    payloads = ParseDict(answer, Payloads()).payloads
    return [
        DataConverter.default.payload_converter.from_payload(payload)
        if payload.metadata["encoding"] == b"json/plain"
        else payload.data
        for payload in payloads
    ]


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()}


@pytest.mark.parametrize(
    ("path", "headers"), [("/decode", ADA), ("/decode", basic(TOKEN)), (f"/{TOKEN}/decode", {})], ids=str
)
async def test_a_reader_has_payloads_decoded_and_what_does_not_decrypt_comes_back(
    client: AsyncClient, encrypted: dict[str, Any], path: str, headers: dict[str, str]
) -> None:
    answer = await client.post(path, json=encrypted, headers={**headers, "X-Namespace": "default", "Origin": UI})
    assert answer.status_code == 200
    first, second = read(answer.json())
    assert first == CALLER
    assert second == base64.b64decode(encrypted["payloads"][1]["data"])


async def test_what_is_encoded_is_encrypted_and_decodes(client: AsyncClient) -> None:
    plain = MessageToDict(Payloads(payloads=DataConverter.default.payload_converter.to_payloads([CALLER])))
    encoded = (await client.post("/encode", json=plain, headers=ADA)).json()
    assert Parse(str(encoded).replace("'", '"'), Payloads()).payloads[0].metadata["encoding"] == b"binary/encrypted"
    assert (await client.post("/decode", json=encoded, headers=ADA)).json() == plain


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/decode", {}),
        ("/encode", {}),
        ("/decode", {"Authorization": "Bearer the-token-of-nobody-012345"}),
        ("/decode", {"Authorization": f"Bearer {TOKEN[:-1]}"}),
        ("/decode", {"Authorization": TOKEN}),
        ("/decode", {"Authorization": "Basic ???"}),
        ("/decode", basic("")),
        ("/decode", {"Cookie": f"{COOKIE}=ada|9999999999|{'0' * 64}"}),
        ("/decode", {"Cookie": f"{COOKIE}={TOKEN}"}),
        ("/the-token-of-nobody-012345/decode", {}),
    ],
    ids=str,
)
async def test_nobody_else_is_answered(
    client: AsyncClient, encrypted: dict[str, Any], path: str, headers: dict[str, str]
) -> None:
    answer = await client.post(path, json=encrypted, headers=headers)
    assert answer.status_code == 401
    assert "payloads" not in answer.json()


async def test_another_page_is_refused_even_with_a_token(client: AsyncClient, encrypted: dict[str, Any]) -> None:
    answer = await client.post(f"/{TOKEN}/decode", json=encrypted, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("origin", "allowed"), [(UI, True), ("https://evil.example", False), ("null", False)])
async def test_browsers_are_told_that_the_web_ui_may_ask_and_no_other_page(
    client: AsyncClient, origin: str, allowed: bool
) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-namespace"}
    answer = await client.options("/decode", headers={"Origin": origin, **asked})
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
    assert (answer.status_code == 200) is allowed
    if allowed:
        assert answer.headers["access-control-allow-credentials"] == "true"


async def test_another_namespace_is_not_served(client: AsyncClient, encrypted: dict[str, Any]) -> None:
    answer = await client.post("/decode", json=encrypted, headers={**ADA, "X-Namespace": "elsewhere"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{oops", b'{"payloads": 7}', b"\xff", b'{"payloads": [{"data": 7}]}', b"[" * 100_000]
)
async def test_a_body_that_is_none_is_refused(client: AsyncClient, body: bytes) -> None:
    assert (await client.post("/decode", content=body, headers=ADA)).status_code == 400


async def test_a_body_that_is_too_long_is_refused(client: AsyncClient) -> None:
    assert (await client.post("/decode", content=b" " * (MOST_BYTES + 1), headers=ADA)).status_code == 413


async def test_a_reader_logs_in_and_the_browser_is_known_from_then_on(
    client: AsyncClient, encrypted: dict[str, Any]
) -> None:
    assert "jeton" in (await client.get("/")).text
    page = await client.post("/login", data={"token": TOKEN}, headers={"Origin": "http://localhost:8234"})
    assert page.status_code == 200
    assert "ada" in page.text
    assert TOKEN not in page.text + str(page.headers)
    flags = page.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert read((await client.post("/decode", json=encrypted, headers={"Origin": UI})).json())[0] == CALLER


@pytest.mark.parametrize(("form", "status"), [({"token": "wrong"}, 401), ({}, 401)])
async def test_a_wrong_token_logs_nobody_in(client: AsyncClient, form: dict[str, str], status: int) -> None:
    answer = await client.post("/login", data=form)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_a_login_is_not_taken_from_another_page(client: AsyncClient) -> None:
    answer = await client.post("/login", data={"token": TOKEN}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_cookie_ends_and_counts_for_its_reader_only() -> None:
    access = Access(READERS, [UI])
    cookie = access.cookie_for(TOKEN, now=1_000)
    assert cookie is not None
    assert access._signed_in(cookie, now=1_000 + SESSION_SECONDS - 1) == "ada"
    assert access._signed_in(cookie, now=1_000 + SESSION_SECONDS) is None
    assert access._signed_in(cookie.replace("ada", "bob"), now=1_000) is None
    assert access._signed_in(cookie.replace("44200", "94200"), now=1_000) is None
    renewed = Access(Readers({"ada": "another-token-of-ada-0123456"}), [UI])
    assert renewed._signed_in(cookie, now=1_000) is None


async def test_who_decoded_how_much_is_logged_and_not_what(
    client: AsyncClient, encrypted: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        await client.post(f"/{TOKEN}/decode", json=encrypted)
    [line] = [record for record in caplog.records if record.name == "codec"]
    assert (line.message, vars(line)["reader"], vars(line)["payloads"]) == ("decoded", "ada", 2)
    assert not [record for record in caplog.records if record.name != "httpx" and TOKEN in str(vars(record))]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "here names no reader"),
        (f"ada {TOKEN}", "Reader 'ada' of here has no usable token"),
        (f":{TOKEN}", "Reader 1 of here has no name of his own"),
        (f"ada:{TOKEN},ada:{OTHER}", "Reader 2 of here has no name of his own"),
        ("ada:too-short", "Reader 'ada' of here has no usable token"),
    ],
)
def test_readers_that_cannot_be_used_are_named_and_their_tokens_are_not(text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as refused:
        Readers.parse(text, "here")
    assert TOKEN not in str(refused.value)


def test_nobody_may_decode_unless_it_is_said_who() -> None:
    with pytest.raises(SettingsError, match="Nobody is named who may decode"):
        endpoint(Settings.model_validate({"data_dir": "/nowhere"}))
    endpoint(Settings.model_validate({"data_dir": "/nowhere", "codec_readers": f"ada:{TOKEN}"}))


@pytest.mark.parametrize(
    ("settings", "origins"),
    [
        ({"ui_url": "http://localhost:8233"}, {"http://localhost:8233", "http://127.0.0.1:8233"}),
        ({"ui_url": "https://temporal.example/ui"}, {"https://temporal.example"}),
        ({"codec_origins": "https://a.example, https://b.example/"}, {"https://a.example", "https://b.example"}),
    ],
)
def test_the_web_ui_is_known_by_its_address_unless_others_are_named(
    settings: dict[str, str], origins: set[str]
) -> None:
    assert web_ui_origins(Settings.model_validate(settings)) == origins


async def test_a_port_that_is_taken_is_a_setting_that_is_wrong() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(keys=new_entry(), codec_port=port, codec_readers=f"ada:{TOKEN}", ui_url=UI)
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
            await serve(settings)
