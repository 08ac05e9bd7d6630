"""A stack has keys of its own, and its Web UI reads what they encrypt (SPEC §7.5)."""

import asyncio
import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload, Payloads

from config.codec_readers import READERS_FILE, codec_readers
from config.key_ring import KEYS_FILE, KeyRing
from config.settings import Settings
from database.encryption_keys import KeysDoNotFit
from starter.stack import Stack, running_stack

CALLER = {"name": "Camille Petit"}


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CURATIVE_KEYS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


async def fetched(url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """The JSON that is answered, once somebody listens there."""

    def fetch() -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    while True:
        try:
            return await asyncio.to_thread(fetch)
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError):
            await asyncio.sleep(0.05)


async def stored(stack: Stack) -> Payload:
    """What Temporal keeps of the argument of the case `curative-KEPT`."""
    history = await stack.client.get_workflow_handle("curative-KEPT").fetch_history()
    return history.events[0].workflow_execution_started_event_attributes.input.payloads[0]


async def test_a_first_start_makes_keys_and_the_next_one_reads_what_they_encrypted(
    home: Path, database_url: str
) -> None:
    async with running_stack(home, workers=0, database_url=database_url) as stack:
        await stack.client.start_workflow("Anything", CALLER, id="curative-KEPT", task_queue="nobody-works-on-this")
        ring = (home / KEYS_FILE).read_text()
        assert (await stored(stack)).metadata["encryption-key-id"].decode() == KeyRing.parse(ring, "it").keys[0].id
        assert {(home / name).stat().st_mode & 0o777 for name in (KEYS_FILE, READERS_FILE)} == {0o600}
        await the_web_ui_reads(stack)
        killed = stack.services["codec"].pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await the_web_ui_reads(stack)  # whoever asks meanwhile is answered by the next one

    async with running_stack(home, workers=0, database_url=database_url, codec_login=True) as stack:
        assert (home / KEYS_FILE).read_text() == ring
        assert await stack.client.data_converter.decode([await stored(stack)]) == [CALLER]
        await the_web_ui_asks_who_reads(stack)

    (home / KEYS_FILE).unlink()
    with pytest.raises(KeysDoNotFit, match="was used here and is not in the key ring: put it back"):
        async with running_stack(home, workers=0, ui=False, database_url=database_url):
            pass


async def the_web_ui_reads(stack: Stack) -> None:
    """It is told where, with a token of its own that no file keeps."""
    told = (await fetched(f"{stack.addresses.ui_url}/api/v1/settings"))["Codec"]["Endpoint"]
    address, _, token = told.rpartition("/")
    assert address == stack.addresses.codec_url
    assert token not in "".join((stack.data_dir / name).read_text() for name in (READERS_FILE, "addresses.json"))
    body = MessageToDict(Payloads(payloads=[await stored(stack)]))
    answer = await fetched(f"{told}/decode", body, Origin=str(stack.addresses.ui_url))
    assert "json/plain" not in str(body)
    assert answer["payloads"][0]["metadata"]["encoding"] == "anNvbi9wbGFpbg=="


async def the_web_ui_asks_who_reads(stack: Stack) -> None:
    """With `codec_login`, only a reader's token opens."""
    told = (await fetched(f"{stack.addresses.ui_url}/api/v1/settings"))["Codec"]["Endpoint"]
    assert told == stack.addresses.codec_url
    body = MessageToDict(Payloads(payloads=[await stored(stack)]))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        await fetched(f"{told}/decode", body)
    token = codec_readers(Settings(data_dir=stack.data_dir)).tokens["local"]
    assert (await fetched(f"{told}/decode", body, Authorization=f"Bearer {token}"))["payloads"]
