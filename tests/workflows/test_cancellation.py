"""Cancellation: at every stage what was begun is undone, in reverse, and nothing is left over (SPEC §3)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails, mails_about, no_mail_leaves
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import is_sound
from tests.workflows.test_every_stage import STAGES

CUSTOMER = "salles.paris@brunel.example"


async def cancelled(case: CaseStory) -> dict[str, Any]:
    """The customer calls the case off; the closed case."""
    assert (await case.say("cancellation", reason="the room is closed for good"))["disposition"] == "taken"
    closed: dict[str, Any] = await case.handle.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("cancelled", "the room is closed for good")
    return closed


def undone(closed: dict[str, Any]) -> list[str]:
    """What the journal says was undone, in order."""
    texts = [line["text"].partition(":")[0] for line in closed["journal"] if line["kind"] == "compensation"]
    return [text.replace(closed["reference"] + ".", "") for text in texts]


async def nothing_is_left(closed: dict[str, Any], pool: asyncpg.Pool) -> None:
    """No slot, no request, no stock, no loan, and no order but one whose parcel had left."""
    reference = closed["reference"]
    held = {
        "visit_slots": "state in ('offered', 'chosen')",
        "vendor_requests": "called_off_at is null",
        "stock_reservations": "state = 'reserved'",
        "loans": "state in ('waiting', 'reserved')",
        "orders": "called_off_at is null and not $2::boolean",
    }
    has_left = closed["rounds"][-1]["dispatched_at"] is not None
    for table, condition in held.items():
        arguments = [reference, has_left] if "$2" in condition else [reference]
        count = f"select count(*) from {table} where case_reference = $1 and {condition}"
        assert await pool.fetchval(count, *arguments) == 0, table


REQUEST = "the request 1.vendor-request to Cisco is withdrawn"
UNDONE = {
    "remote_diagnosis": [],
    "vendor_validation": [REQUEST],
    "shipment": ["the order 1.replacement-order is called off", REQUEST],
    "site_scheduling": ["the slots of the visit are free again", "the order 1.replacement-order comes back unused"],
    "on_site": ["the slots of the visit are free again", "the order 1.replacement-order comes back unused"],
    "restored": [],
}


@pytest.mark.parametrize("stage", STAGES)
async def test_a_case_that_is_cancelled_undoes_in_reverse_what_it_has_begun_and_holds_nothing(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, stage: str
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES[stage](case)
    closed = await cancelled(case)
    assert undone(closed)[: len(UNDONE[stage])] == UNDONE[stage]
    if stage != "restored":  # there the request has served its purpose
        await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)
    assert {promise["state"] for promise in closed["promises"]} <= {"met", "cancelled"}
    told = [mail.subject for mail in mails(tmp_path, closed["reference"]) if mail.to == CUSTOMER]
    assert "Dossier annulé" in told
    assert ("Intervention annulée" in told) == (stage == "on_site")


async def test_cancelled_in_the_middle_of_an_offer_while_a_loan_is_under_way(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case.parcel("delayed")
    await case.loan_is("reserved")
    for kind, word in (("shipment", {"status": "delivered"}), ("cancellation", {"reason": "sold"})):
        await case.signal(kind, word)
    closed = await case.handle.result()
    assert closed["outcome_reason"] == "sold"
    await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)
    assert closed["loan"]["stage"] == "ended"


async def test_our_own_parts_are_given_back_and_a_loan_unit_is_free_again(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    left = "select sum(quantity) from stock where article = 'CS-PWR-CDC'"
    before = await case_pool.fetchval(left)
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case.parcel("delayed")
    await case.loan_is("reserved")
    assert await case_pool.fetchval(left) == before - 1
    closed = await cancelled(case)
    assert undone(closed) == [
        "the order 1.replacement-order is called off",
        "the reservation 1.stock-1 in our stock is given back",
    ]
    assert await case_pool.fetchval(left) == before
    assert [row["state"] for row in await case_pool.fetch("select state from loans")] == ["called_off"]


async def test_what_cannot_be_undone_now_is_tried_until_it_is_while_the_case_listens(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """PostgreSQL refuses: nothing is skipped, a second cancellation is out of date, a note is taken."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["shipment"](case)
    await case_pool.execute("alter table orders rename to orders_away")
    await case.say("cancellation", reason="the first")
    view = await case.until(lambda view: view["outcome"] == "cancelled", "it is cancelled")
    assert (view["stage"], view["waiting_for"]) == ("shipment", "support")
    assert view["next_action"] == "Cancelled: what was begun is being undone"
    assert view["next_messages"] == ["assignment", "contact_attempt", "note"]
    assert await case.refused("cancellation", reason="the second") == (
        "kind: cancellation is out of date: the case is cancelled"
    )
    await case.signal("shipment", {"status": "delivered"})
    assert (await case.say("note", text="still heard"))["disposition"] == "taken"
    await case_pool.execute("alter table orders_away rename to orders")
    await case.after(timedelta(minutes=2))
    closed = await case.handle.result()
    assert closed["outcome_reason"] == "the first"
    assert undone(closed) == UNDONE["shipment"]
    await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)


