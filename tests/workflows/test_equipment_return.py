"""What must come back is asked for, reminded of, and one day given up; the pool is right at the end (R8)."""

import email
import email.policy
import functools
import mailbox
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from config.search_attributes import CASE_REFERENCE, PROMISE_STATE, WAITING_FOR
from database.loan_units import LoanUnits
from database.loans import LoanPool
from database.returns import ReturnFilter, ReturnStore
from database.stock import Stock
from domain.effects import CallOff, EffectKey, LoanRequest, StockRequest
from domain.returns import return_workflow_id
from starter.messenger import ClientMessenger
from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import FollowReturn
from tests.workflows.return_story import CASE, LOAN, ReturnStory, order
from tests.workflows.soundness import events
from tests.workflows.strange_payloads import MEGABYTE

pytestmark = pytest.mark.usefixtures("worker")
MONDAY = paris("mon 10 09:00")


def loan_request(key: EffectKey) -> LoanRequest:
    """A loan unit for a room in Paris."""
    site = {"equipment_type": "Poly RealPresence Group 500", "site": "BRU-PAR"}
    return LoanRequest(key=key, now=MONDAY, promised_for=MONDAY, **site)


async def history(story: ReturnStory) -> list[str]:
    """The events of a return, by their types, without those of the test's own moving of the clock."""
    names = [EventType.Name(event.event_type) for event in await events(story)]
    return [name for name in names if "TIME_SKIPPING" not in name and "OPTIONS_UPDATED" not in name]


def letters(tmp_path: Path) -> list[tuple[str, str]]:
    """Who was written to, and the French subject, in the order of the letters."""
    read = functools.partial(email.message_from_binary_file, policy=email.policy.default)
    box = mailbox.Maildir(tmp_path / "mail", factory=read, create=True)  # type: ignore[arg-type]  # typeshed has the old class
    sent = sorted(box, key=lambda mail: mail["Message-ID"])
    return [(mail["To"], mail["Subject"].partition("] ")[2].partition(" / ")[0]) for mail in sent]


CUSTOMER, COORDINATOR, SUPERVISOR = "it@brunel.example", "pilote@curative.invalid", "responsable@curative.invalid"
REMINDER = (CUSTOMER, "Rappel : matériel à retourner")
ASKED = ("it@brunel.example", "Matériel à retourner")
OVERDUE = (COORDINATOR, "Retour en retard")
LOST = (SUPERVISOR, "Matériel déclaré perdu")


