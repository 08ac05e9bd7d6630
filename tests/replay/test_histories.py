"""A deployed change never breaks an open case: histories of older versions replay with the code as it is (SPEC §7.4).

`RECORD_HISTORIES=1 pytest tests/replay` records the stories anew, beside the ones that are kept: a recorded history is
never changed, since cases that began under it may still be open.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from database.calls import CallStore
from database.cases import CaseStore
from starter.assistance_desk import AssistanceDesk
from starter.desk import Desk
from tests.replay.replaying import read_history, replay
from tests.replay.software_stories import SOFTWARE_STORIES
from tests.replay.stories import STORIES
from tests.workflows.call_story import WORKFLOW as CALL_WORKFLOW
from tests.workflows.call_story import CallStory, call
from tests.workflows.case_story import CaseStory, paris, report
from tests.workflows.conftest import AskForSoftware, FollowReturn, OpenCase
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT
from tests.workflows.software_story import CODEC

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
RETURN = "equipment_return"
CALL, CALL_HANDED_OVER, CASE_OF_A_CALL = "phone_assistance", "call_handed_over", "case_of_a_call"
SOFTWARE_FAULT = "software_fault"
OTHERS = {RETURN, CALL, CALL_HANDED_OVER, CASE_OF_A_CALL, SOFTWARE_FAULT}
KEPT = sorted(HISTORIES.glob("*.json"))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
async def test_a_history_that_is_kept_replays(file: Path) -> None:
    await replay(read_history(file))


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_histories_replay_whatever_the_order_of_sets(hash_seed: str) -> None:
    arguments = [sys.executable, "-m", "tests.replay.replaying", *map(str, KEPT)]
    done = subprocess.run(
        arguments, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_story_has_a_history_that_is_kept() -> None:
    assert {file.stem.split("--")[0] for file in KEPT} >= {*STORIES, *SOFTWARE_STORIES, *OTHERS}


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_told_now_replays(open_case: OpenCase, name: str) -> None:
    tell, serial_number = STORIES[name]
    case = await open_case(serial_number, paris("mon 10 08:30"))
    await tell(case)
    await case.handle.result()
    await recorded_and_replayed(name, await case.handle.fetch_history())


async def test_a_return_told_now_replays(follow_return: FollowReturn) -> None:
    way_back = await follow_return()
    await way_back.at(paris("tue 25 10:00"))
    await way_back.until(lambda view: view["state"] == "overdue", "it is overdue")
    await way_back.news("dispatched", carrier="Chrono")
    await way_back.news("received")
    await way_back.handle.result()
    await recorded_and_replayed(RETURN, await way_back.handle.fetch_history())


async def test_a_call_told_now_replays(worker: Worker, temporal: WorkflowEnvironment, task_queue: str) -> None:
    """Escalated by itself, log files awaited, a serial number given in the midst of it, resolved."""
    opening = {"call": call(received_at=paris("mon 10 08:30").isoformat())}
    at = paris("mon 10 08:30")
    story = await CallStory.begin(
        temporal, CALL_WORKFLOW, opening, id="assistance-told", at=at, task_queue=task_queue, query="call"
    )
    await story.reaches("remote_diagnosis")
    await story.say("clarification", serial_number=PARIS_BRIDGE)
    await story.reaches("remote_diagnosis", customer="BRUNEL")
    await story.at(paris("mon 10 09:45"))
    await story.reaches("remote_diagnosis", level=2)
    await story.diagnosed(2, "logs_needed")
    await story.at(paris("wed 12 10:00"))
    file = {"name": "trace.log", "uri": "https://files.example/trace.log", "sha256": "0" * 64}
    await story.say("logs_provided", files=[file])
    await story.signal("note", "no object")
    await story.diagnosed(2, "resolved")
    await story.handle.result()
    await recorded_and_replayed(CALL, await story.handle.fetch_history())


async def test_a_call_that_becomes_a_case_replays(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str, case_pool: asyncpg.Pool
) -> None:
    """On the wall clock: the case begins on it. Both histories are kept."""
    opened = await AssistanceDesk(temporal.client, CallStore(case_pool), task_queue=task_queue).open(
        call(serial_number=PARIS_ENDPOINT)
    )
    handle = temporal.client.get_workflow_handle(opened.workflow_id)
    story = CallStory(temporal, handle, query="call")
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "hardware_failure", defective_articles=["CS-PWR-CDC"])
    await handle.result()
    await recorded_and_replayed(CALL_HANDED_OVER, await handle.fetch_history())
    case = story.case(PARIS_ENDPOINT)
    await case.reaches("vendor_validation", waiting_for="vendor")
    await case.say("cancellation", reason="told to its end")
    await case.handle.result()
    await recorded_and_replayed(CASE_OF_A_CALL, await case.handle.fetch_history())


async def test_a_software_fault_told_now_replays(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str, case_pool: asyncpg.Pool
) -> None:
    """On the wall clock, as the software request that it opens."""
    desk = Desk(temporal.client, CaseStore(case_pool), task_queue=task_queue)
    answer = await desk.report_incident(report(CODEC, impact="blocking"))
    case = CaseStory(temporal, temporal.client.get_workflow_handle(answer.workflow_id))
    await case.diagnosed(2, "software_fault")
    await case.until(lambda view: view["software"] and view["software"]["state"] == "delivered", "it is delivered")
    await case.diagnosed(2, "resolved", tests=[{"name": "video call", "passed": True}])
    await case.handle.result()
    await recorded_and_replayed(SOFTWARE_FAULT, await case.handle.fetch_history())


@pytest.mark.parametrize("name", SOFTWARE_STORIES)
async def test_a_software_request_told_now_replays(
    ask_on_server: AskForSoftware, case_pool: asyncpg.Pool, name: str
) -> None:
    tell, asked, has_keys = SOFTWARE_STORIES[name]
    if not has_keys:
        await case_pool.execute("delete from activation_keys")
    story = await ask_on_server(asked, paris("mon 10 08:30"))
    await tell(story)
    await story.result()
    await recorded_and_replayed(name, await story.handle.fetch_history())


async def recorded_and_replayed(name: str, history: WorkflowHistory) -> None:
    """Replay a history of today, and keep it when that is asked for."""
    if os.environ.get("RECORD_HISTORIES"):
        recorded_on = datetime.now(UTC).strftime("%Y-%m-%d")
        (HISTORIES / f"{name}--{recorded_on}.json").write_text(history.to_json())
    await replay(history)