async def test_two_cancellations_at_once_are_one(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["site_scheduling"](case)
    for reason in ("the first", "the second"):
        await case.signal("cancellation", {"reason": reason})
    closed = await case.handle.result()
    assert closed["outcome_reason"] == "the first"
    assert [line["disposition"] for line in closed["journal"] if line["kind"] == "cancellation"][-1] == "refused"
    assert undone(closed) == UNDONE["site_scheduling"] + [REQUEST]
    await is_sound(case, closed, case_pool)


async def test_letters_to_the_customer_that_have_not_left_the_house_are_withdrawn(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["shipment"](case)
    before = ["Votre signalement est enregistré", "Remplacement commandé"]
    await case.until(lambda _: len(mails_about(tmp_path, before[1])) == 1, "the customer was told so far")
    with no_mail_leaves(tmp_path):
        await case.parcel("delivered")
        await case.reaches("site_scheduling", waiting_for="customer")
        await case.say("cancellation", reason="sold")
        await case.until(lambda view: view["stage"] == "closed", "all is undone")
    await case.result()
    reference = (await case.view())["reference"]
    told = [mail.subject for mail in mails(tmp_path, reference) if mail.to == CUSTOMER]
    assert [subject for subject in told if "retourner" not in subject] == [*before, "Dossier annulé"]
    assert len(mails_about(tmp_path, "Demande de remplacement retirée")) == 1


async def test_a_cancellation_while_a_correction_is_under_way_cancels_the_case(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["shipment"](case)
    await case_pool.execute("alter table orders rename to orders_away")
    await case.say("correction", serial_number="FOC2735Y3TT", reason="misread")
    await case.until(lambda view: "is being undone" in view["next_action"], "the correction is under way")
    assert (await case.say("cancellation", reason="sold"))["disposition"] == "taken"
    await case_pool.execute("alter table orders_away rename to orders")
    await case.after(timedelta(minutes=2))
    closed = await case.handle.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("cancelled", "sold")
    assert await case_pool.fetchval("select count(*) from cases") == 1
    await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)


async def test_news_that_comes_between_a_correction_and_a_cancellation_begins_nothing_anew(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """What the parcel's news would call off, or order again, is undone already."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    await case.reaches("shipment")
    await case_pool.execute("alter table orders rename to orders_away")
    await case.say("correction", serial_number="FOC2735Y3TT", reason="misread")
    await case.until(lambda view: "is being undone" in view["next_action"], "the correction is under way")
    await case.say("shipment", status="out_of_stock")
    await case.say("cancellation", reason="sold")
    await case_pool.execute("alter table orders_away rename to orders")
    await case.after(timedelta(minutes=2))
    closed = await case.handle.result()
    assert (closed["outcome"], closed["loan"]) == ("cancelled", None)
    await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)
