"""Phone assistance: guided by level 1, diagnosed by level 2, resolved or handed over (R2, R3, R4, R14)."""

from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from database.calls import CallFilter, CallStore
from tests.workflows.call_story import CALLER
from tests.workflows.case_story import instant, paris
from tests.workflows.conftest import OpenCall
from tests.workflows.letters import mails
from tests.workflows.sample import EXPIRED_CONTRACT, PARIS_BRIDGE, PARIS_ENDPOINT


async def test_a_call_is_answered_by_level_1_within_a_business_hour(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    view = await story.reaches("remote_diagnosis", level=1, waiting_for="support")
    assert view["reference"].startswith("CA-")
    assert (view["customer"], view["owner"], view["channel"]) == ("BRUNEL", "level 1", "phone")
    assert instant((await story.promise("level_1_answer"))["due_at"]) == paris("mon 10 10:00")
    await story.at(paris("mon 10 09:20"))
    await story.diagnosed(1, "resolved", findings="the sound was muted")
    closed = await story.result()
    assert (closed["stage"], closed["outcome"], closed["outcome_reason"]) == (
        "closed",
        "resolved",
        "the sound was muted",
    )
    assert [(p["name"], p["state"]) for p in closed["promises"]] == [("level_1_answer", "met")]
    assert closed["waiting_for"] == "nobody"


async def test_a_caller_with_an_address_is_told_how_it_was_resolved(open_call: OpenCall, tmp_path: Path) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.diagnosed(1, "resolved", findings="the sound was muted")
    await story.result()
    assert [(mail.to, mail.subject) for mail in mails(tmp_path)] == [(CALLER["email"], "Votre appel est résolu")]


async def test_level_2_finds_what_level_1_did_not(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 09:30"))
    view = await story.diagnosed(1, "escalate")
    assert (view["level"], view["owner"]) == (2, "level 2")
    assert instant((await story.promise("level_2_diagnosis"))["due_at"]).replace(microsecond=0) == paris("mon 10 13:30")
    await story.diagnosed(2, "resolved", findings="a setting of the gateway")
    closed = await story.result()
    assert [(p["name"], p["state"]) for p in closed["promises"]] == [
        ("level_1_answer", "met"),
        ("level_2_diagnosis", "met"),
    ]


async def test_nobody_at_level_1_acts_and_it_escalates_by_itself(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.at(paris("mon 10 10:01"))
    await story.reaches("remote_diagnosis", level=2, promise_state="on_track")
    assert "nobody at level 1 has acted in time: escalated to level 2" in await story.journal()
    assert (await story.promise("level_1_answer"))["state"] == "breached"


async def test_a_blocking_call_goes_straight_to_level_2(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"), impact="blocking")
    view = await story.reaches("remote_diagnosis", level=2)
    assert [promise["name"] for promise in view["promises"]] == ["level_2_diagnosis"]


async def test_the_same_call_again_that_says_blocking_escalates(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.say("call", caller=CALLER, symptom="now there is no picture either", impact="blocking")
    await story.reaches("remote_diagnosis", level=2)


async def test_log_files_are_asked_for_infrastructure_and_stop_the_clock(open_call: OpenCall, tmp_path: Path) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=PARIS_BRIDGE)
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "logs_needed", findings="the traces of the night")
    await story.reaches("remote_diagnosis", waiting_for="customer")
    assert (await story.promise("level_2_diagnosis"))["state"] == "paused"
    await story.at(paris("tue 11 10:00"))
    file = {"name": "trace.log", "uri": "https://example.invalid/trace.log", "sha256": "0" * 64}
    await story.say("logs_provided", files=[file])
    await story.reaches("remote_diagnosis", waiting_for="support")
    assert (await story.promise("level_2_diagnosis"))["state"] == "running"
    told = [mail.subject for mail in mails(tmp_path) if mail.to == CALLER["email"]]
    assert told == ["Fichiers de journalisation demandés", "Fichiers de journalisation attendus"]


@pytest.mark.parametrize(
    ("serial_number", "reason"),
    [
        (EXPIRED_CONTRACT, "is not in force"),
        ("NOBODY-KNOWS", "not in the registry"),
    ],
)
async def test_what_is_not_covered_is_rejected_with_the_reason(
    open_call: OpenCall, tmp_path: Path, serial_number: str, reason: str
) -> None:
    story = await open_call(paris("mon 10 09:00"), serial_number=serial_number)
    closed = await story.result()
    assert (closed["outcome"], closed["promises"]) == ("rejected", [])
    assert reason in closed["outcome_reason"]
    letter = mails(tmp_path)[-1]
    assert letter.to == CALLER["email"]
    assert reason in letter.text


async def test_a_supervisor_may_accept_what_is_not_covered(open_call: OpenCall) -> None:
    exception = {"kind": "goodwill", "granted_by": "R. Martin", "reason": "a good customer"}
    story = await open_call(paris("mon 10 09:00"), serial_number=EXPIRED_CONTRACT, exception=exception)
    view = await story.reaches("remote_diagnosis")
    assert view["basis"].startswith("exception (goodwill) by R. Martin")


async def test_a_call_without_a_serial_number_is_taken_and_given_one_later(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    view = await story.reaches("remote_diagnosis", serial_number=None, customer=None)
    assert view["basis"] == "not checked: no serial number yet"
    await story.diagnosed(1, "escalate")
    refused = await story.refused(
        "remote_diagnosis", level=2, outcome="hardware_failure", technician="Noor", findings="dead"
    )
    assert refused.startswith("outcome: hardware_failure needs the serial number")
    await story.say("clarification", serial_number=PARIS_ENDPOINT)
    view = await story.reaches("remote_diagnosis", serial_number=PARIS_ENDPOINT)
    assert (view["customer"], view["basis"], view["level"]) == ("BRUNEL", "contract", 2)


async def test_a_serial_number_that_nobody_knows_changes_nothing(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.say("clarification", serial_number="NOBODY-KNOWS")
    await story.until(lambda view: "not in the registry" in view["journal"][-1]["text"], "it says so")
    assert (await story.view())["serial_number"] is None


async def test_a_serial_number_of_something_uncovered_ends_the_call_with_the_reason(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.say("clarification", serial_number=EXPIRED_CONTRACT)
    closed = await story.result()
    assert (closed["outcome"], closed["serial_number"]) == ("rejected", EXPIRED_CONTRACT)


async def test_the_caller_needs_no_help_any_more(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.say("cancellation", reason="it works again")
    closed = await story.result()
    assert (closed["outcome"], closed["outcome_reason"]) == ("cancelled", "it works again")
    assert [promise["state"] for promise in closed["promises"]] == ["cancelled"]


@pytest.mark.parametrize(
    ("called_at", "opens_at", "due_at"),
    [
        ("2027-05-10T19:30+02:00", "2027-05-11T08:00+02:00", "2027-05-11T09:00+02:00"),  # an evening
        ("2027-05-07T18:05+02:00", "2027-05-10T08:00+02:00", "2027-05-10T09:00+02:00"),  # a Friday
        ("2027-05-05T20:00+02:00", "2027-05-07T08:00+02:00", "2027-05-07T09:00+02:00"),  # the eve of Ascension
        ("2028-04-28T18:00+02:00", "2028-05-02T08:00+02:00", "2028-05-02T09:00+02:00"),  # the eve of May
        ("2027-03-27T12:00+01:00", "2027-03-30T08:00+02:00", "2027-03-30T09:00+02:00"),  # summer time, Easter Monday
        ("2027-10-31T02:30+01:00", "2027-11-02T08:00+01:00", "2027-11-02T09:00+01:00"),  # as it ends
    ],
)
async def test_out_of_hours_a_call_is_recorded_and_its_clock_starts_at_the_next_opening(
    open_call: OpenCall, tmp_path: Path, called_at: str, opens_at: str, due_at: str
) -> None:
    at = datetime.fromisoformat(called_at)
    story = await open_call(at)
    view = await story.reaches("remote_diagnosis")
    assert instant(view["line_opens_at"]) == datetime.fromisoformat(opens_at)
    promise = await story.promise("level_1_answer")
    assert instant(promise["started_at"]) == datetime.fromisoformat(opens_at)
    assert instant(promise["due_at"]) == datetime.fromisoformat(due_at)
    assert [mail.subject for mail in mails(tmp_path)] == ["Votre appel est enregistré"]


async def test_within_service_hours_nobody_is_told_when_the_line_opens(open_call: OpenCall, tmp_path: Path) -> None:
    story = await open_call(paris("mon 10 17:59"))
    assert (await story.reaches("remote_diagnosis"))["line_opens_at"] is None
    assert mails(tmp_path) == []


async def test_a_customer_who_cannot_be_reached_stops_the_clock(open_call: OpenCall) -> None:
    story = await open_call(paris("mon 10 09:00"))
    await story.diagnosed(1, "escalate")
    for at in ("mon 10 09:30", "mon 10 11:00", "tue 11 08:30"):
        await story.at(paris(at))
        await story.say("contact_attempt", party="customer", channel="phone", reached=False)
    assert (await story.view())["customer_unreachable_since"]
    await story.say("contact_attempt", party="customer", channel="phone", reached=True)
    assert (await story.view())["customer_unreachable_since"] is None


async def test_lists_know_the_calls(open_call: OpenCall, case_pool: asyncpg.Pool) -> None:
    story, store = await open_call(paris("mon 10 09:00"), serial_number=PARIS_ENDPOINT), CallStore(case_pool)
    reference = (await story.view())["reference"]
    assert [row.reference for row in await store.list(CallFilter(open_only=True, customer="BRUNEL"))] == [reference]
    await story.diagnosed(1, "resolved")
    closed = await story.result()
    recorded = await store.find(reference)
    assert recorded is not None
    assert (recorded["outcome"], len(recorded["journal"])) == ("resolved", len(closed["journal"]))  # type: ignore[arg-type]  # a list of lines
    assert await store.list(CallFilter(open_only=True)) == []
