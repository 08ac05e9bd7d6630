"""The whole procedure: a standard exchange from the call to the closed case."""

from datetime import timedelta

import asyncpg
import pytest

from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: the spine is told where it will run."""
    return open_case_on_server


async def test_a_standard_exchange_goes_from_the_call_to_the_closed_case(open_case: OpenCase) -> None:
    """R2 to R10 in order, every promise met."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    await case.hardware_has_failed()
    await case.at(paris("mon 10 11:00"))
    await case.approved()
    await case.reaches("shipment")
    await case.say("shipment", status="dispatched", carrier="Chrono")
    await case.at(paris("tue 11 10:00"))
    await case.say("shipment", status="delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored", waiting_for="customer")
    closed = await case.result()
    assert (closed["stage"], closed["outcome"], closed["round"]) == ("closed", "restored", 1)
    assert closed["outcome_reason"] == "nobody contested in time: silence confirms"
    assert closed["waiting_for"] == "nobody"
    assert {promise["name"]: promise["state"] for promise in closed["promises"]} == {
        "level_1_answer": "met",
        "level_2_diagnosis": "met",
        "vendor_request_sent": "met",
        "vendor_validation": "met",
        "replacement_delivery": "met",
        "visit_planning": "met",
    }
    assert closed["delivery_missed_through"] is None


async def test_silence_confirms_two_business_days_after_the_intervention(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    restored = await case.service_is_restored()
    closed = await case.result()
    began = instant(restored["waiting_since"])
    assert instant(closed["closed_at"]) - began >= timedelta(days=2)
    assert instant(closed["closed_at"]) - began < timedelta(days=2, minutes=1)


async def test_the_customer_confirms_and_the_case_closes_at_once(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    await case.service_is_restored()
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()
    assert closed["outcome_reason"] == "confirmed by the customer"


async def test_a_contested_restoration_goes_back_to_level_2(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    await case.service_is_restored()
    contested_at = await case.now()
    await case.after(timedelta(hours=1))
    await case.say("customer_confirmation", restored=False, comment="still black", at=contested_at.isoformat())
    view = await case.reaches("remote_diagnosis", round=2)
    assert view["level"] == 2
    assert instant((await case.promise("level_2_diagnosis"))["started_at"]) == contested_at
    await case.diagnosed(2, "resolved")
    closed = await case.handle.result()
    assert closed["outcome"] == "resolved_remotely"


async def test_the_read_model_holds_the_case_its_promises_and_every_journal_line(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    await case.service_is_restored()
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()
    row = await case_pool.fetchrow("select stage, outcome, customer, site, closed_at from cases")
    assert (row["stage"], row["outcome"]) == ("closed", "restored")
    assert (row["customer"], row["site"]) == (closed["customer"], closed["site"])
    texts = await case_pool.fetch("select text from journal order by sequence")
    assert [line["text"] for line in texts] == [line["text"] for line in closed["journal"]]
    states = await case_pool.fetch("select promise_id, state from promises")
    assert {line["promise_id"]: line["state"] for line in states} == {
        promise["id"]: promise["state"] for promise in closed["promises"]
    }


async def test_each_effect_is_noted_once(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:05"))
    await case.hardware_has_failed()
    await case.delivered()
    assert await case_pool.fetchval("select count(*) from vendor_requests") == 1
    assert await case_pool.fetchval("select count(*) from orders") == 1


async def test_waiting_is_attributed_to_who_was_waited_for_in_business_time(open_case: OpenCase) -> None:
    """Three hours for the vendor, then the carrier until the next morning."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 08:00"))
    await case.hardware_has_failed()
    await case.at(paris("mon 10 11:00"))
    await case.approved()
    await case.reaches("shipment")
    await case.say("shipment", status="dispatched")
    await case.at(paris("tue 11 09:00"))
    await case.say("shipment", status="delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()
    waited = {wait["party"]: wait["business"] for wait in closed["waits"]}
    assert waited["vendor"].startswith(("PT2H59M", "PT3H"))
    assert waited["carrier"].startswith(("PT7H59M", "PT8H"))
    assert [wait["until"] is None for wait in closed["waits"]] == [False] * (len(closed["waits"]) - 1) + [True]
