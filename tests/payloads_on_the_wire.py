"""Payloads on the wire: garbage that says it is encrypted, and a client that does not encrypt."""

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import DataConverter

from config.key_ring import KeyRing, key_ring, new_entry
from config.payload_codec import CIPHER, ENCRYPTED, KEY_ID, EncryptingCodec
from config.settings import Settings
from config.temporal import connect_to

GARBAGE = ("unknown_key", "tampered", "cut_off", "empty", "no_key_id", "key_id_that_is_no_text", "encrypted_no_payload")


async def garbage(how: str) -> Payload:
    """A payload that says it is encrypted, and does not decrypt."""
    text = DataConverter.default.payload_converter.to_payloads([{"text": "Camille"}])
    own = key_ring(Settings())
    assert own is not None
    if how == "unknown_key":
        return (await EncryptingCodec(KeyRing.parse(new_entry("k-of-nobody"), "the test")).encode(text))[0]
    [payload] = await EncryptingCodec(own).encode(text)
    key_id, data = payload.metadata[KEY_ID], payload.data
    if how == "encrypted_no_payload":
        data = EncryptingCodec(own)._cipher.encrypt(b"\xff" * 40, b"payload")
    elif how == "key_id_that_is_no_text":
        key_id = b"\xff\xfe"
    else:
        data = {"tampered": data[:-1] + bytes([data[-1] ^ 1]), "cut_off": data[:20], "empty": b""}.get(how, data)
    metadata = {"encoding": ENCRYPTED, CIPHER: b"AES-256-GCM", **({KEY_ID: key_id} if how != "no_key_id" else {})}
    return Payload(metadata=metadata, data=data)


async def plain_client(client: Client) -> Client:
    """Another client of the same server: what it sends goes out as it is, as from the `temporal` command."""
    settings = Settings(unencrypted=True)
    return await connect_to(client.service_client.config.target_host, client.namespace, settings)
