"""On site: a case never closes on a failed test (R9)."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.story import TRIES
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.sample import PARIS_ENDPOINT


@pytest.fixture
async def visited(open_case: OpenCase) -> CaseStory:
    """A case on the day of the visit."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.delivered()
    await case.visit_is_chosen()
    return case


async def test_installed_configured_and_every_test_passed_is_restored(visited: CaseStory) -> None:
    await visited.worked_on_site()
    await visited.reaches("restored", waiting_for="customer")


async def test_a_failed_test_goes_back_to_level_2_with_a_new_round(visited: CaseStory) -> None:
    await visited.worked_on_site(passed=False)
    view = await visited.reaches("remote_diagnosis", round=2, level=2)
    assert view["outcome"] is None
    assert "round 2: intervention completed, 1 of 2 tests passed" in await visited.journal()


@pytest.mark.parametrize("fields", [{"outcome": "unfinished"}, {"outcome": "no_fault_found"}, {"configured": False}])
async def test_what_is_not_wholly_done_goes_back_to_level_2(visited: CaseStory, fields: dict[str, object]) -> None:
    await visited.worked_on_site(**fields)  # type: ignore[arg-type]  # mypy cannot see that "passed" is not among them
    await visited.reaches("remote_diagnosis", round=2, level=2)


async def test_a_completed_intervention_without_tests_is_refused(visited: CaseStory) -> None:
    reason = await visited.refused("intervention_report", technician="Imane", outcome="completed")
    assert reason == "tests: a completed intervention names each test and whether it passed"


async def test_no_access_on_the_day_leads_to_a_new_slot(visited: CaseStory) -> None:
    await visited.worked_on_site(outcome="no_access")
    view = await visited.reaches("site_scheduling", waiting_for="customer")
    assert view["round"] == 1


async def test_a_repeated_no_access_does_not_spoil_the_next_visit(visited: CaseStory) -> None:
    await visited.worked_on_site(outcome="no_access")
    await visited.reaches("site_scheduling", waiting_for="customer")
    again = await visited.refused("intervention_report", technician="Imane", outcome="no_access")
    assert again.startswith("outcome: no visit has been agreed")
    await visited.visit_is_chosen()
    assert (await visited.view())["stage"] == "on_site"


async def test_a_word_of_level_1_from_the_first_round_ends_no_later_round(visited: CaseStory) -> None:
    early = (await visited.promise("level_1_answer"))["started_at"]
    await visited.worked_on_site(passed=False)
    await visited.reaches("remote_diagnosis", round=2)
    word = {
        "level": 1,
        "outcome": "resolved",
        "technician": "Noor",
        "findings": "fine",
        "actor": "supervisor:R. Martin",
    }
    assert "level 1 is out of date" in await visited.refused("remote_diagnosis", at=early, **word)


async def test_a_second_round_blames_nobody_for_the_next_day(visited: CaseStory) -> None:
    await visited.worked_on_site(passed=False)
    await visited.reaches("remote_diagnosis", round=2)
    await visited.hardware_has_failed()
    await visited.approved()
    assert (await visited.reaches("shipment"))["delivery_missed_through"] is None


async def test_a_second_round_orders_again(visited: CaseStory) -> None:
    await visited.worked_on_site(passed=False)
    await visited.reaches("remote_diagnosis", round=2)
    await visited.hardware_has_failed()
    await visited.delivered()
    await visited.visit_is_chosen()
    await visited.worked_on_site()
    view = await visited.reaches("restored")
    deliveries = [promise["round"] for promise in view["promises"] if promise["name"] == "replacement_delivery"]
    assert deliveries == [1, 2]


async def test_a_visit_that_took_place_holds_the_room_no_longer(visited: CaseStory, case_pool: asyncpg.Pool) -> None:
    await visited.worked_on_site()
    await visited.reaches("restored")
    states = await case_pool.fetch("select state from visit_slots order by slot_id")
    assert [row["state"] for row in states] == ["done", "declined", "declined"]


async def returns(case: CaseStory, pool: asyncpg.Pool, count: int) -> list[tuple[str, str, str]]:
    """What must come back: what it is, which articles, and to whom; in the order in which it was said."""
    for _ in range(TRIES):
        rows = await pool.fetch("select kind, item, destination from returns order by opened_at, return_id")
        if len(rows) >= count:
            break
        await case.view()
    assert len(rows) == count
    return [(row["kind"], row["item"], row["destination"]) for row in rows]


def reasons(view: dict[str, Any]) -> list[str]:
    """Why each round began."""
    return [round_["reason"] for round_ in view["rounds"]]


