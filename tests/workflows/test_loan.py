"""Loan equipment: at least the same features, brought and installed beside the replacement, and called back (R8)."""

from pathlib import Path

import asyncpg
import pytest

from database.loan_units import LoanUnits
from tests.workflows import loan_story as lending
from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails, mails_about, subjects_to
from tests.workflows.loan_story import NONE_FREE, UNIT_IN_PARIS
from tests.workflows.sample import PARIS_ENDPOINT, REUNION_ENDPOINT, REUNION_TRANSIT_DAYS

G7500_IN_LYON, ROOM_KIT_IN_LYON = "8L2401A99F31DV", "FTT2814Q5SA"
"""With that in Paris, what has at least the features of the codec there, the nearest first."""
UNITS_IN_LA_REUNION = ("8L2403B06D12DV", "FOC2809V2EG")
CUSTOMER = "salles.paris@brunel.example"
TUESDAY = paris("tue 11 09:00")


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """Reported on Tuesday at nine, and blocking."""
    return await open_case(PARIS_ENDPOINT, TUESDAY, impact="blocking")


async def test_a_loan_is_brought_installed_and_called_back_when_the_replacement_is_in_service(
    case: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await lending.to_reserved(case)
    loan = (await case.view())["loan"]
    assert loan["unit"] == {
        "serial_number": UNIT_IN_PARIS,
        "type": "Cisco Webex Room Kit Pro",
        "location": "DEPOT-PARIS",
    }
    promise = await case.promise("loan_available")
    assert (promise["kind"], promise["state"]) == ("contractual", "running")
    assert instant(promise["due_at"]) == paris("wed 12 18:00")
    carried = await case_pool.fetchrow("select articles, from_stock, site from orders where subject = 'loan'")
    assert tuple(carried) == ([f"Cisco Webex Room Kit Pro {UNIT_IN_PARIS}"], True, "BRU-PAR")

    await case.parcel("dispatched", subject="loan", carrier="Chrono", tracking_number="XY1")
    await case.loan_is("dispatched")
    assert await lending.loans(case_pool) == [("dispatched", UNIT_IN_PARIS)]
    await case.parcel("dispatched")  # the replacement goes on beside it
    await case.reaches("shipment", waiting_for="carrier")
    await lending.delivered(case)
    assert (await case.promise("loan_available"))["state"] == "met"
    view = await case.view()
    assert (view["stage"], view["waiting_for"]) == ("shipment", "carrier")
    assert "intervention_report" not in view["next_messages"]
    await lending.agreed(case)
    await lending.installed(case, exchanges=[{"removed": PARIS_ENDPOINT, "installed": UNIT_IN_PARIS}])
    view = await case.loan_is("in_service")
    assert (view["stage"], len(lending.slots_of(view, "done"))) == ("shipment", 1)
    assert await lending.loans(case_pool) == [("in_service", UNIT_IN_PARIS)]
    assert await case_pool.fetchval("select count(*) from equipment where replaced_by is not null") == 0
    assert "in service" in await case.refused("loan_veto", reason="too late")

    await case.parcel("delivered")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.reaches("restored")
    await case.loan_is("ended", ended_because="the equipment is in service again")
    await case.say("customer_confirmation", restored=True)
    closed = await case.handle.result()
    assert await lending.loans(case_pool) == [("returning", UNIT_IN_PARIS)]
    told = subjects_to(CUSTOMER, mails(tmp_path, closed["reference"]))
    assert {"Matériel de prêt", "Matériel de prêt expédié"} <= set(told)
    visits = mails_about(tmp_path, "Intervention convenue")
    orders = [mail for mail in mails(tmp_path, closed["reference"]) if mail.subject.startswith("Ordre d'intervention")]
    assert [mail.to.partition("@")[2] for mail in visits] == ["brunel.example"] * 2
    assert [mail.to.partition("@")[2] for mail in orders] == ["provider.example"] * 2
    assert sum(f"{UNIT_IN_PARIS} (prêt / loan)" in mail.text for mail in (*visits, *orders)) == 2
    assert [mail.subject for mail in orders] == ["Ordre d'intervention (matériel de prêt)", "Ordre d'intervention"]

    await lending.comes_back(case, closed)
    assert await lending.loans(case_pool) == [("returned", UNIT_IN_PARIS)]
    back = await case_pool.fetchrow("select kind, state, destination from returns where kind = 'loan_unit'")
    assert tuple(back) == ("loan_unit", "received", "DEPOT-PARIS")


async def test_a_unit_that_fails_is_followed_by_another_and_the_promise_stays(
    case: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """Lost, damaged, dead on arrival: then the pool has no other, and the supervisor is told."""
    await case_pool.execute("delete from loan_units where serial_number = any($1)", UNITS_IN_LA_REUNION)
    await lending.to_dispatched(case)
    await case.parcel("lost", subject="loan")
    await case.loan_is("reserved")
    await case.parcel("lost", subject="loan")  # told by two people
    await case.until(lambda view: "lost once more" in view["journal"][-1]["text"])
    await case.parcel("delivered", subject="loan", tracking_number="XY1")  # the number under which it was dispatched
    await case.until(lambda view: f"that is {UNIT_IN_PARIS}" in view["journal"][-1]["text"])
    assert await lending.loans(case_pool) == [("lost", UNIT_IN_PARIS), ("reserved", G7500_IN_LYON)]
    assert await case_pool.fetchval("select serial_number from loan_units where lost_at is not null") == UNIT_IN_PARIS

    await case.parcel("damaged", subject="loan")  # without a word of the dispatch
    await case.until(lambda view: view["loan"]["unit"] and view["loan"]["unit"]["serial_number"] == ROOM_KIT_IN_LYON)
    await lending.delivered(case)
    await lending.agreed(case)
    await lending.installed(case, outcome="dead_on_arrival", passed=False)
    await case.loan_is("waiting", unit=None)
    assert await lending.loans(case_pool) == [
        ("lost", UNIT_IN_PARIS),
        ("returning", G7500_IN_LYON),
        ("returning", ROOM_KIT_IN_LYON),
        ("waiting", None),
    ]
    await case.until(lambda _: mails_about(tmp_path, NONE_FREE), "the supervisor is told")
    promises = [each["state"] for each in (await case.view())["promises"] if each["name"] == "loan_available"]
    assert promises == ["met"]
    assert await case_pool.fetchval("select count(*) from orders where subject = 'loan'") == 3
    await case.say("cancellation", reason="sold")
    closed = await case.handle.result()
    for number in (1, 2):
        await lending.comes_back(case, closed, number)
    assert sorted(state for state, _ in await lending.loans(case_pool)) == [
        "called_off",
        "lost",
        "returned",
        "returned",
    ]
    known = {unit.serial_number: (unit.state, unit.because) for unit in await LoanUnits(case_pool).list()}
    assert known[G7500_IN_LYON] == ("out_of_order", "damaged on the way to the customer")
    state, because = known[ROOM_KIT_IN_LYON]
    assert (state, "dead on arrival" in (because or "")) == ("out_of_order", True)


async def test_the_visit_of_a_loan_is_planned_anew_as_often_as_it_takes_beside_the_visit_of_the_replacement(
    case: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await lending.to_visit(case)
    await case.say("site_scheduling", action="technician_unavailable", reason="ill")
    await case.loan_is("scheduling")
    await case.until(lambda view: lending.slots_of(view, "offered"))
    await lending.agreed(case)
    await lending.installed(case, outcome="no_access")
    await case.loan_is("scheduling")
    await case.until(lambda view: lending.slots_of(view, "offered"))
    await case.parcel("delivered")
    view = await case.reaches("site_scheduling", waiting_for="customer")
    assert lending.slots_of(view, "offered", "replacement")
    await lending.agreed(case)
    await lending.installed(case, outcome="unfinished")
    await case.loan_is("scheduling")
    await case.until(lambda view: lending.slots_of(view, "offered"))
    await lending.agreed(case)
    await lending.installed(case)
    view = await case.loan_is("in_service")
    assert (view["stage"], len(lending.slots_of(view, "offered", "replacement"))) == ("site_scheduling", 3)
    assert await case_pool.fetchval("select count(*) from visit_slots where subject = 'loan' and state = 'done'") == 2


async def test_in_la_reunion_the_unit_comes_from_the_island_and_the_promise_has_its_days_in_transit(
    open_case: OpenCase,
) -> None:
    case = await open_case(REUNION_ENDPOINT, paris("mon 31 09:00"), impact="blocking")
    await lending.to_reserved(case)
    assert (await case.view())["loan"]["unit"]["serial_number"] in UNITS_IN_LA_REUNION
    due = instant((await case.promise("loan_available"))["due_at"])
    assert due.isoformat() == f"2027-06-{1 + REUNION_TRANSIT_DAYS:02d}T18:00:00+04:00"


async def test_a_loan_goes_on_in_a_new_round_and_is_called_back_when_the_case_is_resolved(
    case: CaseStory, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await lending.to_visit(case)
    before = await case.view()
    now = (await case.now()).isoformat()
    await case.say("vendor_validation", decision="revoked", decided_at=now, reason="no stock")
    view = await case.reaches("remote_diagnosis", round=2)
    assert view["loan"] == before["loan"]
    assert lending.slots_of(view, "chosen") == lending.slots_of(before, "chosen")
    await lending.installed(case)
    await case.loan_is("in_service")
    await case.diagnosed(2, "resolved")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["loan"]["stage"]) == ("resolved_remotely", "ended")
    assert await lending.loans(case_pool) == [("returning", UNIT_IN_PARIS)]


async def test_the_transport_of_a_unit_that_is_not_on_the_shelf_is_called_off(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """Nothing has left: that of the next unit is the only transport."""
    await lending.to_reserved(case)
    await case.parcel("out_of_stock", subject="loan")
    await case.until(lambda view: view["loan"]["unit"] and view["loan"]["unit"]["serial_number"] == G7500_IN_LYON)
    await lending.delivered(case)
    orders = await case_pool.fetch("select * from orders where subject = 'loan' order by ordered_at, step")
    assert [order["called_off_at"] is None for order in orders] == [False, True]
    assert await lending.loans(case_pool) == [("lost", UNIT_IN_PARIS), ("dispatched", G7500_IN_LYON)]
