"""What holds at every stage: an owner, a next action, notes, contact attempts, assignments (SPEC §3, §5)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT


async def at_remote_diagnosis(case: CaseStory) -> None:
    """It is there already."""


async def at_vendor_validation(case: CaseStory) -> None:
    await case.hardware_has_failed()


async def at_shipment(case: CaseStory) -> None:
    await at_vendor_validation(case)
    await case.approved()
    await case.reaches("shipment")


async def at_site_scheduling(case: CaseStory) -> None:
    await at_vendor_validation(case)
    await case.delivered()


async def at_on_site(case: CaseStory) -> None:
    await at_site_scheduling(case)
    await case.visit_is_chosen()


async def at_restored(case: CaseStory) -> None:
    await at_on_site(case)
    await case.worked_on_site()
    await case.reaches("restored")


STAGES: dict[str, Callable[[CaseStory], Awaitable[None]]] = {
    "remote_diagnosis": at_remote_diagnosis,
    "vendor_validation": at_vendor_validation,
    "shipment": at_shipment,
    "site_scheduling": at_site_scheduling,
    "on_site": at_on_site,
    "restored": at_restored,
}


@pytest.mark.parametrize("stage", STAGES)
async def test_every_stage_has_an_owner_a_next_action_and_takes_notes(open_case: OpenCase, stage: str) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES[stage](case)
    view = await case.view()
    assert view["stage"] == stage
    assert view["owner"]
    assert view["next_action"]
    assert view["waiting_for"] != "nobody"
    messages: list[tuple[str, dict[str, Any]]] = [
        ("note", {"text": "the customer called"}),
        ("contact_attempt", {"party": "customer", "channel": "phone", "reached": False}),
        ("assignment", {"owner": "R. Martin", "next_action": "Call the site manager"}),
    ]
    for kind, fields in messages:
        assert (await case.say(kind, **fields))["disposition"] == "taken"
    view = await case.view()
    assert (view["stage"], view["owner"], view["next_action"]) == (stage, "R. Martin", "Call the site manager")
    assert [line["text"] for line in view["journal"][-3:]] == [
        "the customer called",
        "customer not reached by phone",
        "assigned to R. Martin: Call the site manager",
    ]


@pytest.mark.parametrize("stage", STAGES)
async def test_what_does_not_fit_the_case_is_refused_with_the_reason_and_changes_nothing(
    open_case: OpenCase, stage: str
) -> None:
    """A veto where there is no loan, a correction that corrects nothing; and no stage sticks on them."""
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES[stage](case)
    veto = await case.refused("loan_veto", reason="not needed")
    assert veto == "kind: loan_veto does not fit the loan equipment of this case: there is none"
    same = await case.refused("correction", serial_number=PARIS_ENDPOINT.lower(), reason="misread")
    assert same == f"serial_number: this case is about {PARIS_ENDPOINT} already"
    assert await case.refused("correction", site="BRU-PAR", reason="?") == (
        "site: the equipment stands at BRU-PAR already"
    )
    await case.signal("loan_veto", {"reason": "not needed"})
    view = await case.until(lambda view: view["journal"][-1]["kind"] == "loan_veto", "the signal is journaled")
    assert (view["journal"][-1]["disposition"], view["stage"]) == ("refused", stage)


async def test_whoever_is_assigned_stays_the_owner_when_the_stage_moves_on(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.say("assignment", owner="R. Martin")
    view = await case.hardware_has_failed()
    assert view["owner"] == "R. Martin"
    assert view["next_action"] == "Have the vendor approve before 16:00"