async def test_a_part_dead_on_arrival_is_ordered_again_at_once_and_urgently_as_often_as_it_takes(
    visited: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    dead = "intervention dead on arrival, 2 of 2 tests passed"
    for round_ in (2, 3):
        await visited.worked_on_site(outcome="dead_on_arrival")
        view = await visited.reaches("vendor_validation", round=round_, waiting_for="vendor")
        assert reasons(view) == ["reported", *[dead] * (round_ - 1)]
        assert view["rounds"][-1]["lines"] == view["rounds"][0]["lines"]
        assert len([p for p in view["promises"] if p["name"] == "level_2_diagnosis"]) == 1
        urgent = mails_about(tmp_path, "URGENT : Demande de remplacement")
        assert len(urgent) == round_ - 1
        await visited.delivered()
        await visited.visit_is_chosen()
    await visited.worked_on_site(exchanges=[{"removed": PARIS_ENDPOINT, "installed": "NEW-SERIAL-1"}])
    view = await visited.reaches("restored", round=3)
    assert "URGENT : la pièce que vous avez livrée était défectueuse" in urgent[0].text
    assert "URGENT: the part that you delivered was dead on arrival" in urgent[0].text
    assert "URGENT" not in mails_about(tmp_path, "Demande de remplacement")[0].text
    assert await case_pool.fetchval("select count(*) from vendor_requests") == 3
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is null") == 3
    assert [p["round"] for p in view["promises"] if p["name"] == "replacement_delivery"] == [1, 2, 3]
    faulty = ("faulty_part", "CS-PWR-CDC", "Cisco")
    assert await returns(visited, case_pool, 3) == [faulty, faulty, faulty]
    successor = await case_pool.fetchval("select replaced_by from equipment where serial_number = $1", PARIS_ENDPOINT)
    assert successor == "NEW-SERIAL-1"
    assert "NEW-SERIAL-1 takes the place of FTT2608B2KR, with its contracts and its configuration" in (
        await visited.journal()
    )


async def test_a_part_of_our_own_that_is_dead_on_arrival_is_taken_from_stock_again_while_there_is_one(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    left = "select sum(quantity) from stock where article = 'CS-PWR-CDC'"
    await case_pool.execute("update stock set quantity = 2 where article = 'CS-PWR-CDC'")
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", parts_from="own_stock")
    for left_over in (1, 0):
        await case.reaches("shipment")
        assert await case_pool.fetchval(left) == left_over
        await case.parcel("delivered")
        await case.reaches("site_scheduling", waiting_for="customer")
        await case.visit_is_chosen()
        await case.worked_on_site(outcome="dead_on_arrival")
    view = await case.reaches("vendor_validation", round=3, waiting_for="vendor")
    assert len(mails_about(tmp_path, "URGENT : Demande de remplacement")) == 1
    asked = next(p for p in view["promises"] if p["name"] == "vendor_request_sent")
    assert (asked["state"], instant(asked["started_at"])) == ("met", instant(view["rounds"][2]["began_at"]))
    used = await case_pool.fetch("select state from stock_reservations")
    assert [row["state"] for row in used] == ["used", "used"]


async def test_what_lies_on_site_is_used_by_a_later_round_or_comes_back(
    visited: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Unfinished: the part waits there. A visit without parts finishes it: the faulty part comes back after all."""
    await visited.worked_on_site(outcome="unfinished")
    view = await visited.reaches("remote_diagnosis", round=2, level=2)
    assert reasons(view)[1] == "intervention unfinished, 2 of 2 tests passed"
    await visited.diagnosed(2, "onsite_without_parts")
    await visited.reaches("site_scheduling", waiting_for="customer")
    await visited.visit_is_chosen()
    assert await case_pool.fetchval("select count(*) from returns") == 0
    await visited.worked_on_site()
    await visited.reaches("restored", round=2)
    assert await returns(visited, case_pool, 1) == [("faulty_part", "CS-PWR-CDC", "Cisco")]
    await visited.say("customer_confirmation", restored=True)
    await visited.handle.result()
    assert len(await returns(visited, case_pool, 1)) == 1


async def test_no_fault_found_sends_the_part_back_unused_and_a_contested_repair_begins_another_round(
    visited: CaseStory, case_pool: asyncpg.Pool
) -> None:
    await visited.worked_on_site(outcome="no_fault_found")
    await visited.reaches("remote_diagnosis", round=2, level=2)
    assert await returns(visited, case_pool, 1) == [("unused_part", "CS-PWR-CDC", "Cisco")]
    await visited.diagnosed(2, "onsite_without_parts")
    await visited.reaches("site_scheduling", waiting_for="customer")
    await visited.visit_is_chosen()
    await visited.worked_on_site()
    await visited.reaches("restored", round=2)
    await visited.say("customer_confirmation", restored=False, comment="still black")
    view = await visited.reaches("remote_diagnosis", round=3, level=2)
    assert reasons(view)[2] == "customer contests that service is restored – still black"
    await visited.diagnosed(2, "resolved")
    assert (await visited.handle.result())["outcome"] == "resolved_remotely"
    assert len(await returns(visited, case_pool, 1)) == 1
