"""How values travel through Temporal: converted and encrypted, and no case is stuck over one (SPEC §5, §7.5)."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
)

from config.key_ring import key_ring
from config.payload_codec import EncryptingCodec
from config.payload_converter import TolerantPayloadConverter
from config.settings import Settings


class TolerantDataConverter(DataConverter):
    """The SDK's converter, which takes a payload that names an external storage for what it is: one nobody can read.

    We store nothing outside, and the SDK answers such a payload, which anybody can send, with an error that is tried
    for ever. The payload converter makes an `Undecodable` of it.
    """

    async def _decode_reference_payload_sequence(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def _external_retrieve_payload_sequence(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)


def data_converter(settings: Settings) -> DataConverter:
    """The converter of this process, with the keys of its settings; failures hide their messages, too.

    Raises SettingsError when there are no keys, and nothing says that this is meant.
    """
    ring = key_ring(settings)
    return TolerantDataConverter(
        payload_converter_class=TolerantPayloadConverter,
        payload_codec=EncryptingCodec(ring, only_decrypts=settings.unencrypted) if ring else None,
        failure_converter_class=(
            DefaultFailureConverter if settings.unencrypted else DefaultFailureConverterWithEncodedAttributes
        ),
    )
