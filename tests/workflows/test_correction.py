"""Correction: the wrong serial number was given, or the equipment stands at another site (SPEC §5)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.story import Story
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import COORDINATOR, mails_about
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT, PARIS_ENDPOINT_SAME_ROOM
from tests.workflows.soundness import is_sound
from tests.workflows.test_cancellation import nothing_is_left
from tests.workflows.test_every_stage import STAGES

RIGHT = PARIS_ENDPOINT_SAME_ROOM
REROUTED = "Livraison à réadresser"
VENDOR = "rma@cisco-support.example"


async def moved(case: CaseStory, **fields: Any) -> dict[str, Any]:
    """The serial number is corrected; the closed case."""
    await case.say("correction", serial_number=RIGHT, reason="misread", **fields)
    closed: dict[str, Any] = await case.handle.result()
    assert closed["outcome"] == "moved"
    return closed


@pytest.mark.parametrize("stage", STAGES)
async def test_a_case_about_the_wrong_equipment_undoes_what_it_began_and_joins_the_right_one(
    open_case: OpenCase, case_pool: asyncpg.Pool, stage: str
) -> None:
    right = await open_case(RIGHT, paris("fri 28 08:00"))
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES[stage](case)
    closed = await moved(case)
    joined = await right.view()
    assert (
        closed["outcome_reason"] == f"corrected: misread: its report is with {joined['reference']} (curative-{RIGHT})"
    )
    reports = [line for line in joined["journal"] if line["kind"] == "report"]
    assert [line["disposition"] for line in reports] == ["taken", "taken"]
    assert instant(reports[1]["at"]) == paris("tue 11 09:00")
    if stage != "restored":
        await nothing_is_left(closed, case_pool)
    await is_sound(case, closed, case_pool)


async def test_the_right_case_opens_with_the_original_report_and_its_instant(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """A supervisor has entered a report of last week, and the case opens on the clock on the wall."""
    now = datetime.now(UTC)
    reported_at = (now - timedelta(days=8)).replace(microsecond=0)
    case = await open_case(
        PARIS_ENDPOINT, now + timedelta(seconds=2), reported_at=reported_at.isoformat(), actor="supervisor:R. Martin"
    )
    await case.say("report", **{**again("no sound either"), "impact": "blocking"})
    await case.reaches("remote_diagnosis", level=2)
    closed = await moved(case, site="BRU-LIL")
    right = Story(case.environment, case.environment.client.get_workflow_handle(f"curative-{RIGHT}"))
    view = await right.until(lambda view: view["site"] == "BRU-LIL", "the site is corrected there")
    assert (view["moved_from"], view["symptom"]) == (closed["reference"], "black screen")
    assert (view["stage"], view["level"], view["impact"]) == ("remote_diagnosis", 2, "blocking")
    assert instant(view["reported_at"]) == reported_at
    assert view["journal"][0]["text"] == "blocking: black screen [entered late]"
    await right.abandon()


def again(symptom: str) -> dict[str, Any]:
    """The same equipment is reported once more."""
    return {"serial_number": PARIS_ENDPOINT, "reported_by": {"name": "Camille Petit"}, "symptom": symptom}


async def test_a_serial_number_that_nobody_knows_or_that_is_the_same_equipment_corrects_nothing(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["shipment"](case)
    await case.say("correction", serial_number="NO-SUCH-SERIAL", reason="misread")
    await says(case, "the correction cannot be carried out: serial number NO-SUCH-SERIAL is not in the registry")
    await case_pool.execute(
        "insert into equipment (serial_number, type, customer, site, software_version, replaced_by, removed_at) "
        "select 'OLD-SERIAL', type, customer, site, software_version, serial_number, now() from equipment "
        "where serial_number = $1",
        PARIS_ENDPOINT,
    )
    await case.say("correction", serial_number="OLD-SERIAL", reason="the label says so")
    await says(
        case,
        "the correction cannot be carried out: OLD-SERIAL was exchanged, and FTT2608B2KR stands in its place already",
    )
    await case.say("shipment", status="delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    assert await case_pool.fetchval("select count(*) from orders where called_off_at is not null") == 0


async def says(case: CaseStory, text: str) -> None:
    """The journal comes to say so."""
    await case.until(lambda view: text in [line["text"] for line in view["journal"]], f"the journal says: {text}")


@pytest.mark.parametrize(
    ("site", "why"),
    [
        ("ALS-STR", "site ALS-STR is ALSAVIE's, and the equipment is BRUNEL's: give one of theirs"),
        ("NOWHERE", "there is no site NOWHERE: give one of its customer's sites"),
    ],
)
async def test_a_site_that_is_not_the_customers_is_journaled_and_the_case_goes_on(
    open_case: OpenCase, site: str, why: str
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    await STAGES["on_site"](case)
    await case.say("correction", site=site, reason="moved")
    await says(case, f"the correction cannot be carried out: {why}")
    assert (await case.view())["site"] == "BRU-PAR"
    await case.worked_on_site()
    await case.reaches("restored")


async def test_a_parcel_on_its_way_goes_to_the_right_site_under_its_calendar_and_its_days_in_transit(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """Approved on Monday 10 May: Tuesday in Paris; in La Réunion three days later, by six there."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.is_ordered()
    await case.parcel("dispatched")
    assert instant((await case.promise("replacement_delivery"))["due_at"]) == paris("tue 11 18:00")
    await case.say("correction", site="BRU-RUN", reason="lent to the agency")
    await says(case, "the equipment stands at BRU-RUN, not at BRU-PAR: lent to the agency")
    due = instant("2027-05-14T18:00:00+04:00")
    view = await case.until(
        lambda view: instant(view["next_due_at"]) == due, "the delivery is due by the calendar of the other site"
    )
    assert (view["site"], view["stage"], view["site_name"]) == ("BRU-RUN", "shipment", "Brunel – agence océan Indien")
    (line,) = [line["text"] for line in view["journal"] if "the equipment stands at BRU-RUN" in line["text"]][1:]
    assert line.startswith("replacement_delivery: due 2027-05-14")
    assert "not 2027-05-11" in line
    order = await case_pool.fetchrow("select site, due_at, rerouted_at from orders")
    assert (order["site"], order["due_at"], order["rerouted_at"] is None) == ("BRU-RUN", due, False)
    await case.until(lambda _: len(mails_about(tmp_path, REROUTED)) == 2, "vendor and coordinator are told")
    assert {mail.to for mail in mails_about(tmp_path, REROUTED)} == {VENDOR, COORDINATOR}
    assert "Brunel – agence océan Indien" in mails_about(tmp_path, REROUTED)[0].text
    await case.parcel("delivered")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert {slot["technician"] for slot in view["slots"]} == {"T-HOARAU"}
    assert await case_pool.fetchval("select site from equipment where serial_number = $1", PARIS_ENDPOINT) == "BRU-RUN"


