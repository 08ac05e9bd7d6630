"""Software at fault, alone or with the hardware: asked for, waited for, tested; or done without (R3, R9)."""

from typing import Any, cast

import asyncpg
import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from tests.engine.story_on_engine import EnvironmentOnEngine, HandleOnEngine, Theatre
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.software_story import BRIDGE, CODEC, GATEWAY, UP_TO_DATE, SoftwareStory, request

MONDAY = paris("mon 10 09:00")


@pytest.fixture(autouse=True)
async def _empty_stock(case_pool: asyncpg.Pool) -> None:
    """There is no activation key: what needs one waits for the vendor."""
    await case_pool.execute("delete from activation_keys")


@pytest.fixture
def open_case(open_case_on_engine: OpenCase) -> OpenCase:
    """On engines in this process: two workflows that speak to each other."""
    return open_case_on_engine


async def software_is_at_fault(open_case: OpenCase, serial_number: str) -> CaseStory:
    """Level 2 finds that it is the software."""
    case = await open_case(serial_number, MONDAY, impact="blocking")
    await case.diagnosed(2, "software_fault", findings="a known defect of this version")
    return case


async def answered(case: CaseStory, state: str) -> dict[str, Any]:
    """The view once the software request has answered."""
    view: dict[str, Any] = await case.until(
        lambda view: view["software"] and view["software"]["state"] == state, f"the software is {state}"
    )
    return view


def request_of(case: CaseStory, theatre: Theatre) -> SoftwareStory:
    """The software request that runs beside the case."""
    started = theatre.engine_of(case.handle.id)
    assert started is not None
    name = next(each.id for each in started.executions if each.id.startswith("software-"))
    return SoftwareStory(
        cast(WorkflowEnvironment, EnvironmentOnEngine(theatre)), cast(WorkflowHandle[Any, Any], theatre.handle(name))
    )


async def replays(case: CaseStory) -> None:
    """The history so far leads a fresh worker to where the case is."""
    assert isinstance(case.handle, HandleOnEngine)
    await case.handle.execution.restart_worker()


async def keys_are_issued(request_: SoftwareStory) -> None:
    """The vendor has sent what the stock has not got."""
    await request_.say("activation_keys", serial_number=BRIDGE, keys=["VENDR-KEY00-00001"])


async def test_software_that_is_delivered_is_tested_and_resolves_the_case(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, CODEC)
    view = await answered(case, "delivered")
    assert view["software"]["request"].startswith("SW-")
    assert (view["stage"], view["owner"], view["waiting_for"]) == ("remote_diagnosis", "level 2", "support")
    assert view["next_action"].startswith(f"Have the software of {view['software']['request']} installed, test it")
    assert "intervention_report" in view["next_messages"]
    await case.diagnosed(2, "resolved", findings="a call went through", tests=[{"name": "video call", "passed": True}])
    closed = await case.handle.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("resolved_by_software", "a call went through")
    await replays(case)


async def test_the_technician_s_report_of_the_test_resolves_it_too(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, CODEC)
    await answered(case, "delivered")
    tests = [{"name": "video call", "passed": True}]
    await case.say("intervention_report", technician="Imane", outcome="completed", tests=tests)
    assert (await case.handle.result())["outcome"] == "resolved_by_software"


@pytest.mark.parametrize("by", ["level 2", "a technician"])
async def test_a_failed_test_leads_back_to_level_2(open_case: OpenCase, by: str) -> None:
    case = await software_is_at_fault(open_case, CODEC)
    await answered(case, "delivered")
    tests = [{"name": "video call", "passed": True}, {"name": "sharing", "passed": False}]
    if by == "level 2":
        await case.diagnosed(2, "resolved", tests=tests)
    else:
        await case.say("intervention_report", technician="Imane", outcome="completed", tests=tests)
    view = await case.reaches("remote_diagnosis", round=2, level=2, outcome=None)
    assert "intervention_report" not in view["next_messages"]  # what was tested is not tested again
    assert (await case.promise("level_2_diagnosis"))["state"] == "running"
    assert view["owner"] == "level 2"
    await case.hardware_has_failed()
    await replays(case)


async def test_it_is_waited_for_until_the_vendor_has_issued_a_key(open_case: OpenCase, theatre: Theatre) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    view = await answered(case, "asked")
    assert view["next_action"].startswith(f"Wait for the software ({view['software']['request']})")
    assert "software_news" in view["next_messages"]
    await case.at(paris("wed 12 10:00"))
    await keys_are_issued(request_of(case, theatre))
    await answered(case, "delivered")
    await case.diagnosed(2, "resolved")
    assert (await case.handle.result())["outcome"] == "resolved_by_software"


async def test_up_to_date_software_is_not_the_cause_and_level_2_diagnoses_anew(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, UP_TO_DATE)
    view = await case.reaches("remote_diagnosis", round=2, level=2)
    assert view["software"]["state"] == "up_to_date"
    assert view["rounds"][1]["reason"].startswith("the software is up to date")
    assert (await case.promise("level_2_diagnosis"))["state"] == "running"
    await case.diagnosed(2, "resolved", findings="a setting")
    assert (await case.handle.result())["outcome"] == "resolved_remotely"