async def test_a_silent_customer_is_reminded_ever_more_seldom_until_it_is_lost(
    follow_return: FollowReturn, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    story = await follow_return()
    view = await story.result()
    assert (view["state"], view["closed_because"]) == ("lost", "no news of it")
    assert view["closed_at"] == view["lost_at"]
    assert letters(tmp_path) == [ASKED, REMINDER, REMINDER, REMINDER, OVERDUE, REMINDER, REMINDER, LOST]
    assert len(await history(story)) < 120  # about a hundred: answers that come apart take a workflow task each
    row = await case_pool.fetchrow("select state, closed_at, case_reference from returns")
    assert tuple(row) == ("lost", instant(view["closed_at"]), CASE)


async def test_instants_count_in_the_provider_s_business_time(follow_return: FollowReturn) -> None:
    view = await (await follow_return()).view()
    assert instant(view["next_at"]) == paris("tue 11 09:00")  # ten hours
    assert instant(view["due_at"]) == paris("tue 25 09:00")  # a hundred, over Whit Monday (the 17th)
    assert instant(view["lost_at"]) == datetime.fromisoformat("2027-07-21T09:00+02:00")  # five hundred


async def test_a_reminder_counts_from_the_one_before(follow_return: FollowReturn) -> None:
    story = await follow_return()
    await story.at(paris("tue 11 10:00"))
    view = await story.until(lambda view: view["reminded_at"])
    assert instant(view["next_at"]) == paris("thu 13 09:00")


async def test_what_is_on_its_way_is_not_asked_for_any_more_and_is_overdue_all_the_same(
    follow_return: FollowReturn, tmp_path: Path
) -> None:
    story = await follow_return()
    view = await story.news("dispatched", carrier="Chrono", tracking_number="XY1")
    assert (view["state"], view["waiting_for"], view["carrier"]) == ("dispatched", "carrier", "Chrono")
    await story.at(paris("tue 25 10:00"))
    await story.until(lambda view: view["state"] == "overdue")
    await story.after(timedelta(days=7))
    view = await story.news("received", at=paris("mon 31 15:00").isoformat())
    assert (view["state"], instant(view["closed_at"])) == ("received", paris("mon 31 15:00"))
    await story.result()
    assert letters(tmp_path) == [ASKED, OVERDUE]


async def test_the_supervisor_is_told_what_somebody_says_is_lost(follow_return: FollowReturn, tmp_path: Path) -> None:
    story = await follow_return()
    await story.news("lost", reason="stolen from the lorry")
    view = await story.result()
    assert (view["state"], view["closed_because"]) == ("lost", "stolen from the lorry")
    assert letters(tmp_path) == [ASKED, LOST]


@pytest.mark.parametrize(("status", "state"), [("received", "returned"), ("lost", "lost")])
async def test_a_loan_unit_is_in_the_pool_again_or_lost_to_it(
    follow_return: FollowReturn, case_pool: asyncpg.Pool, status: str, state: str
) -> None:
    await LoanPool(case_pool).reserve(loan_request(LOAN), "curative-X")
    story = await follow_return("loan_unit")
    await story.news(status)
    await story.result()
    assert await case_pool.fetchval("select state from loans") == state
    returned = await case_pool.fetchrow("select loan_case_reference, loan_round, loan_step from returns")
    assert tuple(returned) == (LOAN.case, LOAN.round, LOAN.step)


OUT_OF_ORDER = (COORDINATOR, "Matériel de prêt hors service")


@pytest.mark.parametrize(
    ("fault", "news", "because"),
    [
        (None, {"condition": "damaged", "reason": "the screen is broken"}, "the screen is broken"),
        (None, {"condition": "damaged"}, "it came back damaged"),
        ("it did not work on site", {}, "it did not work on site"),
        ("it did not work on site", {"condition": "good", "reason": "a loose cable"}, None),
        (None, {}, None),
    ],
    ids=["damaged", "damaged, no more said", "known to be faulty", "faulty, and found good", "nothing said"],
)
async def test_a_loan_unit_that_is_not_good_is_out_of_order_and_the_coordinator_is_told(
    follow_return: FollowReturn,
    case_pool: asyncpg.Pool,
    tmp_path: Path,
    fault: str | None,
    news: dict[str, str],
    because: str | None,
) -> None:
    lent = await LoanPool(case_pool).reserve(loan_request(LOAN), "curative-X")
    assert lent.unit is not None
    story = await follow_return("loan_unit", fault=fault)
    await story.news("received", **news)
    view = await story.result()
    assert (view["condition"], view["fault"]) == ("damaged" if because else "good", because)
    (unit,) = await LoanUnits(case_pool).list(lent.unit.serial_number)
    assert (unit.state, unit.because) == ("out_of_order" if because else "free", because)
    assert (OUT_OF_ORDER in letters(tmp_path)) is (because is not None)


@pytest.mark.parametrize(("condition", "count"), [("good", 1), ("damaged", 0)])
async def test_an_unused_part_of_ours_is_in_stock_again_only_when_it_is_whole(
    follow_return: FollowReturn, case_pool: asyncpg.Pool, condition: str, count: int
) -> None:
    stock, part = Stock(case_pool), ("CS-TOUCH10-K9",)
    taken = StockRequest(key=EffectKey(case=CASE, round=1, step="stock-1"), now=MONDAY, site="BRU-PAR", articles=part)
    await stock.reserve(taken)
    await stock.use(CallOff(of=taken.key, now=MONDAY))
    before = await case_pool.fetchval("select sum(quantity) from stock")
    story = await follow_return("unused_part", restocked=part)
    await story.news("received", condition=condition)
    await story.result()
    assert await case_pool.fetchval("select sum(quantity) from stock") == before + count


async def test_who_waits_in_line_is_told_of_the_unit_that_came_free(
    follow_return: FollowReturn, case_pool: asyncpg.Pool
) -> None:
    line, units = await follow_return(), LoanPool(case_pool)
    lent = await units.reserve(loan_request(LOAN), "curative-X")
    while (
        await units.reserve(loan_request(EffectKey(case=f"CM-{uuid4()}", round=1, step="loan-1")), line.handle.id)
    ).unit:
        continue
    story = await follow_return("loan_unit")
    await story.news("received")
    await story.result()
    assert lent.unit is not None
    view = await line.until(lambda view: view["journal"][-1]["kind"] == "loan_assigned", "it hears of the unit")
    assert lent.unit.serial_number in view["journal"][-1]["text"]


async def test_lists_know_what_is_back(follow_return: FollowReturn, case_pool: asyncpg.Pool) -> None:
    story, store = await follow_return(), ReturnStore(case_pool)
    await story.news("received", carrier="Chrono")
    view = await story.result()
    assert [row.return_id for row in await store.list(ReturnFilter(state="received", customer="BRUNEL"))] == [
        view["return_id"]
    ]
    assert await store.list(ReturnFilter(open_only=True)) == []
    assert ((await store.find(view["return_id"])) or {})["carrier"] == "Chrono"


async def test_the_engine_can_be_asked_what_is_late(follow_return: FollowReturn) -> None:
    story = await follow_return()
    await story.at(paris("tue 25 10:00"))
    await story.until(lambda view: view["state"] == "overdue")
    found = (await story.handle.describe()).typed_search_attributes
    assert found.get(PROMISE_STATE) == "breached"
    assert found.get(CASE_REFERENCE) == CASE
    assert found.get(WAITING_FOR) == "customer"


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


async def test_the_engine_s_own_cancellation_ends_no_return(follow_return: FollowReturn) -> None:
    story = await follow_return()
    await story.handle.cancel()
    await story.until(lambda view: "cancellation does not end a return" in view["journal"][-1]["text"])
    await story.news("received")
    assert (await story.result())["state"] == "received"


async def test_a_long_life_goes_on_as_new_with_all_it_knows(follow_return: FollowReturn) -> None:
    story = await follow_return()
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
