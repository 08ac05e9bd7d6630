"""Fixtures of the mail gate's suite: a gate on the real PostgreSQL, behind sockets, with the processes written down."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from config.key_ring import KeyRing, new_entry
from config.secrets import SecretBox
from database.known_keys import KnownKeys
from database.mail_intake import MailIntake
from database.mail_registry import MailRegistry
from database.triage import Triage
from mailgate.gate import MailGate
from mailgate.performing import Performer
from mailgate.receiver import Limits, Listening, MailHandler, listening
from mailgate.recipients import Recipients
from tests.mailgate.corpus import OURS
from tests.mailgate.written_down import WrittenDown

Receive = Callable[..., AbstractAsyncContextManager[Listening]]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Time goes by."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    """Monday, 8 June 2026, ten o'clock in Paris."""
    return Clock()


@pytest.fixture
def matters() -> WrittenDown:
    """The processes, which only write down what they are told."""
    return WrittenDown()


@pytest.fixture
def box() -> SecretBox:
    """With keys of this test's own."""
    return SecretBox(KeyRing.parse(f"{new_entry('k-1')},{new_entry('fingerprint')}", "the test"))


@pytest.fixture
def triage(pool: asyncpg.Pool, box: SecretBox) -> Triage:
    """What a person must read."""
    return Triage(pool, box)


@pytest.fixture
def gate(pool: asyncpg.Pool, box: SecretBox, triage: Triage, matters: WrittenDown, clock: Clock) -> MailGate:
    """A gate on the test's database."""
    performer, keys = Performer(matters, triage), KnownKeys(pool, box)
    return MailGate(MailRegistry(pool), MailIntake(pool), performer, keys, box, ours=OURS, now=clock)


@pytest.fixture
def receive(gate: MailGate) -> Receive:
    """Listens on loopback, with these limits; the gate can be another one, or none."""

    @asynccontextmanager
    async def listen(behind: MailGate | None = gate, **limits: float) -> AsyncIterator[Listening]:
        chosen = replace(Limits(), **limits)  # type: ignore[arg-type]
        handler = MailHandler(Recipients(OURS), chosen)
        handler.gate = behind
        async with listening(handler, chosen, "127.0.0.1", smtp_port=0, lmtp_port=0) as place:
            yield place

    return listen
