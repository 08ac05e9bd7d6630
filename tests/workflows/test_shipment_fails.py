"""A shipment that fails leads by itself to loan equipment, and the replacement goes on beside it (R6, R8)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import COORDINATOR, SUPERVISOR, mails, mails_about, subjects_to
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT

NEAREST_UNIT = "FOC2811NH3P"
"""The Room Kit Pro in Paris: it can do what the codec of the stories can, and more."""

ORDERED_AGAIN = ("partial", "lost", "damaged", "wrong_item", "refused_at_site")
WAITED_FOR = ("delayed", "misdelivered", "out_of_stock")


@pytest.fixture
async def ordered(open_case: OpenCase) -> CaseStory:
    """Approved on Tuesday at nine, due on Wednesday by six."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.is_ordered()
    return case


async def orders(pool: asyncpg.Pool, subject: str) -> list[tuple[str, bool]]:
    """The steps of the orders that were placed, and which were called off."""
    rows = await pool.fetch("select step, called_off_at from orders where subject = $1 order by step", subject)
    return [(row["step"], row["called_off_at"] is not None) for row in rows]


async def unused(pool: asyncpg.Pool, case: CaseStory) -> list[tuple[str, str]]:
    """The unused parts that come back, and where to."""
    await case.until(lambda _: True, "the return is recorded")
    rows = await pool.fetch("select item, destination from returns where kind = 'unused_part' order by return_id")
    return [(row["item"], row["destination"]) for row in rows]


def _text(view: dict[str, Any]) -> str:
    return "\n".join(line["text"] for line in view["journal"])


async def loans(pool: asyncpg.Pool) -> list[tuple[str, str | None]]:
    """How far each loan has come, and with which unit."""
    return [(row["state"], row["unit"]) for row in await pool.fetch("select state, unit from loans order by step")]


async def breached(case: CaseStory) -> dict[str, Any]:
    """Nobody said anything, and Wednesday is over."""
    await case.at(paris("wed 12 18:00:01"))
    await case.until(lambda view: view["loan"] and view["loan"]["veto_until"], "a loan is considered")
    return await case.loan_is("considered")


@pytest.mark.parametrize("status", [*ORDERED_AGAIN, *WAITED_FOR])
async def test_each_failure_brings_a_loan_by_itself_and_what_is_lost_is_ordered_again(
    ordered: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path, status: str
) -> None:
    case = ordered
    await case.parcel("dispatched", carrier="Chrono")
    await case.reaches("shipment", waiting_for="carrier")
    await case.after(timedelta(hours=1))
    for _ in range(2):  # told by the carrier, and by the desk
        await case.signal("shipment", {"status": status})
    view = await case.loan_is("reserved", number=1, cause=f"the replacement is {status.replace('_', ' ')}")
    assert view["stage"] == "shipment"
    assert await loans(case_pool) == [("reserved", NEAREST_UNIT)]
    assert instant((await case.promise("loan_available"))["due_at"]) == paris("wed 12 18:00")
    placed = ["replacement-order", "replacement-order-2"] if status in ORDERED_AGAIN else ["replacement-order"]
    assert await orders(case_pool, "replacement") == [(step, False) for step in placed]
    again = "URGENT : nouvelle commande"
    await case.until(lambda _: len(mails_about(tmp_path, "Matériel de prêt")) == 1, "the customer is told")
    await case.until(lambda _: len(mails_about(tmp_path, again)) == len(placed) - 1, "the vendor is told")
    promise = await case.promise("replacement_delivery")
    assert (instant(promise["due_at"]), promise["state"]) == (paris("wed 12 18:00"), "running")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    view = await case.loan_is("ended", ended_because="the replacement is delivered")
    assert (await case.promise("replacement_delivery"))["state"] == "met"
    assert (await case.promise("loan_available"))["state"] == "cancelled"
    assert await loans(case_pool) == [("called_off", NEAREST_UNIT)]
    assert await orders(case_pool, "loan") == [("loan-transport-1", True)]
    await case.until(lambda _: mails_about(tmp_path, "Matériel de prêt annulé"), "the customer is told")


