"""The assistance desk: a call exists once it was answered, once whatever is repeated (SPEC §3, §7.1)."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from database.calls import CallStore
from starter.answers import Refused, Source
from starter.assistance_desk import AssistanceDesk
from starter.call_answers import CallNotFound, CallStatus
from tests.starter.conftest import EXPIRED_CONTRACT, StartWorker

CALLER = {"name": "A. Petit", "phone": "0148030368"}
FOUND = {"technician": "Noor", "findings": "muted"}


def said(**fields: Any) -> dict[str, Any]:
    return {"caller": CALLER, "symptom": "no sound", **fields}


@pytest.fixture
def calls(temporal: WorkflowEnvironment, pool: asyncpg.Pool, task_queue: str, clean_cases: None) -> AssistanceDesk:
    return AssistanceDesk(temporal.client, CallStore(pool), task_queue=task_queue)


async def test_a_call_is_taken_and_the_same_call_joins_it(
    worker: Worker, calls: AssistanceDesk, serial_number: str, message_id: str
) -> None:
    first = await calls.open(said(serial_number=serial_number.lower()), message_id)
    again = await calls.open(said(serial_number=serial_number.lower()), message_id)
    assert (first.status, again.status) == (CallStatus.ACCEPTED, CallStatus.ACCEPTED)
    assert first.view is not None
    assert again.view is not None
    assert (first.call_id, first.reference) == (again.call_id, again.reference)
    assert again.view.journal[-1].sequence == first.view.journal[-1].sequence
    assert {promise.name for promise in first.view.promises} == {"level_1_answer"}
    more = await calls.open(said(call_id=first.call_id, impact="blocking"))
    assert more.status is CallStatus.JOINED


async def test_a_repeat_after_the_end_starts_nothing(worker: Worker, calls: AssistanceDesk, message_id: str) -> None:
    first = await calls.open(said(), message_id)
    await calls.send(str(first.reference), "remote_diagnosis", {"level": 1, "outcome": "resolved", **FOUND})
    handle_id = first.workflow_id
    await calls._client.get_workflow_handle(handle_id).result()
    again = await calls.open(said(), message_id)
    assert again.reference == first.reference
    assert again.view is not None
    assert again.view.outcome == "resolved"


async def test_what_is_not_covered_is_rejected_with_the_reason(worker: Worker, calls: AssistanceDesk) -> None:
    answer = await calls.open(said(serial_number=EXPIRED_CONTRACT))
    assert answer.status is CallStatus.REJECTED
    assert "not in force" in str(answer.reason)


async def test_a_call_is_recorded_while_no_worker_runs(
    start_worker: StartWorker, calls: AssistanceDesk, message_id: str
) -> None:
    answer = await calls.open(said(), message_id)
    assert (answer.status, answer.reference) == (CallStatus.PENDING, None)
    async with start_worker():
        taken = await calls.open(said(), message_id)
        assert taken.view is not None
        assert [line.kind for line in taken.view.journal].count("call") <= 2
        assert taken.workflow_id == answer.workflow_id


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"caller": {}}, "caller.name"),
        ({"serial_number": "é"}, "serial_number"),
        ({"call_id": "no id"}, "call_id"),
        ({"channel": "fax"}, "channel"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_what_is_no_call_is_refused_before_one_exists(
    calls: AssistanceDesk, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        await calls.open(said(**fields))
    assert refusal.value.field == field


async def test_messages_reach_a_call_by_any_of_its_names(worker: Worker, calls: AssistanceDesk) -> None:
    call = await calls.open(said())
    for name in (str(call.reference), str(call.reference).lower(), call.call_id, call.workflow_id):
        answer = await calls.send(name, "note", {"text": name})
        assert answer is not None
        assert answer.call.journal[-1].text == name
    assert await calls.send(call.call_id, "note", {"text": "as a signal"}, as_signal=True) is None
    with pytest.raises(Refused) as refusal:
        await calls.send(call.call_id, "remote_diagnosis", {"level": 3})
    assert refusal.value.field == "level"


async def test_a_closed_call_takes_no_messages_and_is_shown(worker: Worker, calls: AssistanceDesk) -> None:
    call = await calls.open(said())
    await calls.send(call.call_id, "cancellation", {"reason": "it works"})
    await calls._client.get_workflow_handle(call.workflow_id).result()
    with pytest.raises(Refused, match=r"is closed \(cancelled\) and takes no messages"):
        await calls.send(call.call_id, "note", {"text": "late"})
    shown = await calls.show(str(call.reference))
    assert (shown.source, shown.view.outcome) == (Source.WORKFLOW, "cancelled")


async def test_a_call_that_nobody_knows_is_not_found(calls: AssistanceDesk) -> None:
    for name in ("CA-0000-0000", f"call-{uuid4()}"):
        with pytest.raises(CallNotFound):
            await calls.show(name)
