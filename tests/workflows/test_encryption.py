"""Temporal stores nothing that tells of people, and no payload that does not decrypt sticks a case (SPEC §5, §7.5)."""

import asyncio
import csv
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from tests.workflows.case_story import WORKFLOW, CaseStory, paris
from tests.workflows.conftest import FollowReturn, OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, last_line, lines_after
from workflows.curative_maintenance import CurativeMaintenanceWorkflow
from workflows.equipment_return import EquipmentReturnWorkflow

SAMPLE = Path(__file__).parents[2] / "database" / "sample"
PERSONAL = {"sites": ("name", "address", "contact_email"), "technicians": ("name", "email"), "vendors": ("email",)}
CALLER = {"name": "Camille Petit", "phone": "+33 1 70 48 03 68", "email": "camille.petit@brunel.example"}
SAID = ("Noor", "Imane", "black screen", "the power supply", "video call", "Garance", "06 12 34 56 78")


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: what it keeps is looked at."""
    return open_case_on_server


def personal_data() -> set[str]:
    """Names, addresses and telephone numbers: those of the sample registry, and those that are said here."""
    found = {*CALLER.values(), *SAID}
    for table, columns in PERSONAL.items():
        with (SAMPLE / f"{table}.csv").open(newline="") as file:
            found |= {row[column] for row in csv.DictReader(file) for column in columns if len(row[column]) > 6}
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text in an exported history, and what stands in it in base64."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value
        if re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", value) and len(value) % 4 == 0:
            yield b64decode(value).decode(errors="replace")


async def exported(environment: WorkflowEnvironment, workflow_id: str) -> dict[str, Any]:
    """A history as anybody who reaches the server can export it."""
    history = await environment.client.get_workflow_handle(workflow_id).fetch_history()
    return dict(json.loads(history.to_json()))


async def returns_of(case: CaseStory) -> list[str]:
    """The ids of the returns of a case."""
    reference = (await case.view())["reference"]
    query = f"CaseReference = '{reference}' AND WorkflowType = 'EquipmentReturnWorkflow'"
    while not (found := [each.id async for each in case.environment.client.list_workflows(query)]):
        await asyncio.sleep(0.05)
    return found


async def test_exported_histories_tell_of_nobody(open_case: OpenCase) -> None:
    """A whole case with names, telephone numbers, mail addresses and places, and the return of its faulty part."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"), reported_by=CALLER)
    await case.say("note", text="Garance calls back on 06 12 34 56 78")
    await case.signal("note", {"text": "Garance again"})
    await case.refused("note", text="Garance", actor="Garance")
    await case.service_is_restored()
    await case.result()
    for workflow_id in (case.handle.id, *await returns_of(case)):
        stored = "\n".join(texts(await exported(case.environment, workflow_id)))
        assert "binary/encrypted" in stored
        assert [word for word in sorted(personal_data()) if word in stored] == []


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
