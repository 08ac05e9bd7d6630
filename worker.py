"""The worker process, and nothing else: `python worker.py`.

It takes its settings from the environment (`config.settings`), waits for the database and for Temporal for as
long as they are not there, and then works on the task queue until SIGTERM or SIGINT: what runs is finished,
exit code 0. Several can run on one machine.
"""

import asyncio
import logging
import os
import signal
import zoneinfo
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from activities import activity_methods
from activities.articles import ArticleActivities
from activities.call_entitlement import CallEntitlementActivities
from activities.call_records import CallRecordActivities
from activities.case_records import CaseRecordActivities
from activities.correspondence import Correspondence, Letterhead
from activities.deadlines import DeadlineActivities
from activities.delivery import Delivery
from activities.entitlement import EntitlementActivities
from activities.exchange import ExchangeActivities
from activities.loans import LoanActivities
from activities.mailer import MaildirMailer
from activities.messages import MessageActivities
from activities.messenger import WorkflowMessenger
from activities.notices import Desk, NoticeActivities
from activities.orders import OrderActivities
from activities.relocation import RelocationActivities
from activities.returns import ReturnRecordActivities
from activities.smtp_mailer import SmtpMailer
from activities.software import ActivationKeyActivities, SoftwareActivities, SoftwareDeliveryActivities
from activities.software_records import SoftwareRecordActivities
from activities.stock import StockActivities
from activities.vendor import VendorActivities
from activities.vendor_gateway import MailVendorGateway
from activities.visits import VisitActivities
from config.key_ring import key_ring
from config.leaving import run_and_leave
from config.secrets import SecretBox
from config.settings import Settings, SettingsError
from config.smtp import smtp_server
from config.telemetry import log_as_json, new_runtime
from config.temporal import EngineUnreachable, connect, new_worker
from database.absences import Absences
from database.activation_keys import KeyStore
from database.calls import CallStore
from database.cases import CaseStore
from database.catalogue import Catalogue
from database.encryption_keys import KeyRegister, KeysDoNotFit
from database.exchange import SerialNumbers
from database.known_keys import KnownKeys
from database.loans import LoanPool
from database.pool import UNREACHABLE, open_pool
from database.procurement import Procurement
from database.provider import ProviderDirectory
from database.registry import Registry
from database.relocation import Sites
from database.returns import ReturnStore
from database.software_registry import SoftwareRegistry
from database.software_requests import SoftwareRequestStore
from database.stock import Stock
from database.technicians import Technicians
from database.visit_records import VisitRecords
from database.visits import VisitSlots
from domain.business_time import business_calendar
from domain.calendars import CalendarSpec
from starter.messenger import ClientMessenger
from workflows.curative_maintenance import CurativeMaintenanceWorkflow
from workflows.equipment_return import EquipmentReturnWorkflow
from workflows.late_letters import LateLettersWorkflow
from workflows.phone_assistance import PhoneAssistanceWorkflow
from workflows.software_update import SoftwareUpdateWorkflow

log = logging.getLogger("worker")

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
FIRST_CALENDAR = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
"""Laid out before the first case asks: it loads the holidays of France, which takes half a second."""

WRONG_SETTINGS = 2
"""Exit code of a worker that was not told what it must know."""

NOT_THERE_YET = (
    *UNREACHABLE,
    EngineUnreachable,
    RPCError,
    SettingsError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,  # not migrated yet
)


class StoppedWaiting(Exception):
    """The process was told to stop before what it waited for was there."""


