"""Early, late, for another case, after the end: a message is used in its turn, or it is said why not (SPEC §5)."""

import asyncio
from typing import Any

import asyncpg
import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, is_sound, last_line, lines_after

MORNING = paris("mon 10 09:00")
STORY: dict[str, dict[str, Any]] = {
    "vendor_validation": {"decision": "approved", "rma_number": "RMA-1", "decided_at": MORNING.isoformat()},
    "shipment": {"status": "delivered", "signed_by": "accueil"},
    "site_scheduling": {
        "action": "propose",
        "start": paris("wed 12 14:00").isoformat(),
        "end": paris("wed 12 16:00").isoformat(),
    },
    "intervention_report": {
        "technician": "Imane",
        "outcome": "completed",
        "tests": [{"name": "video call", "passed": True}],
    },
    "customer_confirmation": {"restored": True},
}
"""What is said once the hardware failure was found, in the order of the stages."""


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """A case at level 1."""
    opened = await open_case(PARIS_ENDPOINT, MORNING)
    await opened.reaches("remote_diagnosis")
    return opened


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
async def test_everything_that_was_said_too_early_is_used_when_its_turn_comes(
    case: CaseStory, case_pool: asyncpg.Pool, backwards: bool
) -> None:
    before = await last_line(case)
    finding = {"level": 2, "outcome": "hardware_failure", "technician": "Noor", "findings": "the power supply"}
    early = [("remote_diagnosis", finding), *STORY.items()]
    for kind, payload in reversed(early) if backwards else early:
        await case.signal(kind, payload)
    kept = await lines_after(case, before, len(early))
    assert {line["disposition"] for line in kept} == {"kept"}
    await case.diagnosed(1, "escalate")
    closed = await case.handle.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("restored", "confirmed by the customer")
    assert not [line for line in closed["journal"] if "not used" in line["text"]]
    assert await case_pool.fetchval("select count(*) from orders") == 1
    await is_sound(case, closed, case_pool)


async def test_what_answers_an_offer_or_a_visit_is_refused_before_there_is_one(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    choice = await case.refused("site_scheduling", action="choose", slot_id="A-GUESS")
    assert choice == "slot_id: no slot has been offered yet; a wish of the customer's own is 'propose'"
    assert (await case.refused("site_scheduling", action="decline")).startswith("action: no slot has been offered")
    no_access = await case.refused("intervention_report", technician="Imane", outcome="no_access")
    assert no_access.startswith("outcome: no visit has been agreed")
    await case.hardware_has_failed()
    await case.delivered()
    await case.visit_is_chosen()
    await case.worked_on_site()
    await case.say("customer_confirmation", restored=True)
    await is_sound(case, await case.handle.result(), case_pool)


async def test_what_belongs_to_a_stage_that_is_past_is_out_of_date(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    await case.hardware_has_failed()
    await case.delivered()
    await case.visit_is_chosen()
    before = await last_line(case)
    for kind in ("vendor_validation", "shipment"):
        assert await case.refused(kind, **STORY[kind]) == f"kind: {kind} is out of date: the case is at stage on_site"
        await case.signal(kind, STORY[kind])
    lines = await lines_after(case, before, 2)
    assert [(line["kind"], line["disposition"]) for line in lines] == [
        ("vendor_validation", "refused"),
        ("shipment", "refused"),
    ]
    assert "is out of date" in lines[0]["text"]


async def test_a_second_approval_is_out_of_date_and_orders_nothing(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    await case.hardware_has_failed()
    await asyncio.gather(*(case.signal("vendor_validation", STORY["vendor_validation"]) for _ in range(5)))
    view = await case.until(
        lambda view: [line["kind"] for line in view["journal"]].count("vendor_validation") >= 5, "all are journaled"
    )
    dispositions = [line["disposition"] for line in view["journal"] if line["kind"] == "vendor_validation"]
    assert "taken" in dispositions
    await case.reaches("shipment")
    assert await case_pool.fetchval("select count(*) from orders") == 1
    assert [promise["name"] for promise in view["promises"]].count("replacement_delivery") <= 1


async def test_a_message_for_another_case_is_refused_and_names_both(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    own = (await case.view())["reference"]
    reason = await case.refused("note", text="for whom?", case="CM-0000-0000")
    assert reason.startswith("case: ")
    assert own in reason
    assert "CM-0000-0000" in reason
    assert (await case.say("note", text="for this one", case=own))["disposition"] == "taken"
    before = await last_line(case)
    await case.signal("note", {"text": "for whom?", "case": "CM-0000-0000"})
    (line,) = await lines_after(case, before, 1)
    assert line["disposition"] == "refused"
    await ends_soundly(case, case_pool)


async def test_a_late_word_for_the_case_before_never_reaches_its_successor(
    open_case: OpenCase, case_pool: asyncpg.Pool
) -> None:
    former = await open_case(PARIS_ENDPOINT, MORNING)
    await former.diagnosed(1, "resolved")
    reference = (await former.handle.result())["reference"]
    successor = await open_case(PARIS_ENDPOINT, paris("tue 11 09:00"))
    reason = await successor.refused("note", text="too late", case=reference)
    assert reference in reason
    await ends_soundly(successor, case_pool)


async def test_a_closed_case_takes_no_message_and_its_sender_is_told(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    closed = await ends_soundly(case, case_pool)
    with pytest.raises(RPCError) as by_update:
        await case.say("note", text="one more thing")
    with pytest.raises(RPCError) as by_signal:
        await case.signal("note", {"text": "one more thing"})
    assert {by_update.value.status, by_signal.value.status} == {RPCStatusCode.NOT_FOUND}
    assert await case.view() == closed


async def test_what_comes_in_at_the_very_end_is_journaled_or_its_sender_is_told(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    """The last word, and thirty notes at the same moment."""

    async def send(number: int) -> str | Exception:
        try:
            await case.say("note", text=f"note {number}")
        except (RPCError, WorkflowUpdateFailedError) as refused:
            return refused
        return f"note {number}"

    last_word = case.diagnosed(1, "resolved")
    _, *sent = await asyncio.gather(last_word, *(send(number) for number in range(30)))
    closed = await case.handle.result()
    taken = [line["text"] for line in closed["journal"] if line["kind"] == "note" and line["disposition"] == "taken"]
    assert sorted(taken) == sorted(text for text in sent if isinstance(text, str))
    for told in sent:
        assert not isinstance(told, RPCError) or told.status is RPCStatusCode.NOT_FOUND
        assert not isinstance(told, WorkflowUpdateFailedError) or "out of date" in str(told.cause)
    await is_sound(case, closed, case_pool)
