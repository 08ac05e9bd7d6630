"""Everything that Temporal keeps is encrypted; what cannot be decrypted is handed on, and no exception."""

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from config.data_converter import data_converter
from config.key_ring import KeyRing, new_entry
from config.payload_codec import ENCRYPTED, KEY_ID, EncryptingCodec
from config.settings import Settings, SettingsError
from domain.payloads import Undecodable
from tests.payloads_on_the_wire import GARBAGE, garbage

OLD, NEW = new_entry("k-old"), new_entry("k-new")
CALLER = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68"}


def codec(*entries: str, **options: bool) -> EncryptingCodec:
    return EncryptingCodec(KeyRing.parse(",".join(entries), "the test"), **options)


def converter(**settings: object) -> DataConverter:
    return data_converter(Settings.model_validate(settings))


async def plain(*values: object) -> list[Payload]:
    return DataConverter.default.payload_converter.to_payloads(values)


async def test_what_is_encrypted_comes_back_and_shows_nothing_but_the_id_of_its_key() -> None:
    payloads = await plain(CALLER, None, b"\x00\xff")
    encrypted = await codec(NEW).encode(payloads)
    assert await codec(NEW).decode(encrypted) == payloads
    for payload in encrypted:
        assert payload.metadata["encoding"] == ENCRYPTED
        assert payload.metadata[KEY_ID] == b"k-new"
        assert b"Camille" not in payload.SerializeToString()
        assert b"json" not in payload.SerializeToString()


async def test_histories_of_an_older_key_are_read_after_a_rotation_and_new_ones_have_the_new_key() -> None:
    payloads = await plain(CALLER)
    old = await codec(OLD).encode(payloads)
    rotated = codec(NEW, OLD)
    new = await rotated.encode(payloads)
    assert new[0].metadata[KEY_ID] == b"k-new"
    assert await rotated.decode([*old, *new]) == payloads * 2


async def test_plain_payloads_pass_through() -> None:
    payloads = [*await plain(CALLER), Payload(), Payload(metadata={"encoding": b"\xff"}, data=b"x")]
    assert await codec(NEW).decode(payloads) == payloads


@pytest.mark.parametrize("how", GARBAGE)
async def test_what_does_not_decrypt_is_handed_back_as_it_is(how: str) -> None:
    payload = await garbage(how)
    ours = data_converter(Settings())
    assert ours.payload_codec is not None
    assert await ours.payload_codec.decode([payload]) == [payload]
    [value] = await ours.decode([payload])
    assert value == Undecodable(encoding="binary/encrypted", size=len(payload.data))


async def test_where_something_is_expected_a_missing_key_is_named() -> None:
    [payload] = await converter(keys=OLD).encode([CALLER])
    with pytest.raises(RuntimeError, match="encrypted with key 'k-old', which is not in the key ring"):
        await converter(keys=NEW).decode([payload], [dict])


async def test_failures_hide_what_they_say() -> None:
    ours, failure = converter(keys=NEW), Failure()
    try:
        raise ApplicationError("Camille Petit is unknown", {"field": "Camille"}, type="Refused") from ValueError(
            "Petit"
        )
    except ApplicationError as error:
        await ours.encode_failure(error, failure)
    stored = failure.SerializeToString()
    assert b"Camille" not in stored
    assert b"Petit" not in stored
    assert b"test_payload_codec" not in stored  # the traceback
    read = await ours.decode_failure(failure)
    assert isinstance(read, ApplicationError)
    assert (read.message, read.details, read.type) == ("Camille Petit is unknown", ({"field": "Camille"},), "Refused")
    assert isinstance(read.cause, ApplicationError)
    assert read.cause.message == "Petit"


async def test_a_failure_that_cannot_be_decrypted_is_a_failure_without_words() -> None:
    failure = Failure()
    await converter(keys=OLD).encode_failure(ApplicationError("Camille", "Petit", type="Refused"), failure)
    read = await converter(keys=NEW).decode_failure(failure)
    assert isinstance(read, ApplicationError)
    assert (read.message, read.type) == ("Encoded failure", "Refused")
    assert isinstance(read.details[0], Undecodable)


async def test_unencrypted_only_when_it_is_said_and_then_encrypted_histories_are_still_read() -> None:
    [encrypted] = await converter(keys=OLD).encode([CALLER])
    with pytest.raises(SettingsError):
        converter(keys=None, data_dir="/nowhere")
    bare = converter(keys=None, data_dir="/nowhere", unencrypted=True)
    assert await bare.encode([CALLER]) == await plain(CALLER)
    back = converter(keys=OLD, unencrypted=True)
    assert (await back.encode([CALLER]))[0].metadata["encoding"] == b"json/plain"
    assert await back.decode([encrypted]) == [CALLER]
