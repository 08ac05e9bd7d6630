"""A loan follows the equipment to the site where it really stands (R8, SPEC §5 correction)."""

from pathlib import Path

import asyncpg
import pytest

from tests.workflows import loan_story as lending
from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails_about
from tests.workflows.loan_story import UNIT_IN_PARIS
from tests.workflows.sample import PARIS_ENDPOINT, PARIS_ENDPOINT_SAME_ROOM


@pytest.mark.parametrize("to_stage", [lending.to_reserved, lending.to_dispatched])
async def test_a_unit_that_is_not_there_yet_is_brought_to_the_right_site(
    open_case: OpenCase, case_pool: asyncpg.Pool, to_stage: lending.Step
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await to_stage(case)
    stage = (await case.view())["loan"]["stage"]
    await case.say("correction", site="BRU-RUN", reason="lent to the agency")
    text = f"loan unit {UNIT_IN_PARIS} is re-routed to BRU-RUN"
    await case.until(lambda view: text in [line["text"] for line in view["journal"]], text)
    due = instant("2027-05-14T18:00:00+04:00")
    carried = await case_pool.fetchrow("select site, due_at from orders where subject = 'loan'")
    assert tuple(carried) == ("BRU-RUN", due)
    assert instant((await case.promise("loan_available"))["due_at"]) == due
    assert (await case.view())["loan"]["stage"] == stage


@pytest.mark.parametrize("to_stage", [lending.to_scheduling, lending.to_visit])
async def test_a_unit_that_was_delivered_at_the_wrong_site_is_followed_and_its_visit_planned_at_the_right_one(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path, to_stage: lending.Step
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await to_stage(case)
    view = await case.view()
    held = [slot["slot_id"] for slot in view["slots"]]
    was_agreed = view["loan"]["stage"] == "visit"
    said_at = paris("mon 10 10:00")
    await case.at(said_at)
    await case.say("correction", site="BRU-LIL", reason="moved")
    await case.loan_is("dispatched")
    states = await case_pool.fetch("select state from visit_slots where slot_id = any($1::text[])", held)
    assert {row["state"] for row in states} == {"declined"}
    replanned = {mail.to for mail in mails_about(tmp_path, "Intervention à replanifier")}
    assert any(address.endswith("@provider.example") for address in replanned) == was_agreed
    promise = await case.promise("loan_available")
    assert (promise["state"], instant(promise["due_at"])) == ("running", paris("tue 11 18:00"))
    await lending.delivered(case)
    offered = lending.slots_of(await case.view(), "offered")
    assert {slot["technician"] for slot in offered} <= {"T-LEFEBVRE", "T-DELATTRE"}
    await lending.agreed(case)
    await lending.installed(case)
    await case.loan_is("in_service")
    assert await lending.loans(case_pool) == [("in_service", UNIT_IN_PARIS)]


async def test_who_waits_in_line_waits_for_the_right_site(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    """Of two that come free, the one that is near to it goes, and in time for there."""
    await case_pool.execute("create table spare as select serial_number, type, location from loan_units")
    await case_pool.execute("delete from loan_units")
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.is_ordered()
    await case.parcel("lost")
    await case.loan_is("waiting")
    await case.say("correction", site="BRU-RUN", reason="lent to the agency")
    await case.until(lambda view: view["journal"][-1]["text"] == "loan 1 waits in line for BRU-RUN")
    due = instant("2027-05-14T18:00:00+04:00")
    assert tuple(await case_pool.fetchrow("select site, promised_for from loans")) == ("BRU-RUN", due)
    await case_pool.execute("insert into loan_units (serial_number, type, location) select * from spare")
    other = await open_case(PARIS_ENDPOINT_SAME_ROOM, paris("mon 10 09:00"))
    await lending.to_reserved(other)
    await other.say("loan_veto", reason="the customer wants none")
    await other.loan_is("ended")
    assert (await case.loan_is("reserved"))["loan"]["unit"]["location"] == "DEPOT-SAINT-DENIS"


async def test_a_unit_in_service_stays_where_it_is(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await lending.to_in_service(case)
    await case.say("correction", site="BRU-LIL", reason="moved")
    await case.until(lambda view: view["site"] == "BRU-LIL", "it stands in Lille")
    await case.loan_is("in_service")
    assert await case_pool.fetchval("select site from orders where subject = 'loan'") == "BRU-PAR"
