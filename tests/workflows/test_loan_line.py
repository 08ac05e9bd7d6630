"""The line for loan units: the oldest promise first; who is not served waits, and the supervisor is told (R8)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from pydantic import JsonValue

from database.loan_units import LoanUnits
from starter.answers import Refused
from starter.loan_units import LoanUnitDesk
from tests.workflows import loan_story as lending
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import SUPERVISOR, mails_about
from tests.workflows.loan_story import NONE_FREE, UNIT_IN_PARIS
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT

ROOM_KIT_PRO, ROOM_KIT = "FOC2735Y3TT", "FTT27177WBH"
"""Other equipment of the same site, which the unit in Paris serves as well."""

TUESDAY = paris("tue 11 09:00")


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """Reported on Tuesday at nine, and blocking."""
    return await open_case(PARIS_ENDPOINT, TUESDAY, impact="blocking")


@pytest.fixture
async def one_unit(case_pool: asyncpg.Pool) -> None:
    """The pool has one unit, in Paris."""
    await case_pool.execute("delete from loan_units where serial_number <> $1", UNIT_IN_PARIS)


async def test_equipment_that_no_unit_can_stand_in_for_waits_in_line_and_may_be_vetoed_there(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """A bridge: the supervisor is told, and the promise runs out."""
    case = await open_case(PARIS_BRIDGE, TUESDAY, impact="blocking")
    await case.diagnosed(2, "hardware_failure", defective_articles=["UCSC-PSU1-770W"])
    await case.reaches("vendor_validation", waiting_for="vendor")
    await case.approved()
    await case.reaches("shipment")
    await case.parcel("lost")
    view = await case.loan_is("waiting", unit=None)
    await case.until(lambda _: mails_about(tmp_path, NONE_FREE), "the supervisor is told")
    (mail,) = mails_about(tmp_path, NONE_FREE)
    assert mail.to == SUPERVISOR
    assert "Place dans la file d'attente : 1." in mail.text
    await case.signal("loan_assigned", {"unit": UNIT_IN_PARIS})  # made up: the pool knows of none
    await case.at(paris("wed 12 18:00:01"))
    view = await case.until(lambda view: view["promise_state"] == "breached")
    assert view["loan"]["stage"] == "waiting"
    await case.say("loan_veto", reason="the customer has another bridge")
    await case.loan_is("ended", ended_because="vetoed: the customer has another bridge")
    assert await lending.loans(case_pool) == [("called_off", None)]
    assert (await case.promise("loan_available"))["state"] == "breached"


@pytest.mark.usefixtures("one_unit")
async def test_a_unit_that_comes_free_goes_to_the_oldest_promise_in_line(
    case: CaseStory, open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    """Given back by a closed case through its return, then by one that is called off before the unit has left."""
    await lending.to_in_service(case)
    younger = await open_case(ROOM_KIT, TUESDAY, impact="blocking")
    older = await open_case(ROOM_KIT_PRO, paris("mon 10 09:00"), impact="blocking")
    for waiting in (younger, older):
        await waiting.is_ordered()
        await waiting.parcel("lost")
        await waiting.loan_is("waiting")
    await case.say("cancellation", reason="sold")
    closed = await case.handle.result()
    assert (await younger.view())["loan"]["stage"] == (await older.view())["loan"]["stage"] == "waiting"
    await lending.comes_back(case, closed)
    assert (await older.loan_is("reserved"))["loan"]["unit"]["serial_number"] == UNIT_IN_PARIS
    assert (await younger.view())["loan"]["stage"] == "waiting"
    await older.say("cancellation", reason="sold too")
    await older.handle.result()
    assert (await younger.loan_is("reserved"))["loan"]["unit"]["serial_number"] == UNIT_IN_PARIS
    assert sorted(state for state, _ in await lending.loans(case_pool)) == ["called_off", "reserved", "returned"]
    await younger.parcel("dispatched", subject="loan")
    await younger.loan_is("dispatched")


@pytest.mark.usefixtures("one_unit")
@pytest.mark.parametrize("news", [("received", "damaged"), ("lost", None)], ids=["damaged", "lost"])
async def test_a_unit_that_is_put_back_into_service_goes_to_who_waits_in_line(
    case: CaseStory, open_case: OpenCase, case_pool: asyncpg.Pool, news: tuple[str, str | None]
) -> None:
    """Repaired, or found again: until then the one who waits does not get it."""
    status, condition = news
    await lending.to_in_service(case)
    waiting = await open_case(ROOM_KIT, TUESDAY, impact="blocking")
    await waiting.is_ordered()
    await waiting.parcel("lost")
    await waiting.loan_is("waiting")
    await case.say("cancellation", reason="sold")
    way_back = lending.way_back(case, await case.handle.result())
    await way_back.until(lambda view: view["due_at"], "the return is followed")
    await way_back.news(status, **({"condition": condition} if condition else {}))
    await way_back.handle.result()
    assert await lending.unit_of(case_pool, waiting) == ("waiting", None)

    async def signal(workflow_id: str, name: str, payload: Mapping[str, JsonValue]) -> bool:
        await case.environment.client.get_workflow_handle(workflow_id).signal(name, args=[dict(payload)])
        return True

    desk = LoanUnitDesk(signal, LoanUnits(case_pool))
    done = await desk.put_back(UNIT_IN_PARIS, "as good as new", "coordinator:Noor", datetime.now(UTC))
    assert (done.state, done.told) == ("reserved", ((await waiting.view())["reference"],))
    assert (await waiting.loan_is("reserved"))["loan"]["unit"]["serial_number"] == UNIT_IN_PARIS
    with pytest.raises(Refused, match="neither lost nor out of order: it is reserved for CM-"):
        await desk.put_back(UNIT_IN_PARIS, "again", "coordinator:Noor", datetime.now(UTC))
    told = [line for line in (await waiting.view())["journal"] if line["kind"] == "loan_assigned"]
    assert [line["disposition"] for line in told] == ["taken"]  # told twice, it has heard it once
