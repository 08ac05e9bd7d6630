"""`curative return list`, `show` and `send`."""

import json
from datetime import UTC, datetime

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.effects import EffectKey
from starter.messenger import ClientMessenger
from tests.starter.conftest import Curative
from tests.starter.test_json_shapes import SHAPES, assert_has_shape, printed
from tests.workflows.return_story import CASE, order

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
async def return_id(worker: Worker, temporal: WorkflowEnvironment, task_queue: str, curative: Curative) -> str:
    """An open return, as the lists show it."""
    ordered = order(datetime.now(UTC), key=EffectKey(case=CASE, round=1, step=task_queue))
    await ClientMessenger(temporal.client, task_queue).start_return(ordered)
    identifier = ordered.key.identifier
    assert (await curative("return", "send", identifier, "dispatched", "--carrier", "Chrono")).exit_code == 0
    return identifier


async def test_the_news_is_sent_and_shown(curative: Curative, return_id: str) -> None:
    shown = await curative("return", "show", f"return-{return_id}")
    assert shown.exit_code == 0, shown.stderr
    assert f"{return_id}  dispatched" in shown.stdout
    assert "carrier:Chrono" in shown.stdout
    sent = await curative("return", "send", return_id, "received", "--actor", "coordinator:Noor")
    assert (sent.exit_code, sent.stdout) == (0, f"{return_id}  taken: received\n")


async def test_what_is_open_is_listed_with_what_it_is(curative: Curative, return_id: str) -> None:
    listed = await curative("return", "list", "--open", "--case", CASE.lower())
    assert listed.exit_code == 0, listed.stderr
    assert return_id in listed.stdout
    assert "PSU-24, Room Kit" in listed.stdout
    assert "1 return." in listed.stdout
    assert "No return matches." in (await curative("return", "list", "--state", "overdue")).stdout


async def test_the_json_has_the_shape_that_the_manual_shows(curative: Curative, return_id: str) -> None:
    assert_has_shape(await printed(curative, "return", "list"), SHAPES["return_list"], "return list")
    assert_has_shape(await printed(curative, "return", "show", return_id), SHAPES["return_show"], "return show")
    answer = await printed(curative, "return", "send", return_id, "received")
    assert_has_shape(answer, SHAPES["return_send"], "return send")
    assert answer["view"]["state"] == "received"


async def test_what_is_closed_takes_no_news(curative: Curative, return_id: str) -> None:
    await curative("return", "send", return_id, "lost", "--reason", "stolen")
    late = await curative("return", "send", return_id, "received")
    assert late.exit_code == 3
    assert "lost" in late.stderr


async def test_an_unknown_return_ends_with_4(curative: Curative) -> None:
    for arguments in (("show", "CM-0000-0000.1.return-1"), ("send", "CM-0000-0000.1.return-1", "received")):
        result = await curative("return", *arguments)
        assert result.exit_code == 4, result.stderr
        assert "no return is known as 'CM-0000-0000.1.return-1'" in result.stderr


async def test_a_return_is_shown_as_last_recorded_while_the_engine_is_away(curative: Curative, return_id: str) -> None:
    shown = await curative("return", "show", return_id, "--json", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert shown.exit_code == 0, shown.stderr
    assert json.loads(shown.stdout)["source"] == "read_model"


async def test_a_status_that_there_is_not_is_wrong_input(curative: Curative) -> None:
    assert (await curative("return", "send", "CM-0000-0000.1.return-1", "eaten")).exit_code == 2
