"""A message that comes twice under one id changes nothing the second time (SPEC §5)."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.workflows.case_story import CaseStory, paris, report
from tests.workflows.conftest import OpenCase
from tests.workflows.sample import PARIS_ENDPOINT
from tests.workflows.soundness import ends_soundly, last_line, lines_after

ESCALATION = {
    "kind": "remote_diagnosis",
    "level": 1,
    "outcome": "escalate",
    "technician": "Noor",
    "findings": "the power supply",
    "message_id": "call-1",
}
OTHER_CONTENT = "message_id: 'call-1' was used for a message with other content"


@pytest.fixture
async def case(open_case: OpenCase) -> CaseStory:
    """A case at level 1."""
    opened = await open_case(PARIS_ENDPOINT, paris("mon 10 09:00"), message_id="report-1")
    await opened.reaches("remote_diagnosis")
    return opened


async def test_a_repeat_answers_the_same_disposition_with_the_current_view(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    first = await case.submit(ESCALATION)
    await case.reaches("remote_diagnosis", level=2)
    await case.say("note", text="meanwhile")
    before = await case.view()
    again = await case.submit(ESCALATION)
    assert (again["disposition"], again["text"]) == (first["disposition"], first["text"])
    assert again["case"] == before == await case.view()
    await ends_soundly(case, case_pool)


async def test_a_repeat_is_known_by_its_content_not_by_the_order_of_its_fields(case: CaseStory) -> None:
    await case.submit(ESCALATION)
    before = await case.reaches("remote_diagnosis", level=2)
    await case.submit(dict(reversed(ESCALATION.items())))
    assert await case.view() == before


@pytest.mark.parametrize("first_as_signal", [True, False])
async def test_a_signal_and_an_update_of_one_message_are_repeats_of_each_other(
    case: CaseStory, first_as_signal: bool
) -> None:
    before = await last_line(case)
    note = {"text": "the room is free on Thursday", "message_id": "note-1"}

    async def by_signal() -> None:
        await case.signal("note", note)

    async def by_update() -> None:
        assert (await case.say("note", **note))["disposition"] == "taken"

    for send in (by_signal, by_update) if first_as_signal else (by_update, by_signal):
        await send()
    assert [line["text"] for line in await lines_after(case, before, 1)] == ["the room is free on Thursday"]


async def test_the_repeat_of_a_kept_message_is_kept_also_after_it_was_used(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    approval = {"kind": "vendor_validation", "decision": "approved", "decided_at": paris("mon 10 09:00").isoformat()}
    first = await case.submit({**approval, "message_id": "rma-1"})
    assert first["disposition"] == "kept"
    await case.diagnosed(1, "escalate")
    await case.diagnosed(2, "hardware_failure")
    before = await case.reaches("shipment")
    again = await case.submit({**approval, "message_id": "rma-1"})
    assert (again["disposition"], again["text"], again["case"]) == ("kept", first["text"], before)
    assert await case_pool.fetchval("select count(*) from orders") == 1


async def test_another_message_under_a_used_id_is_refused_as_an_update_and_journaled_as_a_signal(
    case: CaseStory, case_pool: asyncpg.Pool
) -> None:
    await case.submit(ESCALATION)
    assert await case.refused("note", text="something else", message_id="call-1") == OTHER_CONTENT
    before = await last_line(case)
    await case.signal("note", {"text": "something else", "message_id": "call-1"})
    (line,) = await lines_after(case, before, 1)
    assert line["disposition"] == "refused"
    assert line["text"].startswith(OTHER_CONTENT)
    await ends_soundly(case, case_pool)


@pytest.mark.parametrize(
    "refused",
    [
        {"kind": "note", "text": ""},
        {"kind": "note", "text": "later", "at": paris("tue 11 09:00").isoformat()},
        {"kind": "note", "text": "for another", "case": "CM-0000-0000"},
        {"kind": "loan_veto", "reason": "no loan is due"},
    ],
    ids=["malformed", "ahead of the clock", "for another case", "not handled"],
)
async def test_the_id_of_a_refused_message_is_free_again(case: CaseStory, refused: dict[str, Any]) -> None:
    fields = {name: value for name, value in refused.items() if name != "kind"}
    await case.refused(refused["kind"], **fields, message_id="note-1")
    await case.signal(refused["kind"], {**fields, "message_id": "note-1"})
    answer = await case.say("note", text="mended", message_id="note-1")
    assert answer["disposition"] == "taken"
    assert answer["case"]["journal"][-1]["text"] == "mended"


async def test_twenty_repeats_at_the_same_moment_leave_one_line(case: CaseStory, case_pool: asyncpg.Pool) -> None:
    before = await last_line(case)
    note = {"kind": "note", "text": "rang twenty times", "message_id": "note-1"}
    answers = await asyncio.gather(*(case.submit(note) for _ in range(20)))
    assert {(answer["disposition"], answer["text"]) for answer in answers} == {("taken", "taken")}
    await lines_after(case, before, 1)
    await ends_soundly(case, case_pool)


async def test_the_report_that_opened_the_case_is_known_again_by_its_id(case: CaseStory) -> None:
    before = await case.view()
    opening = report(PARIS_ENDPOINT, reported_at=paris("mon 10 09:00").isoformat(), message_id="report-1")
    answer = await case.say("report", **opening)
    assert answer["disposition"] == "taken"
    assert await case.view() == before


async def test_messages_without_an_id_are_never_repeats(case: CaseStory) -> None:
    before = await last_line(case)
    for _ in range(2):
        await case.say("note", text="rang")
    assert [line["text"] for line in await lines_after(case, before, 2)] == ["rang", "rang"]
