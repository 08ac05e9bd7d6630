"""No message of any content fails a case, and none disappears without a journal line (SPEC §5)."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from database.codecs import storable_text
from domain.messages import CASE_MESSAGES
from tests.workflows.case_story import CaseStory, paris
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, events, last_line, lines_after
from tests.workflows.strange_payloads import HUGE, MEGABYTE, NO_OBJECT, NO_SUCH_MESSAGE, STRANGE, json

UNKNOWN_NAMES = [
    "livraison",
    "__temporal_signal",
    "__stack_trace",
    "Note",
    "submit",
    "run",
    "x" * 900,
    "\u0000 \U0001f4e6 | `x`",
]


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """On the real server: what its history holds is looked at."""
    return open_case_on_server


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """A case at level 1."""
    opened = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"))
    await opened.reaches("remote_diagnosis")
    return opened


async def test_signals_of_any_name_and_content_are_journaled_as_refused_and_the_case_goes_on(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    names = [*CASE_MESSAGES, *UNKNOWN_NAMES]
    for name in names:
        await asyncio.gather(*(case.signal(name, *payloads) for payloads in STRANGE.values()))
    await ends_soundly(case, case_pool)
    rows = await case_pool.fetch("select kind, text from journal where disposition = 'refused'")
    assert Counter(row["kind"] for row in rows) == {storable_text(name): len(STRANGE) for name in names}
    assert all(": " in row["text"] and len(row["text"]) < 2_000 for row in rows)


@pytest.mark.parametrize("kind", ["note", "vendor_validation", "livraison"])
async def test_a_signal_of_a_megabyte_is_refused_and_a_little_of_it_is_shown(
    case: CaseStory, case_pool: asyncpg.Pool, kind: str
) -> None:
    before = await last_line(case)
    for payload in HUGE.values():
        await case.signal(kind, *payload)
    lines = await lines_after(case, before, len(HUGE))
    assert {line["disposition"] for line in lines} == {"refused"}
    assert all(len(line["text"]) < 2_000 for line in lines)
    await ends_soundly(case, case_pool)


async def test_updates_of_any_content_are_refused_in_one_sentence_and_leave_no_trace_in_history(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    journal = await last_line(case)
    objects = [payload for [payload] in (NO_SUCH_MESSAGE | HUGE).values() if isinstance(payload, dict)]
    for kind in [*CASE_MESSAGES, *UNKNOWN_NAMES, ""]:
        reasons = await asyncio.gather(*(refusal(case, {"kind": kind, **payload}) for payload in objects))
        assert [reason for reason in reasons if not is_one_sentence(reason)] == []
    assert await last_line(case) == journal
    assert await updates(case) == 0
    await ends_soundly(case, case_pool)


async def test_an_update_that_is_no_json_object_is_refused(case: CaseStory) -> None:
    reasons = {name: await refusal(case, *payloads) for name, payloads in NO_OBJECT.items()}
    assert reasons == dict.fromkeys(NO_OBJECT, 'payload: submit takes one JSON object with a "kind" field')
    assert await updates(case) == 0


async def test_an_update_that_names_no_kind_is_asked_for_it(case: CaseStory) -> None:
    payloads: list[dict[str, Any]] = [{}, {"text": "x"}, {"kind": None}, {"kind": ["note"], "text": "x"}, {"kind": 7}]
    reasons = {await refusal(case, payload) for payload in payloads}
    assert reasons == {"kind: name the kind of message, as note or vendor_validation"}


async def test_an_update_of_another_name_is_refused_and_the_known_one_is_named(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    for name in ("note", "__temporal_submit", "livraison"):
        with pytest.raises(WorkflowUpdateFailedError) as failure:
            await case.handle.execute_update(name, {"text": "x"})
        assert "submit" in str(failure.value.cause)
    await ends_soundly(case, case_pool)


MISTAKES: dict[str, dict[str, Any]] = {
    "level": {"kind": "remote_diagnosis", "level": 3, "outcome": "resolved", "technician": "N", "findings": "-"},
    "decided_at": {"kind": "vendor_validation", "decision": "approved", "decided_at": "2027-05-10T09:00:00"},
    "decision": {"kind": "vendor_validation", "decision": "perhaps", "decided_at": "2027-05-10T09:00:00Z"},
    "colour": {"kind": "shipment", "status": "delivered", "colour": "blue"},
    "files.0.sha256": {"kind": "logs_provided", "files": [{"name": "a", "uri": "b", "sha256": "c"}]},
    "slot_id": {"kind": "site_scheduling", "action": "choose"},
    "tests": {"kind": "intervention_report", "technician": "I", "outcome": "completed"},
    "restored": {"kind": "customer_confirmation", "restored": "perhaps"},
    "owner": {"kind": "assignment"},
    "text": {"kind": "note", "text": "x" * MEGABYTE},
    "actor": {"kind": "note", "text": "x", "actor": "nobody"},
    "at": {"kind": "note", "text": "x", "at": 1_800_000_000},
}
"""Messages with one mistake, by the field that has to be mended."""


async def test_a_refusal_names_the_field_that_has_to_be_mended(case: CaseStory) -> None:
    reasons = {field: await refusal(case, message) for field, message in MISTAKES.items()}
    assert {field: reason.partition(": ")[0] for field, reason in reasons.items()} == {
        field: field for field in MISTAKES
    }
    assert all(is_one_sentence(reason) for reason in reasons.values())


TEXTS = ["\u0000", "a\u0000b", "| `x` | </td> <script>", "é\u202e\U0001f4a5", "a\nb\r\n\u2028c", "x" * 4_000]


async def test_notes_of_any_text_are_taken_as_update_and_as_signal_and_are_in_the_read_model(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    for text in TEXTS:
        answer = await case.say("note", text=text)
        assert answer["case"]["journal"][-1]["text"] == text
        await case.signal("note", {"text": text})
    closed = await ends_soundly(case, case_pool)
    twice = [text for text in TEXTS for _ in range(2)]
    assert [line["text"] for line in closed["journal"] if line["kind"] == "note"] == twice
    rows = await case_pool.fetch("select text from journal where kind = 'note' order by sequence")
    assert [row["text"] for row in rows] == [storable_text(text) for text in twice]


async def test_a_field_that_is_given_twice_counts_once(case: CaseStory) -> None:
    before = await last_line(case)
    await case.signal("note", json('{"text": "one", "text": "two"}'))
    (line,) = await lines_after(case, before, 1)
    assert (line["disposition"], line["text"]) == ("taken", "two")


async def updates(case: CaseStory) -> int:
    """How many updates the history tells of."""
    return sum(
        EventType.Name(event.event_type).startswith("EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE")
        for event in await events(case)
    )


async def refusal(case: CaseStory, *payloads: Any) -> str:
    """Why `submit` refuses what it is given."""
    with pytest.raises(WorkflowUpdateFailedError) as failure:
        await case.handle.execute_update("submit", args=payloads)
    cause = failure.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "MessageRefused"
    return cause.message


def is_one_sentence(reason: str) -> bool:
    """One line that begins with the field, and that a person reads to its end."""
    field, colon, words = reason.partition(": ")
    return bool(field and colon and words) and "\n" not in reason and len(reason) < 1_000
