"""A case is found by whatever it is called, and shown even when the workflow or the database cannot be asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from pydantic import JsonValue
from temporalio.testing import WorkflowEnvironment

from database.cases import CaseFilter, CaseRow, CaseStore
from database.exchange import exchange
from starter.answers import CaseNotFound, DatabaseUnreachable, NotAnswered, ReportAnswer, Source
from starter.desk import Desk
from tests.starter.conftest import EXPIRED_CONTRACT, StartWorker
from tests.starter.reports import a_report
from tests.starter.waiting import until


async def reported(desk: Desk, serial_number: str) -> ReportAnswer:
    answer = await desk.report_incident(a_report(serial_number))
    assert answer.reference is not None
    return answer


async def recorded(desk: Desk, answer: ReportAnswer) -> None:
    """Wait until the read model has the case at its present stage."""

    async def is_recorded() -> bool:
        cases = (await desk.list(CaseFilter())).cases
        return any(line.reference == answer.reference and line.stage != "registered" for line in cases)

    await until(is_recorded)


@pytest.mark.parametrize("with_database", [True, False])
async def test_a_case_is_found_by_reference_workflow_id_and_serial_number(
    desk: Desk, desk_without_database: Desk, start_worker: StartWorker, serial_number: str, with_database: bool
) -> None:
    async with start_worker():
        answer = await reported(desk, serial_number)
        asked = desk if with_database else desk_without_database
        assert answer.reference is not None

        async def is_visible() -> bool:
            return await finds(asked, str(answer.reference))

        await until(is_visible)
        spelt = answer.reference.lower().replace("0", "o")
        for name in (answer.reference, spelt, f" {serial_number.lower()} ", answer.workflow_id):
            assert (await asked.resolve(name)).workflow_id == answer.workflow_id
            assert (await asked.show(name)).source is Source.WORKFLOW


async def test_a_case_is_found_by_the_serial_number_that_it_installed(
    desk: Desk, start_worker: StartWorker, serial_number: str, pool: asyncpg.Pool
) -> None:
    async with start_worker():
        answer = await reported(desk, serial_number)
        await recorded(desk, answer)
        async with pool.acquire() as connection:
            await exchange(connection, serial_number, "JUST-INSTALLED", datetime.now(UTC))
        assert (await desk.show("just-installed")).view.reference == answer.reference


async def finds(desk: Desk, name: str) -> bool:
    try:
        await desk.resolve(name)
    except CaseNotFound:
        return False
    return True


async def test_a_closed_case_is_shown_from_its_history(
    desk: Desk, start_worker: StartWorker, temporal: WorkflowEnvironment
) -> None:
    async with start_worker():
        answer = await reported(desk, EXPIRED_CONTRACT)
        await temporal.client.get_workflow_handle(answer.workflow_id).result()
        shown = await desk.show(str(answer.reference))
    assert (shown.source, shown.view.stage, shown.view.outcome) == (Source.WORKFLOW, "closed", "rejected")


async def test_without_a_worker_the_case_is_shown_as_last_recorded(
    desk: Desk, start_worker: StartWorker, serial_number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_worker():
        answer = await reported(desk, serial_number)
        await recorded(desk, answer)
    monkeypatch.setattr("starter.desk.QUERY_ANSWER", timedelta(seconds=0.3))
    shown = await desk.show(serial_number)
    assert (shown.source, shown.view.reference) == (Source.READ_MODEL, answer.reference)
    assert shown.view.journal[0].kind == "report"


async def test_without_a_worker_and_a_record_nobody_can_tell(
    desk_without_database: Desk, temporal: WorkflowEnvironment, task_queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starter.desk.QUERY_ANSWER", timedelta(seconds=0.3))
    await temporal.client.start_workflow("CurativeMaintenanceWorkflow", {}, id="curative-MUTE", task_queue=task_queue)
    with pytest.raises(NotAnswered):
        await desk_without_database.show("MUTE")


async def test_cases_are_listed_from_the_read_model(desk: Desk, start_worker: StartWorker, serial_number: str) -> None:
    async with start_worker():
        answer = await reported(desk, serial_number)
        await recorded(desk, answer)
    listed = await desk.list(CaseFilter(stage="remote_diagnosis", waiting_for="support"))
    assert listed.source is Source.READ_MODEL
    assert [line.reference for line in listed.cases] == [answer.reference]
    assert (await desk.list(CaseFilter(stage="shipment"))).cases == ()


async def test_without_the_database_the_engine_lists_what_it_knows(
    desk_without_database: Desk, start_worker: StartWorker, serial_number: str
) -> None:
    async with start_worker():
        answer = await reported(desk_without_database, serial_number)
        wanted = CaseFilter(stage="remote_diagnosis", waiting_for="support", customer="BRUNEL", open_only=True)

        async def is_visible() -> bool:
            return len((await desk_without_database.list(wanted)).cases) > 0

        await until(is_visible)
        listed = await desk_without_database.list(wanted)
    assert listed.source is Source.VISIBILITY
    assert [(line.reference, line.owner) for line in listed.cases] == [(answer.reference, None)]
    assert (await desk_without_database.list(CaseFilter(customer="O'Brien"))).cases == ()


async def test_without_the_database_there_is_no_filter_by_owner(desk_without_database: Desk) -> None:
    with pytest.raises(DatabaseUnreachable, match="--owner"):
        await desk_without_database.list(CaseFilter(owner="Imane"))


class CasesAway(CaseStore):
    """A read model whose server is gone."""

    async def list(self, case_filter: CaseFilter, limit: int = 100) -> Sequence[CaseRow]:
        raise ConnectionRefusedError

    async def find(self, name: str) -> dict[str, JsonValue] | None:
        raise ConnectionRefusedError


async def test_a_database_that_goes_away_stops_neither_lists_nor_views(
    temporal: WorkflowEnvironment, pool: asyncpg.Pool, start_worker: StartWorker, task_queue: str, serial_number: str
) -> None:
    desk = Desk(temporal.client, CasesAway(pool), task_queue=task_queue)
    async with start_worker():
        await reported(desk, serial_number)
        assert (await desk.show(serial_number)).source is Source.WORKFLOW
    assert (await desk.list(CaseFilter(customer="NOBODY"))).source is Source.VISIBILITY
