"""What must come back is asked for, reminded of, and one day given up; the pool is right at the end (R8)."""

import email
import email.policy
import functools
import mailbox
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.search_attributes import CASE_REFERENCE, PROMISE_STATE, WAITING_FOR
from database.loans import LoanPool
from domain.effects import EffectKey, LoanRequest
from domain.returns import return_workflow_id
from starter.messenger import ClientMessenger
from tests.workflows.case_story import instant, paris
from tests.workflows.return_story import CASE, LOAN, WORKFLOW, ReturnStory, order
from tests.workflows.soundness import events, failed_tasks
from tests.workflows.strange_payloads import MEGABYTE, STRANGE

pytestmark = pytest.mark.usefixtures("worker")
MONDAY = paris("mon 10 09:00")
Follow = Callable[..., Awaitable[ReturnStory]]


@pytest.fixture
async def follow(worker: Worker, temporal: WorkflowEnvironment, task_queue: str) -> AsyncIterator[Follow]:
    """Order a return on Monday 10 May 2027, 09:00; what is still open at the end is terminated."""
    stories: list[ReturnStory] = []

    async def begin(*arguments: Any, **fields: Any) -> ReturnStory:
        story = await ReturnStory.follow(temporal, task_queue, order(MONDAY, *arguments, **fields))
        stories.append(story)
        return story

    yield begin
    for story in stories:
        await story.abandon()


def loan_request(key: EffectKey) -> LoanRequest:
    """A loan unit for a room in Paris."""
    site = {"equipment_type": "Poly RealPresence Group 500", "site": "BRU-PAR"}
    return LoanRequest(key=key, now=MONDAY, promised_for=MONDAY, **site)


async def history(story: ReturnStory) -> list[str]:
    """The events of a return, by their types, without those of the test's own moving of the clock."""
    names = [EventType.Name(event.event_type) for event in await events(story)]
    return [name for name in names if "TIME_SKIPPING" not in name]


def letters(tmp_path: Path) -> list[tuple[str, str]]:
    """Who was written to, and the French subject, in the order of the letters."""
    read = functools.partial(email.message_from_binary_file, policy=email.policy.default)
    box = mailbox.Maildir(tmp_path / "mail", factory=read, create=True)  # type: ignore[arg-type]  # typeshed has the old class
    sent = sorted(box, key=lambda mail: mail["Message-ID"])
    return [(mail["To"], mail["Subject"].partition("] ")[2].partition(" / ")[0]) for mail in sent]


CUSTOMER, COORDINATOR, SUPERVISOR = "it@brunel.example", "pilote@curative.invalid", "responsable@curative.invalid"
REMINDER = (CUSTOMER, "Rappel : matériel à retourner")
OVERDUE = (COORDINATOR, "Retour en retard")
LOST = (SUPERVISOR, "Matériel déclaré perdu")