@pytest.mark.parametrize(("stage", "told"), [("site_scheduling", 0), ("on_site", 1)])
async def test_a_parcel_that_was_delivered_at_the_wrong_site_is_followed_to_the_right_one(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, stage: str, told: int
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await STAGES[stage](case)
    held = [slot["slot_id"] for slot in (await case.view())["slots"]]
    said_at = paris("mon 10 10:00")
    await case.at(said_at)
    await case.say("correction", site="BRU-LIL", reason="moved", at=said_at.isoformat())
    view = await case.reaches("shipment", waiting_for="carrier", site="BRU-LIL")
    assert view["next_action"] == "Have the parcel brought to BRU-LIL"
    promise = await case.promise("replacement_delivery")
    assert (instant(promise["due_at"]), promise["state"]) == (paris("tue 11 18:00"), "running")
    states = await case_pool.fetch("select state from visit_slots where slot_id = any($1::text[])", held)
    assert {row["state"] for row in states} == {"declined"}
    replanned = mails_about(tmp_path, "Intervention à replanifier")
    assert len([mail for mail in replanned if mail.to == "accueil.lille@brunel.example"]) == told
    await case.parcel("delivered")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    offered = [slot for slot in view["slots"] if slot["state"] == "offered"]
    assert {slot["technician"] for slot in offered} <= {"T-LEFEBVRE", "T-DELATTRE"}
    await case.visit_is_chosen()
    await case.worked_on_site()
    view = await case.reaches("restored")
    assert await case_pool.fetchval("select count(*) from orders") == 1
    assert [p["state"] for p in view["promises"] if p["name"] == "replacement_delivery"] == ["met", "met"]


@pytest.mark.parametrize("stage", ["remote_diagnosis", "vendor_validation", "restored"])
async def test_a_site_is_corrected_at_the_other_stages_and_what_is_ordered_goes_there(
    open_case: OpenCase, case_pool: asyncpg.Pool, stage: str
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await STAGES[stage](case)
    await case.say("correction", site="BRU-LIL", reason="moved")
    view = await case.until(lambda view: view["site"] == "BRU-LIL", "it stands in Lille")
    assert view["stage"] == stage
    if stage == "restored":
        return
    if stage == "remote_diagnosis":
        await case.hardware_has_failed()
    await case.delivered()
    assert await case_pool.fetchval("select site from orders") == "BRU-LIL"


async def test_a_visit_without_parts_is_planned_anew_at_the_right_site(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"))
    await case.needs_hands()
    await case.visit_is_chosen()
    await case.say("correction", site="BRU-LIL", reason="moved")
    view = await case.reaches("site_scheduling", waiting_for="customer", site="BRU-LIL")
    offered = [slot for slot in view["slots"] if slot["state"] == "offered"]
    assert {slot["technician"] for slot in offered} == {"T-DELATTRE"}
    moved_visits = mails_about(tmp_path, "Intervention à replanifier")
    assert "c.adam@provider.example" in {mail.to for mail in moved_visits}


async def test_equipment_that_was_exchanged_in_this_case_can_be_corrected_to_another_site(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """A whole unit was exchanged and a test failed: what stands in its place now is what moves."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await STAGES["on_site"](case)
    await case.worked_on_site(passed=False, exchanges=[{"removed": PARIS_ENDPOINT, "installed": "NEW-1"}])
    await case.reaches("remote_diagnosis", round=2)
    await case.say("correction", site="BRU-LIL", reason="moved")
    await case.until(lambda view: view["site"] == "BRU-LIL", "it stands in Lille")
    assert await case_pool.fetchval("select site from equipment where serial_number = 'NEW-1'") == "BRU-LIL"
