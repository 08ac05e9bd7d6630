"""Continue-as-new, forced wherever a case comes to rest: everything that matters is carried over (DESIGN §2.11)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from database.cases import CaseStore
from starter.desk import Desk
from tests.environment import time_skipping_server
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.letters import mails
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, is_sound

SOON = 16
"""After so many events the server suggests to continue: a run that waits has fewer, one that heard a message more."""


STAGES = {"remote_diagnosis", "vendor_validation", "site_scheduling", "on_site", "restored"}
"""Where this case rests: what is kept for the shipment is used at once."""
OTHER_ENDPOINT = "FTT27177WBH"
UNIT = "FOC2811NH3P"
"""The one loan unit that is left, and can do what either of the two can."""


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: its runs and their histories are looked at."""
    return open_case_on_server


@pytest.fixture(scope="module")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A server that finds every history long."""
    suggestion = f"limit.historyCount.suggestContinueAsNew={SOON}"
    environment = await time_skipping_server("--dynamic-config-value", suggestion)
    yield environment
    await environment.shutdown()


async def carried(case: CaseStory) -> list[dict[str, Any]]:
    """The case as each of its runs but the last handed it on, in order."""
    states: list[dict[str, Any]] = []
    description = await case.handle.describe()
    run_id = description.raw_description.workflow_execution_info.first_run_id
    while True:
        history = await case.environment.client.get_workflow_handle(case.handle.id, run_id=run_id).fetch_history()
        last = history.events[-1]
        if last.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
            return states
        attributes = last.workflow_execution_continued_as_new_event_attributes
        [handed_over] = await case.environment.client.data_converter.decode(attributes.input.payloads)
        states.append(handed_over["continued"])
        run_id = attributes.new_execution_run_id


async def goes_on(case: CaseStory) -> None:
    """Talk until another run has taken over, wherever the case stands."""
    before = (await case.view())["run_id"]
    for number in range(SOON):
        view = (await case.say("note", text=f"{number}"))["case"]
        if view["run_id"] != before:
            return
    await case.until(lambda view: view["run_id"] != before, "the case goes on in another run")


async def test_a_standard_exchange_goes_on_at_every_stage(
    open_case: OpenCase, case_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    call = {"level": 1, "outcome": "escalate", "technician": "Noor", "findings": "dark", "message_id": "call-1"}
    answer = await case.say("remote_diagnosis", **call)
    early = await case.say("shipment", status="delivered", signed_by="accueil", message_id="parcel-1")
    assert early["disposition"] == "kept"
    await goes_on(case)
    await case.hardware_has_failed()
    await goes_on(case)
    await case.approved()
    await case.reaches("site_scheduling", waiting_for="customer")
    held = await case_pool.fetch("select slot_id from visit_slots where state = 'offered' order by slot_id")
    await goes_on(case)
    await case.visit_is_chosen()
    await goes_on(case)
    await case.worked_on_site()
    await case.reaches("restored")
    await goes_on(case)
    assert (await case.say("remote_diagnosis", **call))["text"] == answer["text"]
    assert "message_id" in await case.refused("remote_diagnosis", **{**call, "findings": "something else"})
    closed = await case.result()

    states = await carried(case)
    stages = [state["stage"] for state in states]
    assert set(stages) == STAGES
    assert any(kept["kind"] == "shipment" for state in states for kept in state["pending"])
    offered = [slot["slot_id"] for slot in states[stages.index("on_site")]["slots"]]
    assert offered == [row["slot_id"] for row in held]
    assert {"call-1", "parcel-1"} <= set(states[-1]["heard"])
    assert {promise["state"] for promise in closed["promises"]} == {"met"}
    assert len({promise["id"] for promise in closed["promises"]}) == len(closed["promises"])
    letters = mails(tmp_path, closed["reference"])
    assert len(letters) == len({(mail.to, mail.subject) for mail in letters})
    await is_sound(case, closed, case_pool)


async def test_every_stage_of_a_loan_goes_on(open_case: OpenCase, case_pool: asyncpg.Pool) -> None:
    await case_pool.execute("update loan_units set lost_at = $1 where serial_number <> $2", paris("mon 3 08:00"), UNIT)
    other = await open_case(OTHER_ENDPOINT, paris("mon 10 09:00"))
    await other.is_ordered()
    await other.parcel("lost")
    await other.loan_is("reserved")
    case = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await case.is_ordered()
    await case.at(paris("tue 11 18:01"))
    await case.loan_is("considered")
    await goes_on(case)
    await case.at(paris("wed 12 09:05"))
    await case.loan_is("waiting")
    await goes_on(case)
    await other.say("loan_veto", reason="they have another room")
    await case.loan_is("reserved")
    await goes_on(case)
    await case.parcel("dispatched", subject="loan")
    await case.loan_is("dispatched")
    await goes_on(case)
    await case.parcel("delivered", subject="loan")
    await case.until(lambda view: view["slots"], "slots for the loan unit are offered")
    await goes_on(case)
    start, end = paris("fri 14 10:00"), paris("fri 14 12:00")
    await case.proposed(start, end)
    await case.loan_is("visit")
    await goes_on(case)
    await case.at(end)
    tests = [{"name": "video call", "passed": True}]
    await case.say("intervention_report", technician="Imane", outcome="completed", tests=tests)
    await case.loan_is("in_service")
    await goes_on(case)
    await case.parcel("delivered", subject="replacement")
    await case.reaches("site_scheduling", waiting_for="customer")
    await case.visit_is_chosen()
    await case.worked_on_site()
    closed = await case.result()
    stages = {state["loan"]["stage"] for state in await carried(case) if state["loan"]}
    assert stages >= {"considered", "waiting", "reserved", "dispatched", "scheduling", "visit", "in_service", "ended"}
    units = await case_pool.fetch("select state from loans where unit = $1 order by asked_at, case_reference", UNIT)
    assert sorted(row["state"] for row in units) == ["called_off", "returning"]
    await is_sound(case, closed, case_pool)


async def test_updates_are_answered_and_the_desk_finds_the_present_run_while_runs_change(
    open_case: OpenCase, case_pool: asyncpg.Pool, temporal: WorkflowEnvironment
) -> None:
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    desk = Desk(temporal.client, CaseStore(case_pool))
    reference = (await case.view())["reference"]
    texts = [f"note {number}" for number in range(60)]
    for some in (texts[:20], texts[20:40], texts[40:]):
        # with an id each: the SDK may send once more what the server took just as the run ended
        signals = [case.signal("note", {"text": text, "message_id": text}) for text in some[::2]]
        updates = [case.say("note", text=text, message_id=text) for text in some[1::2]]
        answers = await asyncio.gather(*signals, *updates)
        assert {answer["disposition"] for answer in answers if answer} == {"taken"}
        await goes_on(case)
    await desk.send(reference, "note", {"text": "from the desk"})
    assert (await desk.show(reference)).view.stage == "remote_diagnosis"
    closed = await ends_soundly(case, case_pool)
    notes = await case_pool.fetch("select text from journal where kind = 'note'")
    told = [row["text"] for row in notes if not row["text"].isdigit()]
    assert sorted(told) == sorted([*texts, "from the desk"])
    recorded = await case_pool.fetchval("select run_id from cases")
    shown = await desk.show(reference)
    assert recorded == closed["run_id"] == shown.view.run_id == (await case.handle.describe()).run_id
    assert len(await carried(case)) >= 3


async def test_letters_that_are_on_their_way_travel_on_and_arrive_once(open_case: OpenCase, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no directory, so that no letter can be delivered")
    case = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    view = await case.needs_hands()
    await goes_on(case)
    (tmp_path / "mail").unlink()
    await case.after(timedelta(minutes=5))
    states = await carried(case)
    assert any(letter["to"] == "customer" for state in states for letter in state["letters"])
    told = [mail.subject for mail in mails(tmp_path, view["reference"])]
    assert told == ["Votre signalement est enregistré", "Choix d'un créneau d'intervention"]
