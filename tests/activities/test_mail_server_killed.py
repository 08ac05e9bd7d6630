"""A mail server that is killed and comes back: each notice arrives, and a repeat can be told (SPEC §7.3)."""

import asyncio
import itertools
from collections import Counter
from uuid import uuid4

import asyncpg
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.correspondence import Correspondence, Letterhead
from activities.delivery import Delivery
from activities.notices import Desk, NoticeActivities
from activities.smtp_mailer import SmtpMailer
from config.smtp import Security, SmtpServer
from database.provider import ProviderDirectory
from database.technicians import Technicians
from database.visit_records import VisitRecords
from domain import notices
from domain.effects import EffectKey, Notice, NoticeBatch
from domain.words import About
from tests.activities.sending_workflow import SendingWorkflow
from tests.activities.smtp_servers import Server, running
from tests.workflows.case_story import paris

NOTICES, TOGETHER = 200, 5
KILLED_AFTER = (20, 90, 150)
AWAY_SECONDS = 0.3
DESK = Desk("pilote@provider.example", "chef@provider.example")
COORDINATOR = DESK.coordinator


def activities(server: Server, pool: asyncpg.Pool) -> NoticeActivities:
    mailer = SmtpMailer(SmtpServer(host="127.0.0.1", port=server.port, security=Security.NONE, timeout_seconds=10))
    letterhead = Letterhead("Support <s@provider.example>", None, "provider.example")
    post = Correspondence(mailer, ProviderDirectory(pool), VisitRecords(pool), letterhead)
    return NoticeActivities(Delivery(post, COORDINATOR), Technicians(pool), DESK)


def notice(number: int, address: str | None = None) -> Notice:
    words = notices.logs_reminder(About("CM-7K3Q-9XTB", "SX20 FOC1", "Lyon", "Europe/Paris"))
    return Notice(
        key=EffectKey(case="CM-7K3Q-9XTB", round=1, step=f"notice-customer-{number}"),
        now=paris("mon 10 09:00"),
        to="customer",
        address=f"customer-{number}@lumiere.example" if address is None else address,
        template=words.template,
        facts=dict(words.facts),
    )


def batches(count: int) -> list[NoticeBatch]:
    every = [notice(number) for number in range(count)]
    return [NoticeBatch(notices=tuple(every[first : first + TOGETHER])) for first in range(0, count, TOGETHER)]


def is_killed_now_and_then(server: Server) -> None:
    """After some mails, when one is taken and nobody was told so; it comes back a moment later."""
    taken = itertools.count(1)

    def before_the_answer() -> None:
        if next(taken) in KILLED_AFTER:
            server.kill()
            loop = asyncio.get_running_loop()
            loop.call_later(AWAY_SECONDS, lambda: comes_back.append(loop.create_task(server.start())))

    comes_back: list[asyncio.Task[None]] = []
    server.before_the_answer = before_the_answer


async def test_two_hundred_notices_arrive_though_the_server_is_killed_and_none_has_two_identifiers(
    temporal: WorkflowEnvironment, pool: asyncpg.Pool
) -> None:
    queue = f"mail-{uuid4().hex[:8]}"
    async with running() as server:
        is_killed_now_and_then(server)
        sends = activities(server, pool).send_notices
        async with Worker(temporal.client, task_queue=queue, workflows=[SendingWorkflow], activities=[sends]):
            sent = await temporal.client.execute_workflow(
                SendingWorkflow.run, batches(NOTICES), id=queue, task_queue=queue
            )
    assert [each.refused for each in sent] == [()] * (NOTICES // TOGETHER)
    identifiers = {number: f"<CM-7K3Q-9XTB.1.notice-customer-{number}@provider.example>" for number in range(NOTICES)}
    arrived = Counter((mail["To"], mail["Message-ID"]) for mail in server.received)
    assert set(arrived) == {(f"customer-{number}@lumiere.example", name) for number, name in identifiers.items()}
    repeated = sum(arrived.values()) - NOTICES
    assert len(KILLED_AFTER) <= repeated < NOTICES / 4, "what was taken in the moment of a kill, and little else"
