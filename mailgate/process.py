"""The process of the mail gate: listens at once, and takes mails as soon as PostgreSQL and Temporal are there."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from temporalio.service import RPCError

from config.secrets import SecretBox
from config.settings import Settings, SettingsError
from config.telemetry import log_as_json
from config.temporal import EngineUnreachable, connect
from database.calls import CallStore
from database.cases import CaseStore
from database.known_keys import KnownKeys
from database.mail_intake import MailIntake
from database.mail_registry import MailRegistry
from database.pool import UNREACHABLE, open_pool
from database.software_requests import SoftwareRequestStore
from database.triage import Triage
from mailgate.gate import MailGate
from mailgate.matters import DeskMatters
from mailgate.performing import Performer
from mailgate.receiver import Limits, MailHandler, listening
from mailgate.recipients import Recipients
from starter.assistance_desk import AssistanceDesk
from starter.connections import quiet_runtime
from starter.desk import Desk
from starter.software_desk import SoftwareDesk

log = logging.getLogger("mailgate")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
NOT_THERE_YET = (*UNREACHABLE, EngineUnreachable, RPCError, SettingsError, asyncpg.InvalidCatalogNameError)

REMEMBERED: Final = timedelta(days=30)
"""How long a mail is known again; sending servers try for five days."""

RAW_KEPT: Final = timedelta(days=90)
"""How long the raw mail of what a person has done with stays."""

BETWEEN_CLEARINGS: Final = 3_600.0


def limits_of(settings: Settings) -> Limits:
    """What the receiver takes, by the settings."""
    return Limits(
        max_bytes=settings.mailgate_max_bytes,
        connections=settings.mailgate_max_connections,
        connections_of_a_peer=settings.mailgate_max_connections_per_peer,
        mails_of_a_sender=settings.mailgate_mails_per_sender,
        mails_of_a_peer=settings.mailgate_mails_per_peer,
        seconds=settings.mailgate_seconds,
    )


def recipients_of(settings: Settings) -> Recipients:
    """Which recipients are ours, by the settings."""
    return Recipients.of(settings.mailgate_recipients or "", settings.mail_from, settings.mail_reply_to)


@asynccontextmanager
async def open_gate(settings: Settings) -> AsyncIterator[tuple[MailGate, MailIntake, Triage]]:
    """A gate with its connections. Raises one of NOT_THERE_YET."""
    box = SecretBox.of(settings)
    async with AsyncExitStack() as opened:
        pool = await opened.enter_async_context(
            await open_pool(settings.database(), max_size=settings.database_pool_size)
        )
        client = await connect(settings, runtime=quiet_runtime())
        triage, intake = Triage(pool, box), MailIntake(pool)
        matters = DeskMatters(
            Desk(client, CaseStore(pool), task_queue=settings.task_queue),
            SoftwareDesk(client, settings.task_queue, SoftwareRequestStore(pool)),
            AssistanceDesk(client, CallStore(pool), task_queue=settings.task_queue),
        )
        gate = MailGate(
            MailRegistry(pool),
            intake,
            Performer(matters, triage),
            KnownKeys(pool, box),
            box,
            ours=own_addresses(settings),
            now=lambda: datetime.now(UTC),
        )
        yield gate, intake, triage


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses that our mails come from, and those that they are sent to."""
    writing = Recipients.of("", settings.mail_from, settings.mail_reply_to)
    return writing.addresses | recipients_of(settings).addresses


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Listen until `stop` is set; then finish the mails that are being taken. Raises OSError, SettingsError."""
    smtp_port, lmtp_port = settings.mailgate_smtp_port or None, settings.mailgate_lmtp_port or None
    if smtp_port is None and lmtp_port is None:
        raise SettingsError(
            "The mail gate has no port: set CURATIVE_MAILGATE_SMTP_PORT or CURATIVE_MAILGATE_LMTP_PORT."
        )
    box = SecretBox.of(settings)
    handler = MailHandler(recipients_of(settings), limits_of(settings))
    handler.name_of = lambda address: box.fingerprint(f"sender {address.lower()}").hex()[:12]
    places = listening(handler, limits_of(settings), settings.mailgate_host, smtp_port=smtp_port, lmtp_port=lmtp_port)
    async with places as place:
        log.info("listening", extra={"host": place.host, "smtp": place.smtp_port, "lmtp": place.lmtp_port})
        taking = asyncio.create_task(_take(settings, handler), name="mail gate")
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({taking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        handler.gate = None
        await handler.settle(settings.graceful_shutdown_seconds)
        for task in (taking, waiting):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await taking
    log.info("stopped")


async def _take(settings: Settings, handler: MailHandler) -> None:
    """Give the handler its gate once there is one, and clear away what is old."""
    pause = FIRST_PAUSE
    while True:
        try:
            async with open_gate(settings) as (gate, intake, triage):
                handler.gate = gate
                log.info("working", extra={"task_queue": settings.task_queue})
                await _keep_clear(intake, triage)
        except NOT_THERE_YET as error:
            log.warning("waiting", extra={"reason": str(error), "next_try_seconds": pause})
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _keep_clear(intake: MailIntake, triage: Triage) -> None:
    while True:
        now = datetime.now(UTC)
        with suppress(*UNREACHABLE):
            await intake.forget(now - REMEMBERED)
            await triage.clear(now - RAW_KEPT)
        await asyncio.sleep(BETWEEN_CLEARINGS)


async def main() -> None:
    """The whole life of the process."""
    settings = Settings()
    log_as_json(settings.log_level)
    log.info("starting", extra={"pid": os.getpid()})
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    await serve(settings, stop)
