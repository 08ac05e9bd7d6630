"""A visit that cannot take place leads to a new slot, and everybody is told (R10)."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails, mails_about, subjects_to
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT, REUNION_ENDPOINT

CUSTOMER = "salles.paris@brunel.example"


async def test_every_slot_has_somebody_of_the_region_who_is_able_and_is_held_in_the_database(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    bridge = await open_case(PARIS_BRIDGE, paris("mon 10 09:00"))
    await bridge.needs_hands()
    endpoint = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await endpoint.needs_hands()
    rows = await case_pool.fetch(
        "select serial_number, room, technician, starts_at, slot.state from visit_slots slot "
        "join cases on cases.reference = case_reference order by starts_at"
    )
    assert {(row["technician"], row["room"]) for row in rows if row["serial_number"] == PARIS_BRIDGE} == {
        ("T-ADAM", "BRU-PAR-TECH")
    }
    assert {row["technician"] for row in rows if row["serial_number"] == PARIS_ENDPOINT} == {"T-BENALI"}
    assert {row["state"] for row in rows} == {"offered"}
    shown = [(slot["start"], slot["technician"]) for slot in (await endpoint.view())["slots"]]
    assert [(instant(start), technician) for start, technician in shown] == [
        (row["starts_at"], row["technician"]) for row in rows if row["serial_number"] == PARIS_ENDPOINT
    ]


async def test_a_visit_is_planned_anew_as_often_as_it_takes_and_everybody_is_told_each_time(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    for action in ("cancel", "room_unavailable", "decline"):
        await case.visit_is_chosen()
        await case.say("site_scheduling", action=action, reason="a board meeting")
        await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site(outcome="no_access")
    view = await case.reaches("site_scheduling", waiting_for="customer", round=1)
    assert "visit planned anew (4 times so far)" in await case.journal()
    assert (await case.promise("visit_planning"))["id"] == "visit_planning.5"
    told = [mail.to for mail in mails_about(tmp_path, "Intervention à replanifier", view["reference"])]
    assert told.count(CUSTOMER) == 4
    assert len(told) == 8
    assert len(mails_about(tmp_path, "Intervention convenue", view["reference"])) == 4
    assert len(mails_about(tmp_path, "Ordre d'intervention", view["reference"])) == 4
    starts = [slot["start"] for slot in view["slots"] if slot["state"] == "declined"]
    assert {slot["start"] for slot in view["slots"] if slot["state"] == "offered"}.isdisjoint(starts)
    assert await case_pool.fetchval("select count(*) from visit_slots where state = 'chosen'") == 0
    assert "none is offered or chosen" not in await case.refused("site_scheduling", action="choose", slot_id="X")


async def test_an_agreed_visit_that_is_moved_is_told_to_the_customer_and_both_technicians(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.needs_hands()
    view = await case.visit_is_chosen()
    before = next(slot for slot in view["slots"] if slot["state"] == "chosen")
    await case_pool.execute("update technicians set region = 'martinique' where code = $1", before["technician"])
    await case.proposed(paris("wed 19 14:00"), paris("wed 19 16:00"))
    await case.until(lambda view: "2027-05-19" in view["next_action"], "the visit has moved")
    await case.until(lambda _: mails_about(tmp_path, "Intervention déplacée"), "everybody is told")
    assert [mail.to for mail in mails_about(tmp_path, "Intervention déplacée")] == [CUSTOMER]
    technicians = {"c.adam@provider.example", "k.benali@provider.example"}
    told = [(mail.to, mail.subject) for mail in mails(tmp_path, view["reference"]) if mail.to in technicians]
    orders = [to for to, subject in told if subject == "Ordre d'intervention"]
    called_off = [to for to, subject in told if subject == "Intervention annulée"]
    assert (set(orders), called_off) == (technicians, orders[:1])


async def test_a_wish_that_was_said_ahead_is_tried_before_anything_is_offered(
    open_case: OpenCase, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.diagnosed(1, "escalate")
    assert (await case.proposed(paris("wed 12 14:00"), paris("wed 12 16:00")))["disposition"] == "kept"
    await case.diagnosed(2, "onsite_without_parts")
    view = await case.reaches("on_site")
    assert [instant(slot["start"]) for slot in view["slots"]] == [paris("wed 12 14:00")]
    assert mails_about(tmp_path, "Choix d'un créneau d'intervention") == []


async def test_where_no_slot_is_free_they_are_sought_ever_more_seldom_and_offered_once_there_is_one(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await case_pool.execute(
        "insert into room_bookings values ('BRU-PAR-401', 'works', $1, $2, 'works')",
        *(paris("mon 10 00:00"), datetime.fromisoformat("2027-10-01T00:00:00+02:00")),
    )
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "onsite_without_parts")
    view = await case.until(lambda view: "No slot is free" in view["next_action"], "no slot is free")
    assert (view["waiting_for"], view["slots"]) == ("support", [])
    await case.after(timedelta(days=60))
    sought = await _searches(case)
    gaps = [later - earlier for earlier, later in pairwise(sought)]
    assert gaps == sorted(gaps)
    assert 4 <= len(sought) <= 6
    told = subjects_to(CUSTOMER, mails(tmp_path, view["reference"]))
    assert told == ["Votre signalement est enregistré"]
    assert len(mails_about(tmp_path, "Aucun créneau libre", view["reference"])) == 1
    await case_pool.execute("delete from room_bookings")
    await case.after(timedelta(days=40))
    await case.until(lambda view: view["slots"], "slots are offered")


async def _searches(case: CaseStory) -> list[datetime]:
    """When no slot was found."""
    lines = (await case.view())["journal"]
    return [instant(line["at"]) for line in lines if line["text"] == "no slot is free"]


async def test_a_visit_overseas_is_written_by_the_clocks_of_its_site(open_case: OpenCase, tmp_path: Path) -> None:
    """Ten o'clock in La Réunion is eight in Paris: nobody there reads Paris time."""
    case = await open_case(REUNION_ENDPOINT, paris("mon 10 09:00"))
    await case.hardware_has_failed()
    view = await case.delivered()
    start = instant(view["slots"][0]["start"]).astimezone(ZoneInfo("Indian/Reunion"))
    (mail,) = mails_about(tmp_path, "Choix d'un créneau d'intervention")
    assert f"{start:%Hh%M}–" in mail.text
    assert "(Indian/Reunion)" in mail.text
    hours = [line for line in mail.text.splitlines() if "Paris" in line]
    assert [line.partition(" :")[0].partition(":")[0] for line in hours] == ["Horaires", "Opening hours"]
    await case.visit_is_chosen()
    await case.say("cancellation", reason="sold")
    await case.handle.result()
    assert "(Indian/Reunion)" in mails_about(tmp_path, "Intervention annulée")[0].text


async def test_slots_are_offered_once_when_the_customer_is_heard_of_after_somebody_else_agreed_a_visit(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """Nobody answered three offers, and the coordinator agreed a slot that then fell through."""
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.hardware_has_failed()
    await case.delivered()
    await case.after(timedelta(days=14))
    await case.proposed(paris("mon 31 09:00"), paris("mon 31 11:00"), actor="coordinator:Lou")
    await case.reaches("on_site")
    await case.say("site_scheduling", action="technician_unavailable", actor="coordinator:Lou")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.say("contact_attempt", party="customer", channel="phone", reached=True)
    await case.reaches("site_scheduling", waiting_for="customer")
    assert await case_pool.fetchval("select count(*) from visit_slots where state = 'offered'") == 3
