"""Messages go to the case that was meant; a refusal says the field and the reason."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from starter.answers import CaseNotFound, NotAnswered, Refused
from starter.desk import Desk
from tests.starter.conftest import EXPIRED_CONTRACT
from tests.starter.reports import a_report


@pytest.fixture
async def case(desk: Desk, worker: Worker, serial_number: str) -> str:
    """The reference of an open case."""
    answer = await desk.report_incident(a_report(serial_number))
    assert answer.reference is not None
    return answer.reference


async def test_a_message_is_answered_with_the_new_view(desk: Desk, case: str) -> None:
    answer = await desk.send(case, "assignment", {"owner": "Imane", "next_action": "call back"})
    assert answer is not None
    assert (answer.disposition, answer.case.owner, answer.case.next_action) == ("taken", "Imane", "call back")


async def test_a_signal_has_no_answer_and_is_journaled(desk: Desk, case: str) -> None:
    assert await desk.send(case, "note", {"text": "by signal"}, as_signal=True) is None
    assert "by signal" in [line.text for line in (await desk.show(case)).view.journal]


async def test_a_signal_of_any_content_is_journaled_as_refused(desk: Desk, case: str) -> None:
    await desk.send(case, "no_such_kind", [1, 2], as_signal=True)
    last = (await desk.show(case)).view.journal[-1]
    assert (last.kind, last.disposition) == ("no_such_kind", "refused")


async def test_a_refusal_names_the_field(desk: Desk, case: str) -> None:
    with pytest.raises(Refused) as refused:
        await desk.send(
            case, "remote_diagnosis", {"level": 3, "outcome": "escalate", "technician": "N", "findings": ""}
        )
    assert refused.value.field == "level"
    assert str(refused.value).startswith("level: ")
    assert "\n" not in str(refused.value)


async def test_a_payload_that_is_no_object_is_refused(desk: Desk, case: str) -> None:
    with pytest.raises(Refused, match="one JSON object"):
        await desk.send(case, "note", ["text"])


@pytest.mark.parametrize("name", ["nothing", "CM-0000-0000", "curative-NOTHING", "!!"])
async def test_an_unknown_case_is_not_found(desk: Desk, name: str) -> None:
    with pytest.raises(CaseNotFound):
        await desk.send(name, "note", {"text": "x"})


async def test_a_closed_case_says_how_it_ended(desk: Desk, worker: Worker, temporal: WorkflowEnvironment) -> None:
    answer = await desk.report_incident(a_report(EXPIRED_CONTRACT))
    await temporal.client.get_workflow_handle(answer.workflow_id).result()
    for name in (answer.reference, answer.workflow_id, EXPIRED_CONTRACT):
        assert name is not None
        with pytest.raises(Refused, match=r"closed \(rejected: .*not in force"):
            await desk.send(name, "note", {"text": "too late"})


async def test_a_late_word_by_reference_never_reaches_a_successor(desk: Desk, case: str) -> None:
    """The case closes between the finding and the sending: its id has passed on."""
    found = await desk.resolve(case)
    await desk.send(case, "remote_diagnosis", {"level": 1, "outcome": "escalate", "technician": "N", "findings": "x"})
    await desk.send(case, "remote_diagnosis", {"level": 2, "outcome": "resolved", "technician": "N", "findings": "x"})
    serial_number = found.workflow_id.removeprefix("curative-")
    successor = await desk.report_incident(a_report(serial_number))
    assert successor.reference != case
    with pytest.raises(Refused, match=f"meant for .*{case}") as refused:
        await desk.send(found, "note", {"text": "for the old one"})
    assert refused.value.field == "case"


async def test_without_a_worker_nobody_answers(
    desk: Desk, temporal: WorkflowEnvironment, task_queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starter.telling.UPDATE_ANSWER", timedelta(seconds=0.5))
    await temporal.client.start_workflow("CurativeMaintenanceWorkflow", {}, id="curative-IDLE", task_queue=task_queue)
    with pytest.raises(NotAnswered, match="signal"):
        await desk.send("curative-IDLE", "note", {"text": "x"})
