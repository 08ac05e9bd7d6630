"""On site: a case never closes on a failed test (R9)."""

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
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