async def test_software_that_cannot_be_had_leads_back_to_level_2_with_the_reason(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, GATEWAY)
    view = await case.reaches("remote_diagnosis", round=2, level=2)
    assert view["software"]["state"] == "refused"
    assert view["rounds"][1]["reason"].startswith("the software cannot be had: ")


async def test_a_request_that_is_open_for_the_equipment_is_joined(open_case: OpenCase, theatre: Theatre) -> None:
    asked = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    case = await software_is_at_fault(open_case, BRIDGE)
    view = await answered(case, "asked")
    assert view["software"]["request"] == (await asked.view())["reference"]
    await keys_are_issued(asked)
    assert await asked.states() == ["delivered"]
    await answered(case, "delivered")


async def test_who_goes_another_way_waits_no_more(open_case: OpenCase, theatre: Theatre) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    await answered(case, "asked")
    await case.diagnosed(2, "onsite_without_parts", findings="a cable is loose after all")
    view = await case.reaches("site_scheduling")
    assert view["software"]["state"] == "withdrawn"
    assert any("no longer waits for the software" in text for text in await case.journal())
    assert (await request_of(case, theatre).view())["stage"] == "closed"  # nobody else needs it
    refused = await case.refused(
        "software_news", serial_number=BRIDGE, state="delivered", request=view["software"]["request"]
    )
    assert refused == "kind: this case waits for no software"
    await replays(case)


async def test_articles_that_nobody_knows_are_no_other_way(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    await answered(case, "asked")
    await case.parts_have_failed("WHAT")
    view = await case.until(lambda view: "WHAT unknown" in view["next_action"], "the ball stays with level 2")
    assert view["software"]["state"] == "asked"


async def test_a_request_that_somebody_else_has_made_goes_on_when_the_case_waits_no_more(
    open_case: OpenCase, theatre: Theatre
) -> None:
    asked = await SoftwareStory.on_engine(theatre, request(BRIDGE), MONDAY)
    case = await software_is_at_fault(open_case, BRIDGE)
    await answered(case, "asked")
    await case.say("cancellation", reason="the room is closed")
    assert (await case.handle.result())["outcome"] == "cancelled"
    await keys_are_issued(asked)
    assert await asked.states() == ["delivered"]


async def test_a_case_that_is_corrected_waits_no_more_for_the_software_of_the_wrong_equipment(
    open_case: OpenCase, theatre: Theatre
) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    await answered(case, "asked")
    await case.say("correction", serial_number=CODEC, reason="misread")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["software"]["state"]) == ("moved", "withdrawn")
    assert (await request_of(case, theatre).view())["stage"] == "closed"


async def test_level_2_that_resolves_it_before_the_software_is_there_waits_no_more(open_case: OpenCase) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    await answered(case, "asked")
    await case.diagnosed(2, "resolved", findings="the old version was put back, and tested")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["software"]["state"]) == ("resolved_by_software", "withdrawn")


async def test_hardware_and_software_together_go_on_with_the_parts_and_are_tested_with_the_visit(
    open_case: OpenCase,
) -> None:
    case = await open_case(CODEC, MONDAY, impact="blocking")
    await case.parts_have_failed("CS-PWR-CDC", also_software=True)
    view = await case.reaches("vendor_validation", waiting_for="vendor")
    assert view["software"]["state"] == "delivered"
    assert view["round"] == 1
    await case.delivered()
    view = await case.visit_is_chosen()
    assert "put the software right" in view["next_action"]
    await case.worked_on_site()
    closed = await case.result()
    assert (closed["outcome"], closed["software"]["state"]) == ("restored", "delivered")
    await replays(case)


async def test_hardware_goes_on_while_its_software_is_awaited_and_hears_of_it_at_any_stage(
    open_case: OpenCase, theatre: Theatre
) -> None:
    case = await open_case(BRIDGE, MONDAY, impact="blocking")
    await case.diagnosed(2, "onsite_without_parts", also_software=True)
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert view["software"]["state"] == "asked"
    await keys_are_issued(request_of(case, theatre))
    view = await answered(case, "delivered")
    assert (view["stage"], view["round"]) == ("site_scheduling", 1)


async def test_software_that_is_awaited_already_is_not_asked_for_twice(open_case: OpenCase, theatre: Theatre) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    first = (await answered(case, "asked"))["software"]["request"]
    await case.diagnosed(2, "software_fault", findings="the same again")
    view = await case.until(lambda view: "is awaited already" in view["journal"][-1]["text"], "it is noted")
    assert view["software"]["request"] == first
    await keys_are_issued(request_of(case, theatre))
    await answered(case, "delivered")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"request": "SW-0000-0000"}, "request"),
        ({"serial_number": CODEC}, "serial_number"),
        ({"state": "eaten"}, "state"),
    ],
)
async def test_news_of_other_software_is_refused(open_case: OpenCase, fields: dict[str, str], field: str) -> None:
    case = await software_is_at_fault(open_case, BRIDGE)
    view = await answered(case, "asked")
    news = {"serial_number": BRIDGE, "state": "delivered", "request": view["software"]["request"], **fields}
    assert (await case.refused("software_news", **news)).partition(": ")[0] == field