def registrations(
    pool: asyncpg.Pool, settings: Settings, messenger: WorkflowMessenger
) -> tuple[Sequence[type], Sequence[Callable[..., Any]]]:
    """The workflows and the activities of this worker, the latter built with what they need."""
    smtp = smtp_server(settings)
    mailer = SmtpMailer(smtp) if smtp else MaildirMailer(settings.data_dir / "mail")
    letterhead = Letterhead(settings.mail_from, settings.mail_reply_to, settings.mail_domain)
    post = Correspondence(mailer, ProviderDirectory(pool), VisitRecords(pool), letterhead)
    delivery = Delivery(post, settings.coordinator_email)
    desk = Desk(settings.coordinator_email, settings.supervisor_email)
    notices = NoticeActivities(delivery, Technicians(pool), desk)
    box = SecretBox.of(settings)
    procurement, keys, known = Procurement(pool), KeyStore(pool, box), KnownKeys(pool, box)
    services = (
        EntitlementActivities(Registry(pool), CaseStore(pool)),
        CallEntitlementActivities(Registry(pool), ProviderDirectory(pool), CaseStore(pool)),
        CallRecordActivities(CallStore(pool, known)),
        DeadlineActivities(),
        CaseRecordActivities(CaseStore(pool, known)),
        VendorActivities(procurement, MailVendorGateway(delivery)),
        OrderActivities(procurement),
        StockActivities(Stock(pool)),
        LoanActivities(LoanPool(pool)),
        ArticleActivities(Catalogue(pool)),
        ExchangeActivities(SerialNumbers(pool)),
        RelocationActivities(Sites(pool), procurement),
        VisitActivities(VisitSlots(pool), Absences(pool)),
        MessageActivities(messenger, SoftwareRequestStore(pool)),
        notices,
        ReturnRecordActivities(ReturnStore(pool)),
        SoftwareActivities(SoftwareRegistry(pool)),
        ActivationKeyActivities(keys),
        SoftwareDeliveryActivities(notices, keys),
        SoftwareRecordActivities(SoftwareRequestStore(pool, known)),
    )
    workflows = (
        CurativeMaintenanceWorkflow,
        EquipmentReturnWorkflow,
        LateLettersWorkflow,
        PhoneAssistanceWorkflow,
        SoftwareUpdateWorkflow,
    )
    return workflows, [method for service in services for method in activity_methods(service)]


async def patiently(what: str, attempt: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T:
    """The first success of `attempt`, tried with growing pauses. Raises StoppedWaiting once `stop` is set."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            return await attempt()
        except NOT_THERE_YET as error:
            log.warning("waiting for %s", what, extra={"reason": str(error), "next_try_seconds": pause})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    raise StoppedWaiting(what)


async def _open_pool(settings: Settings) -> asyncpg.Pool:
    return await open_pool(settings.database(), max_size=settings.database_pool_size)


async def _reach_temporal(settings: Settings, runtime: Runtime) -> Client:
    client = await connect(settings, runtime=runtime)
    await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return client


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set; then finish what runs.

    Raises StoppedWaiting when it never came to work, KeysDoNotFit when it lacks a key that was used here.
    """
    runtime = new_runtime(settings)
    async with await patiently("the database", lambda: _open_pool(settings), stop) as pool:
        register, ring = KeyRegister(pool), key_ring(settings)
        await patiently("the database", lambda: register.check(ring, datetime.now(UTC)), stop)
        await patiently("the database", KeyStore(pool, SecretBox.of(settings)).note_spellings, stop)
        client = await patiently("Temporal", lambda: _reach_temporal(settings, runtime), stop)
        await asyncio.to_thread(business_calendar, FIRST_CALENDAR)
        messenger = ClientMessenger(client, settings.task_queue)
        workflows, activities = registrations(pool, settings, messenger)
        async with new_worker(client, settings, workflows=workflows, activities=activities):
            log.info(
                "working",
                extra={
                    "task_queue": settings.task_queue,
                    "temporal": client.service_client.config.target_host,
                    "namespace": client.namespace,
                    "workflows": len(workflows),
                    "activities": len(activities),
                    "build_id": settings.build_id,
                },
            )
            await stop.wait()
            log.info("stopping: what runs is finished first")
    log.info("stopped")


def zone_data() -> str:
    """Where `zoneinfo` takes its rules from: the system's directory, or the tzdata package."""
    for directory in zoneinfo.TZPATH:
        if (Path(directory) / "Europe/Paris").exists():
            return directory
    return f"tzdata {version('tzdata')}"


async def main() -> None:
    """The whole life of the process."""
    settings = Settings()
    log_as_json(settings.log_level)
    log.info("starting", extra={"pid": os.getpid(), "zone_data": zone_data()})
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    try:
        key_ring(settings)  # without keys, or a word that none are meant, nothing is done at all
        await work(settings, stop)
    except (SettingsError, KeysDoNotFit) as error:
        log.critical("%s", error)
        raise SystemExit(WRONG_SETTINGS) from error
    except StoppedWaiting as waiting:
        log.info("stopped while waiting for %s", waiting)


if __name__ == "__main__":
    run_and_leave(lambda: asyncio.run(main()))
