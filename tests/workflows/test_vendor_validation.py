"""Vendor validation: 16:00, and what a late, early or negative answer does (R6)."""

import pytest

from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT, REUNION_ENDPOINT, REUNION_TRANSIT_DAYS, STRASBOURG_ENDPOINT


@pytest.mark.parametrize(
    ("decided_at", "due_at", "state"),
    [
        ("2027-05-11T15:59:59+02:00", "2027-05-12T18:00:00+02:00", "met"),
        ("2027-05-11T16:00:00+02:00", "2027-05-13T18:00:00+02:00", "breached"),
        ("2027-05-11T14:59:59+01:00", "2027-05-12T18:00:00+02:00", "met"),
        ("2027-05-11T10:00:00-04:00", "2027-05-13T18:00:00+02:00", "breached"),
    ],
)
async def test_an_approval_before_16_00_00_is_delivered_the_next_day_and_at_16_00_00_the_day_after(
    open_case: OpenCase, decided_at: str, due_at: str, state: str
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 16:20"))
    await case.approved(instant(decided_at))
    await case.reaches("shipment")
    assert instant((await case.promise("replacement_delivery"))["due_at"]) == instant(due_at)
    assert (await case.promise("vendor_validation"))["state"] == state


async def test_approved_by_telephone_at_15_50_and_entered_at_16_20_is_met_and_marked(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 16:20"))
    assert (await case.promise("vendor_validation"))["state"] == "breached"
    await case.approved(paris("tue 11 15:50"))
    await case.reaches("shipment")
    assert (await case.promise("vendor_validation"))["state"] == "met"
    texts = await case.journal()
    assert "vendor: approved RMA RMA-1 [entered late]" in texts
    assert "vendor_validation: breached" in texts
    assert "vendor_validation: met after all: it happened in time and was entered late" in texts


async def test_the_case_warns_an_hour_and_a_quarter_of_an_hour_before_16_00(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 15:01"))
    first, second = (await case.promise("vendor_validation"))["warnings"]
    assert (instant(first["due_at"]), first["point"]) == (paris("tue 11 15:00"), "-60m")
    assert first["fired_at"] is not None
    assert second["fired_at"] is None
    assert (await case.view())["promise_state"] == "at_risk"
    await case.at(paris("tue 11 15:46"))
    assert (await case.promise("vendor_validation"))["warnings"][1]["fired_at"] is not None


async def test_a_request_after_16_00_can_be_approved_until_16_00_of_the_next_business_day(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("wed 5 15:30"), impact="blocking")
    await case.at(paris("wed 5 16:30"))
    await case.hardware_has_failed()
    assert instant((await case.promise("vendor_validation"))["due_at"]) == paris("fri 7 16:00")


async def test_through_whom_the_next_day_was_missed_vendor(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.at(paris("tue 11 16:30"))
    await case.approved()
    assert (await case.reaches("shipment"))["delivery_missed_through"] == "vendor"


async def test_through_whom_the_next_day_was_missed_us(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.at(paris("tue 11 16:10"))
    await case.hardware_has_failed()
    await case.approved()
    assert (await case.reaches("shipment"))["delivery_missed_through"] == "us"


async def test_a_refusal_goes_back_to_level_2_with_the_reason(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    now = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="refused", decided_at=now, reason="not our part")
    view = await case.reaches("remote_diagnosis", round=2, level=2)
    assert view["next_due_at"] is not None
    assert "round 2: vendor: refused – not our part" in await case.journal()
    assert (await case.promise("vendor_validation"))["state"] == "cancelled"
    await case.hardware_has_failed()
    assert len([p for p in (await case.view())["promises"] if p["name"] == "vendor_validation"]) == 2


async def test_a_question_of_the_vendor_goes_back_to_level_2(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    now = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="more_information", decided_at=now, reason="which firmware?")
    await case.reaches("remote_diagnosis", round=2, level=2)


async def test_an_approval_that_comes_while_level_2_still_writes_is_kept_and_used(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"), impact="blocking")
    assert (await case.approved())["disposition"] == "kept"
    await case.diagnosed(2, "hardware_failure")
    await case.reaches("shipment")


async def test_a_delivery_that_comes_while_the_vendor_still_decides_is_kept_and_used(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    assert (await case.say("shipment", status="delivered"))["disposition"] == "kept"
    await case.approved()
    await case.reaches("site_scheduling", waiting_for="customer")
    assert "delivered without a word of the dispatch: the dispatch is implied" in await case.journal()


async def test_a_new_round_drops_what_the_old_one_kept_and_journals_it(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.say("shipment", status="delivered")
    now = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="refused", decided_at=now)
    await case.reaches("remote_diagnosis", round=2)
    assert "replacement delivered [not used: round 1 is over]" in await case.journal()


async def test_a_site_in_la_reunion_is_served_with_its_contracts_transit_days_in_its_own_hours(
    open_case: OpenCase,
) -> None:
    """Approved on Monday 31 May before 16:00 in Paris: the next shared days count, by 18:00 in Saint-Denis."""
    case = await open_case(REUNION_ENDPOINT, paris("mon 31 09:00"))
    await case.hardware_has_failed()
    await case.approved()
    await case.reaches("shipment")
    due = instant((await case.promise("replacement_delivery"))["due_at"])
    assert due.isoformat() == f"2027-06-{1 + REUNION_TRANSIT_DAYS:02d}T18:00:00+04:00"


async def test_strasbourg_is_not_delivered_on_good_friday(open_case: OpenCase) -> None:
    """Approved on Thursday 25 March 2027: Good Friday and Easter Monday are closed in Strasbourg."""
    case = await open_case(STRASBOURG_ENDPOINT, instant("2027-03-25T09:00:00+01:00"))
    await case.hardware_has_failed()
    await case.approved()
    await case.reaches("shipment")
    due = instant((await case.promise("replacement_delivery"))["due_at"])
    assert due.date().isoformat() == "2027-03-30"


async def test_a_breached_delivery_is_journaled_and_the_case_waits_on(open_case: OpenCase) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await case.hardware_has_failed()
    await case.approved()
    await case.reaches("shipment")
    await case.at(paris("wed 12 18:01"))
    view = await case.view()
    assert (view["stage"], view["promise_state"]) == ("shipment", "breached")
    await case.say("shipment", status="delivered", at=paris("wed 12 17:45").isoformat())
    await case.reaches("site_scheduling", waiting_for="customer")
    assert (await case.promise("replacement_delivery"))["state"] == "met"
