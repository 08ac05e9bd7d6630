"""What encryption costs: time a payload, and bytes a history.

`python -m benchmarks.codec_cost` encrypts and decrypts payloads of the sizes that cases have, beside their conversion
to JSON and back, which every payload pays for in any case. `--json` for machines.
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory

from config.key_ring import KeyRing, new_ring
from config.payload_codec import EncryptingCodec
from config.payload_converter import TolerantPayloadConverter

SIZES = {
    "a message": 250,
    "a question to an activity": 2_000,
    "the view of a case": 20_000,
    "a long hand-over": 1_000_000,
}
ROUNDS, SECONDS_A_ROUND = 5, 0.1
HISTORY = Path(__file__).parents[1] / "tests" / "data" / "histories" / "standard_exchange--2026-11-23.json"


@dataclass(frozen=True)
class PayloadCost:
    """Microseconds and bytes of one payload."""

    what: str
    plain_bytes: int
    encrypted_bytes: int
    to_json_us: float
    encrypt_us: float
    decrypt_us: float


@dataclass(frozen=True)
class HistoryCost:
    """A kept history of a standard exchange: its payloads, plain and encrypted."""

    payloads: int
    plain_bytes: int
    encrypted_bytes: int
    encrypt_ms: float


async def _microseconds(work: Callable[[], Awaitable[object]]) -> float:
    """How long `work` takes: the median of rounds."""
    rounds = []
    for _ in range(ROUNDS):
        count, began = 0, perf_counter()
        while perf_counter() - began < SECONDS_A_ROUND:
            await work()
            count += 1
        rounds.append((perf_counter() - began) / count * 1e6)
    return median(rounds)


async def cost_of_a_payload(codec: EncryptingCodec, what: str, size: int) -> PayloadCost:
    """The cost of one payload of about `size` bytes."""
    value = {"lines": ["x" * 90] * (size // 93)}
    converter = TolerantPayloadConverter()

    async def convert() -> Sequence[Any]:
        return converter.from_payloads(converter.to_payloads([value]))

    plain = converter.to_payloads([value])
    encrypted = await codec.encode(plain)
    return PayloadCost(
        what,
        plain[0].ByteSize(),
        encrypted[0].ByteSize(),
        await _microseconds(convert),
        await _microseconds(lambda: codec.encode(plain)),
        await _microseconds(lambda: codec.decode(encrypted)),
    )


def _payloads_in(message: Any) -> list[Payload]:
    """Every payload in a history, at any depth, but search attributes and headers, which stay readable."""
    if isinstance(message, Payload):
        return [message]
    found = []
    for field, value in message.ListFields():
        if field.name in ("search_attributes", "header") or field.message_type is None:
            continue
        values = value.values() if hasattr(value, "values") else value if field.is_repeated else [value]
        found += [payload for item in values if hasattr(item, "ListFields") for payload in _payloads_in(item)]
    return found


async def cost_of_a_history(codec: EncryptingCodec) -> HistoryCost:
    """What encryption adds to a standard exchange."""
    history = WorkflowHistory.from_json("case", HISTORY.read_text())
    payloads = [payload for event in history.events for payload in _payloads_in(event)]
    plain = sum(event.ByteSize() for event in history.events)
    began = perf_counter()
    encrypted = await codec.encode(payloads)
    spent = (perf_counter() - began) * 1e3
    more = sum(payload.ByteSize() for payload in encrypted) - sum(payload.ByteSize() for payload in payloads)
    return HistoryCost(len(payloads), plain, plain + more, spent)


def table(costs: Sequence[PayloadCost], history: HistoryCost) -> Table:
    """The costs for people."""
    drawn = Table("payload", title="What encryption costs")
    for column in ("bytes", "encrypted", "to JSON and back, µs", "encrypt, µs", "decrypt, µs"):
        drawn.add_column(column, justify="right")
    for cost in costs:
        times = (f"{time:.1f}" for time in (cost.to_json_us, cost.encrypt_us, cost.decrypt_us))
        drawn.add_row(cost.what, str(cost.plain_bytes), str(cost.encrypted_bytes), *times)
    drawn.caption = (
        f"A standard exchange: {history.payloads} payloads, {history.plain_bytes} bytes of history, "
        f"{history.encrypted_bytes} encrypted; all of them together take {history.encrypt_ms:.1f} ms."
    )
    return drawn


async def measure() -> tuple[list[PayloadCost], HistoryCost]:
    """All costs, with a key of their own."""
    codec = EncryptingCodec(KeyRing.parse(new_ring(), "the benchmark"))
    return [await cost_of_a_payload(codec, what, size) for what, size in SIZES.items()], await cost_of_a_history(codec)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.codec_cost", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args(arguments)
    payloads, history = asyncio.run(measure())
    if options.json:
        print(json.dumps({"payloads": [asdict(cost) for cost in payloads], "history": asdict(history)}, indent=2))
        return
    Console().print(table(payloads, history))


if __name__ == "__main__":
    main()
