"""A technician who is ill this morning: all their visits of the day are planned anew, and everybody is told (R10)."""

from pathlib import Path

import asyncpg

from tests.workflows.case_story import CaseStory, instant, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import Mail, mails
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT

GATEKEEPER, TRAVERSAL_SERVER = "52AE2266", "529C08A3"
"""In the room of the bridge, and as the bridge a matter for the one technician who is able: T-ADAM."""

ADAM = "c.adam@provider.example"
CUSTOMER = "salles.paris@brunel.example"


async def visited_on_wednesday(open_case: OpenCase, serial_number: str, hour: int) -> CaseStory:
    """A case whose visit is agreed for Wednesday 12 May, at that hour."""
    case = await open_case(serial_number, paris("tue 11 09:00"))
    await case.needs_hands()
    await case.proposed(paris(f"wed 12 {hour}:00"), paris(f"wed 12 {hour + 2}:00"))
    await case.reaches("on_site")
    return case


async def test_all_visits_of_the_day_are_planned_anew_once_and_everybody_is_told(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    first = await visited_on_wednesday(open_case, PARIS_BRIDGE, 10)
    second = await visited_on_wednesday(open_case, GATEKEEPER, 14)
    choosing = await open_case(TRAVERSAL_SERVER, paris("tue 11 09:00"))
    offered = (await choosing.needs_hands())["slots"]
    assert any(instant(slot["start"]).date() == paris("wed 12 08:00").date() for slot in offered)
    for case in (first, second, choosing):
        await case.at(paris("wed 12 07:45"))

    await first.say("site_scheduling", action="technician_unavailable", reason="flu")
    for case in (first, second, choosing):
        view = await case.until(_waits_for_new_slots, "new slots are offered")
        assert all(
            instant(slot["start"]) > paris("wed 12 18:00") for slot in view["slots"] if slot["state"] == "offered"
        )
    (absence,) = await case_pool.fetch("select technician, starts_at, ends_at, reason from technician_absences")
    assert (absence["technician"], absence["ends_at"], absence["reason"]) == ("T-ADAM", paris("thu 13 00:00"), "flu")
    assert paris("wed 12 07:45") < absence["starts_at"] < paris("wed 12 07:46")

    reference = (await first.view())["reference"]
    for case in (second, choosing):
        lines = [line for line in (await case.view())["journal"] if line["kind"] == "site_scheduling"]
        told = [line for line in lines if "technician unavailable" in line["text"]]
        assert [(line["actor"], line["disposition"]) for line in told] == [(f"system:{reference}", "taken")]
    for case, hour in ((first, 10), (second, 14)):
        letters = mails(tmp_path, (await case.view())["reference"])
        for address in (ADAM, CUSTOMER):
            assert len(_about_a_visit_planned_anew(letters, address)) == 1
        assert "visit planned anew (1 time so far)" in await case.journal()
        held = await case_pool.fetchval(
            "select count(*) from visit_slots where state in ('offered', 'chosen') and starts_at = $1",
            paris(f"wed 12 {hour}:00"),
        )
        assert held == 0


async def test_visits_of_another_day_stand(open_case: OpenCase) -> None:
    wednesday = await visited_on_wednesday(open_case, PARIS_BRIDGE, 10)
    friday = await open_case(GATEKEEPER, paris("tue 11 09:00"))
    await friday.needs_hands()
    await friday.proposed(paris("fri 14 10:00"), paris("fri 14 12:00"))
    await friday.reaches("on_site")
    await wednesday.say("site_scheduling", action="technician_unavailable")
    await wednesday.until(_waits_for_new_slots, "new slots are offered")
    assert "T-ADAM is away that day; 0 other visits are planned anew" in await wednesday.journal()
    assert (await friday.view())["stage"] == "on_site"


async def test_the_visit_of_the_loan_unit_is_planned_anew_with_that_of_the_replacement(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    await case_pool.execute("update technicians set region = 'martinique' where code = 'T-BENALI'")
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.is_ordered()
    await case.parcel("lost")
    await case.loan_is("reserved")
    await case.parcel("delivered", subject="loan")
    await case.until(lambda view: view["slots"], "slots for the loan unit are offered")
    await case.proposed(paris("wed 12 10:00"), paris("wed 12 12:00"))
    await case.loan_is("visit")
    await case.parcel("delivered", subject="replacement")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.proposed(paris("wed 12 14:00"), paris("wed 12 16:00"))
    await case.reaches("on_site")
    await case.say("site_scheduling", action="technician_unavailable", reason="flu")
    await case.loan_is("scheduling")
    view = await case.until(_waits_for_new_slots, "new slots are offered")
    assert "chosen" not in {slot["state"] for slot in view["slots"]}


def _waits_for_new_slots(view: dict[str, object]) -> bool:
    slots: list[dict[str, str]] = view["slots"]  # type: ignore[assignment]  # a view is plain JSON
    offered = [slot for slot in slots if slot["state"] == "offered"]
    return view["stage"] == "site_scheduling" and bool(offered) and len(slots) > len(offered)


def _about_a_visit_planned_anew(letters: list[Mail], address: str) -> list[Mail]:
    return [mail for mail in letters if (mail.to, mail.subject) == (address, "Intervention à replanifier")]
