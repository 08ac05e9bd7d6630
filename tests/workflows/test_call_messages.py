"""What is said of a call: taken, kept or refused with the field, journaled whatever it is (SPEC §5)."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from domain.call_messages import CALL_MESSAGES
from tests.engine.conditions import Attempt, Failure
from tests.engine.story_on_engine import HandleOnEngine, UsualConditions
from tests.workflows.call_story import CALLER, CallStory
from tests.workflows.case_story import paris
from tests.workflows.conftest import OpenCall
from tests.workflows.sample import PARIS_BRIDGE, PARIS_ENDPOINT
from tests.workflows.strange_payloads import STRANGE

MONDAY = paris("mon 10 09:00")
FOUND = {"technician": "Noor", "findings": "the power supply"}


class ShortHistories(UsualConditions):
    """Every run is told that it is long as soon as it has done something."""

    def suggests_continue_as_new(self, history_length: int) -> bool:
        """After a few events."""
        return history_length > 25


class RegistryAway(UsualConditions):
    """The registry does not answer a call at first."""

    def attempt(self, activity_type: str, number: int, *, is_local: bool) -> Attempt:
        """Two attempts fail."""
        failure = Failure.BEFORE if activity_type == "check_call" and number <= 2 else Failure.NONE
        return Attempt(timedelta(seconds=2), failure=failure)


async def replays(story: CallStory) -> None:
    """The history so far leads a fresh worker to where the call is."""
    assert isinstance(story.handle, HandleOnEngine)
    await story.handle.execution.restart_worker()


@pytest.mark.parametrize(
    ("field", "kind", "content"),
    [
        ("kind", "shipment", {"status": "delivered"}),
        ("text", "note", {}),
        ("colour", "note", {"text": "x", "colour": "blue"}),
        ("outcome", "remote_diagnosis", {"level": 1, "outcome": "hardware_failure", **FOUND}),
        ("outcome", "remote_diagnosis", {"level": 2, "outcome": "logs_needed", **FOUND}),
        ("at", "note", {"text": "x", "at": (MONDAY + timedelta(hours=1)).isoformat()}),
        ("at", "note", {"text": "x", "at": (MONDAY - timedelta(hours=1)).isoformat()}),
        ("case", "note", {"text": "x", "case": "CA-0000-0000"}),
        ("serial_number", "clarification", {"serial_number": "\u00e9"}),
        ("serial_number", "clarification", {"serial_number": PARIS_ENDPOINT}),
        ("serial_number", "call", {"caller": CALLER, "symptom": "x", "serial_number": PARIS_BRIDGE}),
        ("actor", "note", {"text": "x", "actor": "R. Martin"}),
        ("caller", "call", {"symptom": "x"}),
    ],
)
async def test_what_does_not_fit_is_refused_with_the_field(
    open_call: OpenCall, field: str, kind: str, content: dict[str, Any]
) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_ENDPOINT)
    before = await story.journal()
    assert (await story.refused(kind, **content)).partition(": ")[0] == field
    assert await story.journal() == before


async def test_level_2_speaking_before_level_1_has_escalated_is_kept_and_used(open_call: OpenCall) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_ENDPOINT)
    found = {"kind": "remote_diagnosis", "level": 2, "outcome": "resolved", **FOUND}
    answer = await story.submit(found)
    assert (answer["disposition"], answer["text"]) == ("kept", "kept until level 1 escalates")
    assert answer["call"]["kept"] == ["remote_diagnosis"]
    await story.diagnosed(1, "escalate")
    assert (await story.result())["outcome"] == "resolved"
    await replays(story)


async def test_level_1_answering_in_time_counts_though_typed_in_after_the_clock(open_call: OpenCall) -> None:
    story = await open_call(MONDAY)
    await story.at(paris("mon 10 10:20"))
    late = await story.refused("remote_diagnosis", level=1, outcome="escalate", **FOUND)
    assert late == "level: level 1 is out of date: the call is at level 2"
    await story.diagnosed(1, "resolved", at=paris("mon 10 09:50").isoformat())
    closed = await story.result()
    assert closed["promises"][0]["name"] == "level_1_answer"
    assert closed["promises"][0]["state"] == "met"


async def test_a_message_that_comes_twice_counts_once(open_call: OpenCall) -> None:
    story = await open_call(MONDAY, message_id="call-1", serial_number=PARIS_ENDPOINT)
    repeated = await story.say(
        "call",
        caller=CALLER,
        symptom="no sound from the far end",
        received_at=MONDAY.isoformat(),
        serial_number=PARIS_ENDPOINT,
        message_id="call-1",
    )
    first = repeated["journal"][-1]["sequence"]
    for _ in range(2):
        view = await story.say("note", text="who has it?", message_id="n1")
    assert view["journal"][-1]["sequence"] == first + 1
    assert "message_id" in await story.refused("note", text="other", message_id="n1")


async def test_an_assignment_is_kept_through_the_levels(open_call: OpenCall) -> None:
    story = await open_call(MONDAY)
    view = await story.say("assignment", owner="Imane", next_action="call at noon")
    assert (view["owner"], view["next_action"]) == ("Imane", "call at noon")
    await story.diagnosed(1, "escalate")
    assert (await story.reaches("remote_diagnosis", level=2))["owner"] == "Imane"


async def test_what_is_said_after_the_end_finds_nobody(open_call: OpenCall) -> None:
    story = await open_call(MONDAY)
    await story.diagnosed(1, "resolved")
    closed = await story.result()
    assert closed["next_messages"] == []


async def test_signals_of_any_name_and_content_are_journaled_and_the_call_goes_on(
    open_call: OpenCall, case_pool: asyncpg.Pool
) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_ENDPOINT)
    names = [*CALL_MESSAGES, "livraison", "x" * 900]
    for name in names:
        for payloads in STRANGE.values():
            await story.signal(name, *payloads)
    await story.diagnosed(1, "resolved")
    closed = await story.result()
    assert closed["outcome"] == "resolved"
    refused = await case_pool.fetchval("select count(*) from call_journal where disposition = 'refused'")
    assert refused == len(names) * len(STRANGE)
    await replays(story)


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        ({}, 'phone assistance starts with one argument, {"call": {…}}'),
        ({"call": {"symptom": "x"}}, "call.caller: this field is required"),
        (
            {"call": {"caller": {"name": "A"}, "symptom": "x", "call_id": "other"}},
            "has the workflow id assistance-other",
        ),
        (
            {"call": {"caller": {"name": "A"}, "symptom": "x", "received_at": "2030-01-01T00:00:00Z"}},
            "ahead of the clock",
        ),
        (
            {"call": {"caller": {"name": "A"}, "symptom": "x", "received_at": "2025-01-01T00:00:00Z"}},
            "more than a year",
        ),
        ({"call": {"caller": {"name": "A"}, "symptom": "x", "received_at": "2027-05-01T00:00:00Z"}}, "supervisor"),
        (["call"], "starts with one argument"),
    ],
)
async def test_a_call_that_does_not_fit_ends_as_rejected_with_the_reason(
    open_call: OpenCall, opening: Any, reason: str
) -> None:
    story = await open_call(MONDAY, opening=opening)
    closed = await story.result()
    assert (closed["stage"], closed["outcome"]) == ("closed", "rejected")
    assert reason in closed["outcome_reason"]


async def test_a_long_life_goes_on_as_new_with_all_it_knows(open_call: OpenCall) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_BRIDGE, conditions=ShortHistories())
    assert isinstance(story.handle, HandleOnEngine)
    await story.say("note", text="first", message_id="n1")
    await story.diagnosed(1, "escalate")
    await story.diagnosed(2, "logs_needed")
    await story.at(paris("thu 13 12:00"))
    runs = story.handle.execution.runs
    assert runs > 2
    view = await story.say("note", text="first", message_id="n1")
    assert [line["text"] for line in view["journal"]].count("first") == 1
    file = {"name": "trace.log", "uri": "https://example.invalid/trace.log", "sha256": "0" * 64}
    await story.say("logs_provided", files=[file])
    await story.diagnosed(2, "resolved", findings="a setting")
    closed = await story.result()
    assert [(p["name"], p["state"]) for p in closed["promises"]] == [
        ("level_1_answer", "met"),
        ("level_2_diagnosis", "met"),
    ]


async def test_a_call_is_recorded_while_the_registry_is_away_and_checked_when_it_is_back(open_call: OpenCall) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_ENDPOINT, conditions=RegistryAway())
    await story.after(timedelta(seconds=30))
    view = await story.reaches("remote_diagnosis", customer="BRUNEL", check_pending=False)
    texts = [line["text"] for line in view["journal"]]
    assert texts[:2] == [
        "degraded: no sound from the far end",
        "recorded; the registry cannot be asked now, the check is pending",
    ]


async def test_the_engine_can_be_asked_what_is_late(open_call: OpenCall) -> None:
    story = await open_call(MONDAY, serial_number=PARIS_ENDPOINT)
    await story.at(paris("mon 10 15:00"))
    view = await story.view()
    assert isinstance(story.handle, HandleOnEngine)
    attributes = story.handle.execution.search_attributes
    assert attributes["PromiseState"] == "breached"
    assert (attributes["CaseReference"], attributes["SerialNumber"]) == (view["reference"], PARIS_ENDPOINT)
    assert (attributes["CaseStage"], attributes["WaitingFor"]) == ("remote_diagnosis", "support")