async def test_a_lost_parcel_that_is_delivered_after_all_calls_off_what_was_ordered_in_its_place(
    ordered: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = ordered
    await case.parcel("dispatched", carrier="Chrono")
    await case.parcel("lost")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    assert await orders(case_pool, "replacement") == [("replacement-order", False), ("replacement-order-2", True)]
    await case.until(lambda _: mails_about(tmp_path, "Commande annulée"), "the vendor is told")
    await case.say("correction", site="BRU-LIL", reason="moved")
    await case.reaches("shipment", site="BRU-LIL")
    assert await case_pool.fetchval("select site from orders where step = 'replacement-order'") == "BRU-LIL"
    await case.parcel("delivered")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")


async def test_the_parcel_that_was_ordered_for_a_lost_one_is_told_by_its_dispatch(
    ordered: CaseStory, case_pool: asyncpg.Pool
) -> None:
    for status in ("dispatched", "lost", "dispatched", "delivered"):
        await ordered.parcel(status)
    await ordered.reaches("site_scheduling", waiting_for="customer")
    assert await orders(case_pool, "replacement") == [("replacement-order", False), ("replacement-order-2", False)]


async def test_a_part_of_our_own_that_turns_up_gives_back_the_one_that_was_reserved_for_it(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    for status in ("dispatched", "lost", "delivered"):
        await case.parcel(status)
    await case.reaches("site_scheduling", waiting_for="customer")
    states = await case_pool.fetch("select state from stock_reservations order by step")
    assert [row["state"] for row in states] == ["used", "given_back"]


async def test_tracking_numbers_tell_a_lost_parcel_from_the_one_that_follows_it(
    ordered: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Found while the other is on its way: it is the delivery, and the other comes back unused."""
    case = ordered
    for status, number in (("dispatched", "XY1"), ("lost", "XY1"), ("dispatched", "XY2"), ("lost", "XY1")):
        await case.parcel(status, tracking_number=number)
    await case.until(lambda view: "that is the parcel that was lost before" in view["journal"][-1]["text"])
    assert await orders(case_pool, "replacement") == [("replacement-order", False), ("replacement-order-2", False)]
    await case.parcel("delivered", tracking_number="XY1")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.until(lambda view: any("comes back unused" in line["text"] for line in view["journal"]))
    assert "out of date" in await case.refused("shipment", status="delivered", tracking_number="XY2")
    assert "out of date" in await case.refused("shipment", status="delivered", tracking_number="XY1")
    assert await unused(case_pool, case) == [("CS-PWR-CDC", "Cisco")]


async def test_a_new_parcel_that_is_delivered_under_its_own_number_is_not_the_lost_one(
    ordered: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Also when nobody said that it was dispatched; the lost one that turns up after it comes back."""
    case = ordered
    for status, number in (("dispatched", "XY1"), ("lost", "XY1"), ("delivered", "XY2")):
        await case.parcel(status, tracking_number=number)
    await case.reaches("site_scheduling", waiting_for="customer")
    assert await orders(case_pool, "replacement") == [("replacement-order", False), ("replacement-order-2", False)]
    await case.visit_is_chosen()
    await case.parcel("delivered", tracking_number="XY1")
    view = await case.until(lambda view: "it is not needed, and comes back" in _text(view))
    assert view["stage"] == "on_site"
    assert await unused(case_pool, case) == [("CS-PWR-CDC", "Cisco")]
    await case.worked_on_site()
    await case.reaches("restored")


@pytest.mark.parametrize("number", [None, "XY1"], ids=["no number", "its number"])
async def test_a_part_of_our_own_that_turns_up_while_the_vendor_is_asked_is_the_delivery(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, number: str | None
) -> None:
    """The request is withdrawn; a parcel under another number is kept, as ever."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case_pool.execute("update stock set quantity = 1 where article = 'CS-PWR-CDC' and quantity > 0")
    await case_pool.execute("delete from stock where article = 'CS-PWR-CDC' and location <> 'DEPOT-PARIS'")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    for status in ("dispatched", "lost"):
        await case.parcel(status, tracking_number="XY1")
    await case.reaches("vendor_validation", waiting_for="vendor")
    answer = await case.say("shipment", status="delivered", tracking_number="XY2")
    assert answer["disposition"] == "kept"
    named = {"tracking_number": number} if number else {}
    answer = await case.say("shipment", status="delivered", **named)
    assert answer["disposition"] == "taken"
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.until(lambda _: mails_about(tmp_path, "Demande de remplacement retirée"), "the vendor is told")
    assert (await case.promise("vendor_validation"))["state"] == "cancelled"
    assert (await case.promise("replacement_delivery"))["state"] == "met"
    assert await orders(case_pool, "replacement") == [("replacement-order", False)]
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    assert await case_pool.fetchval("select count(*) from vendor_requests where called_off_at is null") == 0


async def test_a_part_of_our_own_that_turns_up_in_a_later_round_is_in_stock_again_when_it_is_back(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    for status, number in (("dispatched", "XY1"), ("lost", "XY1"), ("dispatched", "XY2"), ("delivered", "XY2")):
        await case.parcel(status, tracking_number=number)
    await case.visit_is_chosen()
    await case.worked_on_site(passed=False)
    await case.reaches("remote_diagnosis", round=2)
    await case.parcel("delivered", tracking_number="XY1")
    view = await case.until(lambda view: "comes back" in _text(view))
    assert (view["stage"], view["round"]) == ("remote_diagnosis", 2)
    assert ("CS-PWR-CDC", "our stock") in await unused(case_pool, case)


async def test_a_lost_parcel_that_turns_up_while_the_case_moves_is_not_told_to_the_other_case(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    for status, number in (("dispatched", "XY1"), ("lost", "XY1"), ("delivered", "XY2")):
        await case.parcel(status, tracking_number=number)
    await case.visit_is_chosen()
    await asyncio.gather(
        case.signal("correction", {"serial_number": PARIS_BRIDGE, "reason": "misread"}),
        case.signal("shipment", {"status": "delivered", "tracking_number": "XY1"}),
    )
    assert (await case.handle.result())["outcome"] == "moved"
    other = case.environment.client.get_workflow_handle(f"curative-{PARIS_BRIDGE}")
    kinds = [line["kind"] for line in (await other.query("case"))["journal"]]
    assert "shipment" not in kinds
    assert await unused(case_pool, case) == [("CS-PWR-CDC", "our stock")] * 2  # what was delivered, and what was found


async def test_delayed_but_still_in_time_brings_no_loan_and_too_late_does(ordered: CaseStory) -> None:
    await ordered.parcel("delayed", expected_at=paris("wed 12 18:00").isoformat())
    view = await ordered.until(lambda view: "still expected in time" in view["journal"][-1]["text"])
    assert view["loan"] is None
    await ordered.parcel("delayed", expected_at=paris("wed 12 18:01").isoformat())
    await ordered.loan_is("reserved", cause="the replacement is delayed")


async def test_parts_of_our_own_that_fail_are_taken_from_stock_again_and_then_asked_of_the_vendor(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """What was lost has left the stock. The promise of delivery stays what it was."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case_pool.execute("update stock set quantity = 2 where article = 'CS-PWR-CDC'")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case.parcel("dispatched")
    await case.parcel("lost")
    await case.until(lambda view: _reservations(view) == 2)
    await case.parcel("dispatched")
    await case.parcel("lost")
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert view["loan"]["stage"] == "reserved"
    states = await case_pool.fetch("select state from stock_reservations")
    assert [row["state"] for row in states] == ["used", "used"]
    await case.approved()
    await case.reaches("shipment", waiting_for="vendor")
    placed = await case_pool.fetch("select step, from_stock from orders where subject = 'replacement' order by step")
    assert [(row["step"], row["from_stock"]) for row in placed] == [
        ("replacement-order", True),
        ("replacement-order-2", True),
        ("replacement-order-3", False),
    ]
    promises = [each for each in (await case.view())["promises"] if each["name"] == "replacement_delivery"]
    assert [instant(each["due_at"]) for each in promises] == [paris("wed 12 18:00")]


def _reservations(view: dict[str, Any]) -> int:
    return sum(line["text"].startswith("reserved from our stock") for line in view["journal"])


async def test_what_is_not_on_our_shelf_after_all_is_asked_of_the_vendor(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case.parcel("out_of_stock")
    await case.reaches("vendor_validation", waiting_for="vendor")
    await case.loan_is("reserved")
    assert await orders(case_pool, "replacement") == [("replacement-order", True)]
    assert await case_pool.fetchval("select state from stock_reservations") == "used"


async def test_silence_until_the_promise_is_breached_brings_a_loan_after_one_business_hour(
    ordered: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """Breached at six in the evening: the coordinator is told, and has until nine the next morning."""
    case = ordered
    view = await breached(case)
    (told,) = mails_about(tmp_path, "Prêt sur le point d'être décidé")
    assert told.to == COORDINATOR
    assert "jeudi 13 mai 2027 à 09h00" in told.text
    assert (view["stage"], view["loan"]["stage"], view["loan"]["cause"]) == (
        "shipment",
        "considered",
        "the delivery promise is breached",
    )
    assert instant(view["loan"]["veto_until"]) == paris("thu 13 09:00")
    assert "loan_veto" in view["next_messages"]
    await case.at(paris("thu 13 08:59"))
    assert (await case.view())["loan"]["stage"] == "considered"
    assert await loans(case_pool) == []
    await case.at(paris("thu 13 09:00:01"))
    view = await case.loan_is("reserved")
    assert instant(view["loan"]["decided_at"]) == paris("thu 13 09:00")
    assert instant((await case.promise("loan_available"))["due_at"]) == paris("fri 14 18:00")
    assert (await case.promise("replacement_delivery"))["state"] == "breached"


async def test_a_veto_within_the_hour_ends_the_loan_and_a_later_failure_brings_another(
    ordered: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = ordered
    assert "there is none" in await case.refused("loan_veto", reason="too early")
    await breached(case)
    assert "reason" in await case.refused("loan_veto", reason=" ")
    await case.say("loan_veto", reason="the carrier is at the door", actor="coordinator:R. Martin")
    view = await case.loan_is("ended", ended_because="vetoed: the carrier is at the door")
    assert "it is ended" in await case.refused("loan_veto", reason="twice")
    assert mails_about(tmp_path, "Matériel de prêt") == []
    await case.at(paris("thu 13 10:00"))
    assert (await case.view())["loan"] == view["loan"]
    await case.parcel("damaged")
    await case.loan_is("reserved", number=2, cause="the replacement is damaged")
    await case.say("loan_veto", reason="the customer wants none")
    await case.loan_is("ended", ended_because="vetoed: the customer wants none")
    assert await loans(case_pool) == [("called_off", NEAREST_UNIT)]
    assert (await case.view())["stage"] == "shipment"


async def test_a_failure_while_the_veto_runs_does_not_bring_a_second_loan(ordered: CaseStory) -> None:
    await breached(ordered)
    await ordered.parcel("lost")
    await ordered.until(lambda view: "under way already" in view["journal"][-1]["text"])
    await ordered.at(paris("thu 13 09:00:01"))
    assert (await ordered.loan_is("reserved"))["loan"]["number"] == 1


async def test_delivered_at_17_50_and_entered_at_18_30_calls_the_loan_off_and_the_promise_is_met(
    ordered: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = ordered
    await breached(case)
    await case.at(paris("wed 12 18:30"))
    await case.parcel("delivered", at=paris("wed 12 17:50").isoformat())
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.loan_is("ended", ended_because="the replacement is delivered")
    promise = await case.promise("replacement_delivery")
    assert (promise["state"], instant(promise["ended_at"])) == ("met", paris("wed 12 17:50"))
    lines = [line["text"] for line in (await case.view())["journal"]]
    assert "replacement_delivery: breached" in lines
    assert any(text.endswith("[entered late]") for text in lines)
    assert (await case.view())["promise_state"] == "on_track"
    assert await loans(case_pool) == []
    assert subjects_to(SUPERVISOR, mails(tmp_path)) == ["Engagement dépassé"], "and of no loan unit that is missing"


async def test_a_loan_that_has_left_the_house_goes_on_when_the_replacement_is_delivered(
    ordered: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """What had not left is called off; this one is installed, and serves until the replacement is in service."""
    case = ordered
    await case.parcel("lost")
    await case.loan_is("reserved")
    await case.parcel("dispatched", subject="loan")
    await case.loan_is("dispatched")
    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    assert (await case.view())["loan"]["stage"] == "dispatched"
    assert await orders(case_pool, "loan") == [("loan-transport-1", False)]
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    await case.loan_is("ended", ended_because="the equipment is in service again")
    assert await loans(case_pool) == [("returning", NEAREST_UNIT)]
