"""Whoever reports has an answer: accepted with due instants, rejected with the reason, joined, or recorded."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from pydantic import JsonValue
from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.messages import Report
from starter.answers import CaseNotFound, Refused, ReportStatus
from starter.case_opening import WORKFLOW
from starter.desk import Desk
from starter.engine import SUBMIT
from tests.environment import DatabaseServer
from tests.starter.conftest import EXPIRED_CONTRACT, NO_CONTRACT, StartWorker
from tests.starter.reports import a_report
from tests.starter.waiting import until
from workflows.curative_maintenance import CurativeMaintenanceWorkflow


def test_the_desk_opens_the_workflow_that_the_worker_runs() -> None:
    definition = workflow._Definition.must_from_class(CurativeMaintenanceWorkflow)
    assert definition.name == WORKFLOW
    assert SUBMIT in definition.updates


async def test_a_covered_report_is_accepted_with_due_instants(desk: Desk, worker: Worker, serial_number: str) -> None:
    answer = await desk.report_incident(a_report(serial_number))
    assert answer.status is ReportStatus.ACCEPTED
    assert answer.workflow_id == f"curative-{serial_number}"
    assert answer.view is not None
    assert answer.reference == answer.view.reference
    assert [promise.name for promise in answer.view.promises if promise.due_at] == ["level_1_answer"]


async def test_a_blocking_report_is_promised_a_diagnosis_at_once(
    desk: Desk, worker: Worker, serial_number: str
) -> None:
    answer = await desk.report_incident(a_report(serial_number, impact="blocking"))
    assert answer.view is not None
    assert [promise.name for promise in answer.view.promises] == ["level_2_diagnosis"]


async def test_the_serial_number_is_normalised(desk: Desk, worker: Worker, serial_number: str) -> None:
    answer = await desk.report_incident(a_report(f"  {serial_number.lower()} "))
    assert answer.workflow_id == f"curative-{serial_number}"


async def test_a_report_can_be_given_as_a_model(desk: Desk, worker: Worker, serial_number: str) -> None:
    answer = await desk.report_incident(Report.model_validate(a_report(serial_number)))
    assert answer.status is ReportStatus.ACCEPTED


@pytest.mark.parametrize(
    ("serial", "reason"),
    [
        ("NO-SUCH-1", "not in the registry"),
        (EXPIRED_CONTRACT, "not in force"),
        (NO_CONTRACT, "no contract"),
    ],
)
async def test_what_is_not_covered_is_rejected_with_the_reason(
    desk: Desk, worker: Worker, serial: str, reason: str
) -> None:
    answer = await desk.report_incident(a_report(serial))
    assert answer.status is ReportStatus.REJECTED
    assert reason in (answer.reason or "")
    assert answer.reference is not None


async def test_a_second_report_joins_the_open_case(desk: Desk, worker: Worker, serial_number: str) -> None:
    first = await desk.report_incident(a_report(serial_number))
    second = await desk.report_incident(a_report(serial_number, symptom="still no picture"))
    assert second.status is ReportStatus.JOINED
    assert second.reference == first.reference


async def test_twenty_reports_at_once_open_one_case(desk: Desk, worker: Worker, serial_number: str) -> None:
    answers = await asyncio.gather(*(desk.report_incident(a_report(serial_number)) for _ in range(20)))
    assert Counter(answer.status for answer in answers) == {ReportStatus.ACCEPTED: 1, ReportStatus.JOINED: 19}
    assert len({answer.reference for answer in answers}) == 1


async def test_the_same_report_under_the_same_id_changes_nothing(
    desk: Desk, worker: Worker, serial_number: str, message_id: str
) -> None:
    first = await desk.report_incident(a_report(serial_number), message_id)
    again = await desk.report_incident(a_report(serial_number), message_id)
    assert (again.status, again.reference) == (ReportStatus.ACCEPTED, first.reference)
    assert again.view is not None
    assert [line.kind for line in again.view.journal].count("report") == 1


async def test_another_report_under_the_same_id_is_refused(
    desk: Desk, worker: Worker, serial_number: str, message_id: str
) -> None:
    await desk.report_incident(a_report(serial_number), message_id)
    with pytest.raises(Refused, match="other content") as refused:
        await desk.report_incident(a_report(serial_number, symptom="no sound"), message_id)
    assert refused.value.field == "message_id"


async def test_the_same_report_opens_nothing_when_its_case_has_closed(
    desk: Desk, worker: Worker, temporal: WorkflowEnvironment, message_id: str
) -> None:
    first = await desk.report_incident(a_report(EXPIRED_CONTRACT), message_id)
    await temporal.client.get_workflow_handle(first.workflow_id).result()
    again = await desk.report_incident(a_report(EXPIRED_CONTRACT), message_id)
    assert (again.status, again.reference) == (ReportStatus.REJECTED, first.reference)
    assert again.view is not None
    assert again.view.stage == "closed"


async def test_a_new_report_after_the_closing_opens_a_new_case(
    desk: Desk, worker: Worker, temporal: WorkflowEnvironment
) -> None:
    first = await desk.report_incident(a_report(EXPIRED_CONTRACT))
    await temporal.client.get_workflow_handle(first.workflow_id).result()
    second = await desk.report_incident(a_report(EXPIRED_CONTRACT))
    assert second.reference != first.reference


async def test_a_wrong_serial_number_is_refused_before_a_case_exists(desk: Desk) -> None:
    with pytest.raises(Refused, match="is not a serial number") as refused:
        await desk.report_incident(a_report("no spaces please"))
    assert refused.value.field == "serial_number"
    with pytest.raises(CaseNotFound):
        await desk.resolve("curative-NO SPACES PLEASE")


async def test_a_report_dated_in_the_future_is_refused(desk: Desk, worker: Worker, serial_number: str) -> None:
    with pytest.raises(Refused) as refused:
        await desk.report_incident(a_report(serial_number, reported_at="2099-01-05T10:00:00+01:00"))
    assert "reported_at" in refused.value.field


async def test_a_report_is_recorded_while_nobody_works(
    desk: Desk,
    start_worker: StartWorker,
    temporal: WorkflowEnvironment,
    serial_number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient(monkeypatch)
    answer = await desk.report_incident(a_report(serial_number))
    assert (answer.status, answer.reference, answer.view) == (ReportStatus.PENDING, None, None)
    assert await signals(temporal, serial_number) == ["report"]
    async with start_worker():
        shown = await desk.show(serial_number)
    assert [line.text for line in shown.view.journal if line.kind == "report"] == ["degraded: no picture"]


async def test_a_report_that_joins_while_nobody_works_is_not_lost(
    desk: Desk,
    start_worker: StartWorker,
    temporal: WorkflowEnvironment,
    serial_number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with start_worker():
        opened = await desk.report_incident(a_report(serial_number))
        await until(lambda: is_at_rest(temporal, serial_number))
    impatient(monkeypatch)
    joining = await desk.report_incident(a_report(serial_number, symptom="smells of smoke"))
    assert joining.status is ReportStatus.PENDING
    assert await signals(temporal, serial_number) == ["report"]
    async with start_worker():
        view = (await desk.show(serial_number)).view
    assert view.reference == opened.reference
    reports = [line.text for line in view.journal if line.kind == "report"]
    assert reports == ["degraded: no picture", "degraded: smells of smoke"]


async def test_while_the_registry_is_away_a_report_has_its_reference_and_the_check_is_pending(
    desk: Desk, worker: Worker, database_server: DatabaseServer, database_url: str, serial_number: str
) -> None:
    name = database_url.partition("?")[0].rpartition("/")[2]
    await database_server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await database_server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    answer = await desk.report_incident(a_report(serial_number))
    assert answer.status is ReportStatus.PENDING
    assert answer.reference is not None
    await database_server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    async def is_accepted() -> bool:
        return (await desk.show(serial_number)).view.stage == "remote_diagnosis"

    await until(is_accepted)


@asynccontextmanager
async def closing_case(desk: Desk, pool: asyncpg.Pool, serial_number: str) -> AsyncIterator[str]:
    """The reference of a case that is closed, and cannot write its last record until the context ends."""
    opened = await desk.report_incident(a_report(serial_number))
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table cases in exclusive mode")
        word: JsonValue = {"level": 1, "outcome": "resolved", "technician": "Noor", "findings": "the cable"}
        answer = await desk.send(opened.workflow_id, "remote_diagnosis", word)
        assert answer is not None
        yield answer.case.reference


async def test_a_report_that_comes_while_a_case_is_closing_opens_the_next(
    desk: Desk, worker: Worker, pool: asyncpg.Pool, serial_number: str
) -> None:
    async with closing_case(desk, pool, serial_number) as former:
        report = asyncio.create_task(desk.report_incident(a_report(serial_number)))
        await asyncio.wait({report}, timeout=0.5)
        assert not report.done()
    answer = await report
    assert answer.status is ReportStatus.ACCEPTED
    assert answer.reference != former


async def test_a_report_is_never_acknowledged_that_a_closing_case_does_not_take(
    desk: Desk, worker: Worker, pool: asyncpg.Pool, serial_number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with closing_case(desk, pool, serial_number):
        impatient(monkeypatch)
        with pytest.raises(Refused, match="report again in a moment"):
            await desk.report_incident(a_report(serial_number))


async def signals(temporal: WorkflowEnvironment, serial_number: str) -> list[str]:
    """The signals in the case's history: what is there is safe, whatever crashes next."""
    history = await temporal.client.get_workflow_handle(f"curative-{serial_number}").fetch_history()
    attributes = [event.workflow_execution_signaled_event_attributes for event in history.events]
    return [signal.signal_name for signal in attributes if signal.signal_name]


async def is_at_rest(temporal: WorkflowEnvironment, serial_number: str) -> bool:
    """Whether the case waits for nothing but messages: what comes in then is in its history at once."""
    description = await temporal.client.get_workflow_handle(f"curative-{serial_number}").describe()
    raw = description.raw_description
    return not raw.pending_activities and not raw.HasField("pending_workflow_task")


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nobody half a second instead of four."""
    monkeypatch.setattr("starter.desk.REPORT_ANSWER", timedelta(seconds=0.5))
