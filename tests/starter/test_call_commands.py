"""`curative call`: open, show, list, resolve, escalate, take and send."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.worker import Worker

from tests.starter.conftest import EXPIRED_CONTRACT, Curative
from tests.starter.test_json_shapes import assert_has_shape, printed

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "assistance.md"
SHAPES: dict[str, Any] = {
    name: json.loads(example)
    for name, example in re.findall(r"<!-- shape: (\w+) -->\n```json\n(.*?)```", MANUAL.read_text(), re.DOTALL)
}
TAKEN = ("call", "open", "--by", "A. Petit", "--phone", "0148030368", "--about", "no sound")


@pytest.fixture
async def reference(worker: Worker, curative: Curative, serial_number: str) -> str:
    """An open call about covered equipment."""
    opened = await printed(curative, *TAKEN, "--serial", serial_number)
    return str(opened["reference"])


async def test_a_call_is_taken_shown_escalated_and_listed(curative: Curative, reference: str) -> None:
    shown = await curative("call", "show", reference)
    assert shown.exit_code == 0, shown.stderr
    assert f"{reference}  remote diagnosis (level 1)" in shown.stdout
    assert "A. Petit, 0148030368" in shown.stdout
    escalated = await curative("call", "escalate", reference, "--by", "Noor", "--findings", "a restart changes nothing")
    assert escalated.stdout.splitlines()[0] == f"{reference}  taken"
    assert "level 2" in escalated.stdout
    listed = await curative("call", "list", "--open")
    assert reference in listed.stdout


async def test_it_is_resolved_at_whatever_level_it_is(curative: Curative, reference: str) -> None:
    await curative("call", "escalate", reference, "--by", "Noor", "--findings", "nothing helps")
    done = await curative("call", "resolve", reference, "--by", "Imane", "--findings", "a setting")
    assert done.exit_code == 0, done.stderr
    late = await curative("call", "escalate", reference, "--by", "Noor", "--findings", "late")
    assert (late.exit_code, late.stdout) == (3, "")
    assert "out of date" in late.stderr or "takes no messages" in late.stderr


async def test_it_becomes_a_case(curative: Curative, reference: str, serial_number: str) -> None:
    taken = await curative("call", "take", reference, "--by", "Noor", "--impact", "blocking")
    assert taken.exit_code == 0, taken.stderr
    case = await printed(curative, "show", serial_number)
    assert (case["call"], case["impact"]) == (reference, "blocking")


async def test_outside_service_hours_the_caller_is_told_when_the_line_opens(worker: Worker, curative: Curative) -> None:
    now = datetime.now(UTC)
    sunday = (now - timedelta(days=(now.weekday() + 1) % 7)).replace(hour=3, minute=0)
    at = min(sunday, now) if now.weekday() < 5 else now
    opened = await curative(*TAKEN, "--at", at.isoformat(), "--actor", "supervisor:R. Martin")
    assert opened.exit_code == 0, opened.stderr
    assert "outside service hours: recorded; the line opens" in opened.stdout


async def test_a_rejected_call_ends_with_code_3_and_the_reason(worker: Worker, curative: Curative) -> None:
    rejected = await curative(*TAKEN, "--serial", EXPIRED_CONTRACT)
    assert rejected.exit_code == 3
    assert "not in force" in rejected.stdout


async def test_the_json_has_the_shape_that_the_manual_shows(
    worker: Worker, curative: Curative, serial_number: str
) -> None:
    opened = await printed(curative, *TAKEN, "--serial", serial_number)
    assert_has_shape(opened, SHAPES["call_open"], "call open")
    reference = opened["reference"]
    assert_has_shape(await printed(curative, "call", "show", reference), SHAPES["call_show"], "call show")
    sent = await printed(
        curative, "call", "send", reference, "note", "--json", '{"text": "x"}', json_option="--output json"
    )
    assert_has_shape(sent, SHAPES["call_send"], "call send")
    assert_has_shape(await printed(curative, "call", "list", "--open"), SHAPES["call_list"], "call list")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("open", "--by", "A"), 2, "--about"),
        (("open", "--by", "A", "--about", "x", "--serial", "é"), 3, "serial_number"),
        (("show", "CA-0000-0000"), 4, "no call is known"),
        (("send", "CA-0000-0000", "note", "--json", "{"), 2, "is not JSON"),
        (("send", "CA-0000-0000", "note", "--json", "[]"), 2, "one JSON object"),
    ],
)
async def test_wrong_usage_is_told_in_one_line(
    curative: Curative, arguments: tuple[str, ...], code: int, told: str
) -> None:
    answer = await curative("call", *arguments)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert told in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