async def test_a_silent_customer_is_reminded_ever_more_seldom_until_it_is_lost(
    follow: Follow, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    story = await follow()
    view = await story.result()
    assert (view["state"], view["closed_because"]) == ("lost", "no news of it")
    assert view["closed_at"] == view["lost_at"]
    assert letters(tmp_path) == [REMINDER, REMINDER, REMINDER, OVERDUE, REMINDER, REMINDER, LOST]
    assert len(await history(story)) < 100
    row = await case_pool.fetchrow("select state, closed_at, case_reference from returns")
    assert tuple(row) == ("lost", instant(view["closed_at"]), CASE)


async def test_instants_count_in_the_provider_s_business_time(follow: Follow) -> None:
    view = await (await follow()).view()
    assert instant(view["next_at"]) == paris("tue 11 09:00")  # ten hours
    assert instant(view["due_at"]) == paris("tue 25 09:00")  # a hundred, over Whit Monday (the 17th)
    assert instant(view["lost_at"]) == datetime.fromisoformat("2027-07-21T09:00+02:00")  # five hundred


async def test_a_reminder_counts_from_the_one_before(follow: Follow) -> None:
    story = await follow()
    await story.at(paris("tue 11 10:00"))
    view = await story.until(lambda view: view["reminded_at"])
    assert instant(view["next_at"]) == paris("thu 13 09:00")


async def test_what_is_on_its_way_is_not_asked_for_any_more_and_is_overdue_all_the_same(
    follow: Follow, tmp_path: Path
) -> None:
    story = await follow()
    view = await story.news("dispatched", carrier="Chrono", tracking_number="XY1")
    assert (view["state"], view["waiting_for"], view["carrier"]) == ("dispatched", "carrier", "Chrono")
    await story.at(paris("tue 25 10:00"))
    await story.until(lambda view: view["state"] == "overdue")
    await story.after(timedelta(days=7))
    view = await story.news("received", at=paris("mon 31 15:00").isoformat())
    assert (view["state"], instant(view["closed_at"])) == ("received", paris("mon 31 15:00"))
    await story.result()
    assert letters(tmp_path) == [OVERDUE]


async def test_the_supervisor_is_told_what_somebody_says_is_lost(follow: Follow, tmp_path: Path) -> None:
    story = await follow()
    await story.news("lost", reason="stolen from the lorry")
    view = await story.result()
    assert (view["state"], view["closed_because"]) == ("lost", "stolen from the lorry")
    assert letters(tmp_path) == [LOST]


@pytest.mark.parametrize(("status", "state"), [("received", "returned"), ("lost", "lost")])
async def test_a_loan_unit_is_in_the_pool_again_or_lost_to_it(
    follow: Follow, case_pool: asyncpg.Pool, status: str, state: str
) -> None:
    await LoanPool(case_pool).reserve(loan_request(LOAN), "curative-X")
    story = await follow("loan_unit")
    await story.news(status)
    await story.result()
    assert await case_pool.fetchval("select state from loans") == state
    returned = await case_pool.fetchrow("select loan_case_reference, loan_round, loan_step from returns")
    assert tuple(returned) == (LOAN.case, LOAN.round, LOAN.step)


async def test_who_waits_in_line_is_told_of_the_unit_that_came_free(follow: Follow, case_pool: asyncpg.Pool) -> None:
    line, units = await follow(), LoanPool(case_pool)
    lent = await units.reserve(loan_request(LOAN), "curative-X")
    while (await units.reserve(loan_request(EffectKey(case=CASE, round=1, step=f"{uuid4()}")), line.handle.id)).unit:
        continue
    story = await follow("loan_unit")
    await story.news("received")
    await story.result()
    assert lent.unit is not None
    view = await line.until(lambda view: view["journal"][-1]["kind"] == "loan_assigned", "it hears of the unit")
    assert lent.unit.serial_number in view["journal"][-1]["text"]


async def test_lists_know_what_is_expected_on_its_way_and_back(follow: Follow, case_pool: asyncpg.Pool) -> None:
    async def state() -> str:
        return str(await case_pool.fetchval("select state from returns"))

    story = await follow()
    for status in ("dispatched", "received"):
        await story.news(status)
    await story.result()
    assert await state() == "received"


async def test_the_engine_can_be_asked_what_is_late(follow: Follow) -> None:
    story = await follow()
    await story.at(paris("tue 25 10:00"))
    await story.until(lambda view: view["state"] == "overdue")
    found = (await story.handle.describe()).typed_search_attributes
    assert found.get(PROMISE_STATE) == "breached"
    assert found.get(CASE_REFERENCE) == CASE
    assert found.get(WAITING_FOR) == "customer"


async def test_what_does_not_fit_is_refused_with_the_field(follow: Follow) -> None:
    story = await follow()
    ahead = (MONDAY + timedelta(hours=1)).isoformat()
    mistakes: dict[str, dict[str, Any]] = {
        "status": {"kind": "return_news", "status": "eaten"},
        "colour": {"kind": "return_news", "status": "received", "colour": "blue"},
        "kind": {"kind": "shipment", "status": "delivered"},
        "at": {"kind": "return_news", "status": "received", "at": ahead},
        "case": {"kind": "return_news", "status": "received", "case": "CM-0000-0000"},
        "text": {"kind": "note"},
        "payload": {},
    }
    mistakes["payload"] = ["note"]  # type: ignore[assignment]  # that is the mistake
    reasons = {field: (await story.refused(message)).partition(": ")[0] for field, message in mistakes.items()}
    assert reasons == {field: field for field in mistakes}
    assert "before it was asked for" in await story.refused(
        {"kind": "return_news", "status": "received", "at": (MONDAY - timedelta(days=1)).isoformat()}
    )


async def test_a_message_that_comes_twice_counts_once(follow: Follow) -> None:
    story = await follow()
    for _ in range(2):
        await story.signal("note", {"text": "who has it?", "message_id": "n1"})
        view = await story.news("dispatched", message_id="d1")
    assert [line["kind"] for line in view["journal"][1:]] == ["note", "return_news"]
    assert "message_id" in await story.refused({"kind": "note", "text": "other", "message_id": "n1"})


async def test_signals_of_any_name_and_content_are_journaled_and_the_return_goes_on(follow: Follow) -> None:
    story = await follow()
    names = ("return_news", "note", "livraison")
    for name in names:
        for payloads in STRANGE.values():
            await story.signal(name, *payloads)
    await story.signal("note", {"text": "at last"})
    view = await story.until(lambda view: view["journal"][-1]["text"] == "at last")
    assert view["journal"][-1]["sequence"] == 2 + len(names) * len(STRANGE)
    assert {line["disposition"] for line in view["journal"][1:-1]} == {"refused"}
    await story.signal("return_news", {"status": "received"})
    assert (await story.result())["state"] == "received"
    assert await failed_tasks(story) == []


async def test_what_is_no_order_is_rejected_at_once(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    for arguments in [*STRANGE.values(), [{"return": {"key": {"case": "x"}}}]]:
        handle = await temporal.client.start_workflow(
            WORKFLOW, args=arguments, id=f"return-{task_queue}", task_queue=task_queue
        )
        view = await handle.result()
        assert (view["state"], view["journal"][0]["disposition"]) == ("rejected", "refused")


async def test_an_order_under_another_id_is_rejected(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    argument = {"return": order(MONDAY).model_dump(mode="json")}
    handle = await temporal.client.start_workflow(WORKFLOW, argument, id=f"return-{task_queue}", task_queue=task_queue)
    assert "has the workflow id return-CM-7K3Q-9XTB.1.return-faulty-part-1" in (await handle.result())["closed_because"]


async def test_the_messenger_starts_a_return_once(
    worker: Worker, temporal: WorkflowEnvironment, task_queue: str
) -> None:
    ordered = order(MONDAY, key=EffectKey(case=CASE, round=2, step=task_queue))
    messenger = ClientMessenger(temporal.client, task_queue)
    handle = temporal.client.get_workflow_handle(return_workflow_id(ordered.key))
    await messenger.start_return(ordered)
    await messenger.start_return(ordered)
    await handle.execute_update("submit", {"kind": "return_news", "status": "received"})
    await handle.result()
    await messenger.start_return(ordered)
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


async def test_the_engine_s_own_cancellation_ends_no_return(follow: Follow) -> None:
    story = await follow()
    await story.handle.cancel()
    await story.until(lambda view: "cancellation does not end a return" in view["journal"][-1]["text"])
    await story.news("received")
    assert (await story.result())["state"] == "received"


async def test_a_long_life_goes_on_as_new_with_all_it_knows(follow: Follow) -> None:
    story = await follow()
    first = await story.news("dispatched", carrier="Chrono", message_id="d1")
    for _ in range(8):
        await story.signal("note", "x" * MEGABYTE)
    await story.submit({"kind": "note", "text": "the engine says with the next task that this is much"})
    view = await story.until(lambda view: view["run_id"] != first["run_id"], "it goes on in another run")
    newest = story.environment.client.get_workflow_handle(view["workflow_id"])
    again = await newest.execute_update(
        "submit", {"kind": "return_news", "status": "dispatched", "carrier": "Chrono", "message_id": "d1"}
    )
    assert again["view"]["journal"][-1]["sequence"] == view["journal"][-1]["sequence"]
    assert (again["view"]["due_at"], again["view"]["carrier"]) == (view["due_at"], "Chrono")
    await newest.execute_update("submit", {"kind": "return_news", "status": "received"})
    assert (await newest.result())["state"] == "received"
