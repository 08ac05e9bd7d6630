"""`curative software request`, `show`, `list`, `send`, `installed` and `keys import`, on real servers."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from database.software_requests import SoftwareRequestStore
from domain.effects import EffectKey, SoftwareOrder, SoftwareWithdrawal
from starter.answers import ReportStatus
from starter.messenger import ClientMessenger
from starter.software_desk import SoftwareDesk
from tests.domain.sample_calendars import at as instant
from tests.starter.conftest import Curative, StartWorker
from tests.starter.test_json_shapes import assert_has_shape
from tests.workflows.software_story import BRIDGE, KIT, request

PAGE = Path(__file__).resolve().parents[2] / "docs" / "software.md"
SHAPES: dict[str, Any] = {
    name: json.loads(example)
    for name, example in re.findall(r"<!-- shape: (\w+) -->\n```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
}
KEY = "AAAAA-BBBBB-CCCCC-00001"


@pytest.fixture
async def empty_stock(pool: asyncpg.Pool) -> None:
    """There is no key at all."""
    await pool.execute("delete from activation_keys")


@pytest.fixture
def desk(temporal: WorkflowEnvironment, pool: asyncpg.Pool, task_queue: str, clean_cases: None) -> SoftwareDesk:
    """The desk with its read model."""
    return SoftwareDesk(temporal.client, task_queue, SoftwareRequestStore(pool))


@pytest.fixture
def somebody() -> str:
    """A requester whom no other test knows."""
    return f"{uuid4().hex[:8]}@brunel.example"


async def printed(curative: Curative, *arguments: str) -> Any:
    """What a command prints as JSON."""
    result = await curative("software", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.usefixtures("worker", "empty_stock")
async def test_from_the_request_to_the_delivery(curative: Curative, somebody: str, tmp_path: Path) -> None:
    asked = ("request", "--by", "A. Petit", "--email", somebody, "--item", f"{BRIDGE}=Meeting Server 1000")
    answer = await printed(curative, *asked)
    assert (answer["status"], answer["view"]["items"][0]["state"]) == ("accepted", "awaiting_key")
    reference = answer["reference"]
    assert_has_shape(answer, SHAPES["software_request"], "request")
    assert_has_shape(await printed(curative, "show", reference), SHAPES["software_show"], "show")
    assert_has_shape(await printed(curative, "list"), SHAPES["software_list"], "list")
    noted = await curative("software", "send", reference, "note", "--json", '{"text": "he calls back"}')
    assert_has_shape(json.loads(noted.stdout), SHAPES["software_send"], "send")
    again = await printed(curative, *asked)
    assert (again["status"], again["reference"]) == ("joined", reference)
    shown = await curative("software", "show", reference.lower())
    assert f"{reference}  activation keys" in shown.stdout
    listed = await printed(curative, "list", "--open", "--serial", BRIDGE.lower())
    assert [row["reference"] for row in listed["requests"]] == [reference]
    refused = await curative("software", "send", reference, "clarification", "--json", '{"serial_number": "X"}')
    assert refused.exit_code == 3
    assert refused.stderr.count("\n") == 1
    file = tmp_path / "keys.csv"
    file.write_text(f"release,key,serial_number\nCMS-3.11,{KEY},\n")
    done = await printed(curative, "keys", "import", str(file))
    assert_has_shape(done, SHAPES["software_keys"], "keys")
    assert done == {"added": 1, "known": 0, "served": 1, "told": 1}
    while (shown_now := await printed(curative, "show", reference))["closed_at"] is None:
        await asyncio.sleep(0.05)
    assert shown_now["items"][0]["state"] == "delivered"
    assert KEY not in json.dumps(shown_now)
    closed = await curative("software", "send", reference, "note", "--json", '{"text": "too late"}')
    assert closed.exit_code == 3
    assert "closed" in closed.stderr or "out of date" in closed.stderr  # the latter while it writes its last record


@pytest.mark.usefixtures("worker")
async def test_a_mail_that_is_delivered_twice_opens_one_request(desk: SoftwareDesk, somebody: str) -> None:
    """Also when the first request has closed meanwhile."""
    asked = request(KIT, requested_by={"name": "A. Petit", "email": somebody})
    first = await desk.request(asked, f"<{somebody}>")
    assert first.status is ReportStatus.ACCEPTED
    assert first.reference is not None
    while (await desk.show(first.reference)).view.closed_at is None:
        await asyncio.sleep(0.05)
    again = await desk.request(asked, f"<{somebody}>")
    assert again.reference == first.reference
    anew = await desk.request(asked, f"<another.{somebody}>")
    assert (anew.status, anew.reference == first.reference) == (ReportStatus.ACCEPTED, False)


async def test_without_a_worker_it_is_recorded(desk: SoftwareDesk, start_worker: StartWorker, somebody: str) -> None:
    asked = request(KIT, requested_by={"name": "A. Petit", "email": somebody})
    answer = await desk.request(asked)
    assert (answer.status, answer.reference) == (ReportStatus.PENDING, None)
    async with start_worker():
        while (shown := (await desk.show(answer.workflow_id)).view).closed_at is None:
            await asyncio.sleep(0.05)
    assert shown.items[0].state == "delivered"


@pytest.mark.usefixtures("worker", "empty_stock")
async def test_a_case_orders_joins_and_withdraws(
    temporal: WorkflowEnvironment, task_queue: str, desk: SoftwareDesk, pool: asyncpg.Pool, somebody: str
) -> None:
    messenger = ClientMessenger(temporal.client, task_queue)
    key = EffectKey(case="CM-7K3Q-9XTB", round=1, step=f"software-{somebody}")
    order = SoftwareOrder(
        key=key,
        now=instant("2026-11-20 09:00"),
        serial_number=BRIDGE,
        requested_by={"name": "A. Petit", "email": somebody},
        received_at=instant("2026-11-02 09:00"),
        reason="software fault",
        tell=f"curative-{BRIDGE}",
    )
    ordered = await messenger.request_software(order, None)
    assert await messenger.request_software(order, None) == ordered, "a repeat changes nothing"
    store = SoftwareRequestStore(pool)
    while await store.open_request(BRIDGE) != ordered.workflow_id:
        await asyncio.sleep(0.05)
    other = order.model_copy(
        update={"key": key.model_copy(update={"step": f"other-{somebody}"}), "requested_by": {"name": "Somebody else"}}
    )
    assert await messenger.request_software(other, ordered.workflow_id) == ordered
    for word in (order, other):
        withdrawal = SoftwareWithdrawal(
            key=word.key.model_copy(update={"step": f"{word.key.step}-off"}),
            now=word.now,
            request=ordered.workflow_id,
            serial_number=BRIDGE,
            tell=f"curative-{BRIDGE}",
            reason="the case is cancelled",
        )
        await messenger.withdraw_software(withdrawal)
    while (view := (await desk.show(ordered.reference)).view).closed_at is None:
        await asyncio.sleep(0.05)
    assert (view.outcome, view.outcome_reason) == ("cancelled", "the case is cancelled")


async def test_what_is_installed_is_said_not_guessed(curative: Curative, pool: asyncpg.Pool) -> None:
    said = await curative("software", "installed", KIT.lower(), "RoomOS 11.14")
    assert (said.exit_code, said.stdout) == (0, f"{KIT}: RoomOS 11.14 is installed\n")
    assert await pool.fetchval("select software_version from equipment where serial_number = $1", KIT) == "RoomOS 11.14"
    assert (await curative("software", "installed", "NOBODY", "1.0")).exit_code == 4


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (f"{KEY}\n", "the columns are release,key,serial_number"),
        (f"release,key,serial_number\nNO-SUCH,{KEY},\n", "keys.csv:2: release 'NO-SUCH' is not in the registry"),
        (f"release,key,serial_number\nCMS-3.11,{KEY},{KEY}!\n", "keys.csv:2: serial_number"),
        (f"release,key,serial_number\nCMS-3.11,{KEY},\nCMS-3.11,{KEY},\n", "keys.csv:3: key AAA…001 stands on line 2"),
        (f"release,key,serial_number\nCMS-3.11,{KEY}\x07,\n", "keys.csv:2: key"),
    ],
)
async def test_a_file_of_keys_that_is_wrong_is_refused_without_quoting_a_key(
    curative: Curative, tmp_path: Path, content: str, complaint: str
) -> None:
    file = tmp_path / "keys.csv"
    file.write_text(content)
    result = await curative("software", "keys", "import", str(file))
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert KEY not in result.stderr.replace(f"{KEY}!", "")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("request", "--by", "A"), 2, "--item is missing"),
        (("request", "--by", "A", "--item", "not a serial"), 3, "items.0.serial_number"),
        (("show", "SW-0000-0000"), 4, "no software request is known as 'SW-0000-0000'"),
        (("send", "SW-0000-0000", "note", "--json", '{"text": "x"}'), 4, "no software request is known"),
    ],
)
async def test_wrong_input_is_answered_in_one_line(
    curative: Curative, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    result = await curative("software", *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1), result.stderr
    assert complaint in result.stderr
