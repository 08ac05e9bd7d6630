"""No payload that does not decrypt sticks a case, whatever key it was encrypted with (SPEC §5, §7.5).

That nothing of what Temporal stores can be read is in `tests/secrecy`.
"""

import asyncpg
import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from config.key_ring import new_entry
from config.settings import Settings
from config.temporal import CurativePlugin
from tests.conftest import KEYS
from tests.payloads_on_the_wire import GARBAGE, garbage, plain_client
from tests.workflows.case_story import WORKFLOW, paris
from tests.workflows.conftest import FollowReturn, OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, last_line, lines_after
from workflows.curative_maintenance import CurativeMaintenanceWorkflow
from workflows.equipment_return import EquipmentReturnWorkflow


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: what it keeps is looked at."""
    return open_case_on_server


async def test_a_history_of_an_older_key_replays_after_a_rotation(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await ends_soundly(case, case_pool)
    history = await case.handle.fetch_history()
    rotated = Settings(keys=f"{new_entry('k-newer')},{KEYS}")
    replayer = Replayer(
        workflows=[CurativeMaintenanceWorkflow, EquipmentReturnWorkflow], plugins=[CurativePlugin(rotated)]
    )
    await replayer.replay_workflow(history)


async def test_signals_that_do_not_decrypt_are_journaled_as_refused_and_the_case_goes_on(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    before = await last_line(case)
    stranger = (await plain_client(case.environment.client)).get_workflow_handle(case.handle.id)
    for how in GARBAGE:
        for name in ("note", "vendor_validation", "livraison"):
            await stranger.signal(name, RawValue(await garbage(how)))
    await stranger.signal("note", args=[RawValue(await garbage(how)) for how in GARBAGE])
    lines = await lines_after(case, before, 3 * len(GARBAGE) + 1)
    assert {line["disposition"] for line in lines} == {"refused"}
    assert sum("binary/encrypted cannot be read" in line["text"] for line in lines) == 3 * len(GARBAGE)
    await ends_soundly(case, case_pool)


async def test_updates_that_do_not_decrypt_are_refused_and_leave_no_trace(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    before = await last_line(case)
    stranger = (await plain_client(case.environment.client)).get_workflow_handle(case.handle.id)
    for how in GARBAGE:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await stranger.execute_update("submit", RawValue(await garbage(how)))
        assert isinstance(refused.value.cause, ApplicationError)
        assert refused.value.cause.message == 'payload: submit takes one JSON object with a "kind" field'
    assert await last_line(case) == before
    await ends_soundly(case, case_pool)


async def test_a_start_that_does_not_decrypt_is_rejected_and_the_equipment_is_free_for_a_report(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str, open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    stranger = await plain_client(temporal.client)
    for how in GARBAGE:
        workflow_id = f"curative-{PARIS_ENDPOINT}"
        await stranger.start_workflow(WORKFLOW, RawValue(await garbage(how)), id=workflow_id, task_queue=task_queue)
        closed = await temporal.client.get_workflow_handle(workflow_id).result()
        assert (closed["stage"], closed["outcome"]) == ("closed", "rejected")
        assert closed["outcome_reason"].endswith("binary/encrypted cannot be read")
        assert closed["journal"][0]["disposition"] == "refused"
    await ends_soundly(await open_case(PARIS_ENDPOINT, paris("mon 10 09:00")), case_pool)


async def test_plain_payloads_of_other_clients_are_read(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    """The Web UI and the `temporal` command send them so when they know no codec endpoint."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    before = await last_line(case)
    stranger = (await plain_client(case.environment.client)).get_workflow_handle(case.handle.id)
    await stranger.signal("note", {"text": "in clear"})
    [line] = await lines_after(case, before, 1)
    assert (line["disposition"], line["text"]) == ("taken", "in clear")
    await ends_soundly(case, case_pool)


async def test_a_return_hears_what_does_not_decrypt_and_goes_on(
    follow_return: FollowReturn, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    followed = await follow_return()
    stranger = await plain_client(temporal.client)
    for how in GARBAGE:
        await stranger.get_workflow_handle(followed.handle.id).signal("return_news", RawValue(await garbage(how)))
    await followed.until(
        lambda view: sum("binary/encrypted cannot be read" in line["text"] for line in view["journal"]) == len(GARBAGE),
        "each of them is journaled",
    )
    assert (await followed.news("received"))["state"] == "received"
    bad = await stranger.start_workflow(
        "EquipmentReturnWorkflow", RawValue(await garbage("tampered")), id="return-of-nothing", task_queue=task_queue
    )
    assert (await bad.result())["state"] == "rejected"
