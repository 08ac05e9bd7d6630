"""docs/assistance.md says what the code does: every cell of the table, an example a kind."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from domain.assistance import CallStage
from domain.call_messages import CALL_MESSAGES
from domain.call_opening import A_CALL
from domain.call_reception import call_messages_taken_at, call_reception
from domain.messages import Message, parse_message_of
from domain.reception import Reception

PAGE = (Path(__file__).parents[2] / "docs" / "assistance.md").read_text(encoding="utf-8")
_EXAMPLE = re.compile(r"^### (\w+)$.*?^```json$(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES: dict[str, dict[str, Any]] = {kind: json.loads(text) for kind, text in _EXAMPLE.findall(PAGE)}


def table() -> dict[tuple[str, str], str]:
    """What the page says of each stage and kind."""
    [block] = [block for block in PAGE.split("\n\n") if block.startswith("| kind |")]
    head, _, *rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in block.splitlines()]
    return {(stage, kind): cell for kind, *cells in rows for stage, cell in zip(head[1:], cells, strict=True)}


def test_no_cell_of_the_table_is_blank_and_each_says_what_the_stage_does() -> None:
    said = {(stage.value, kind): call_reception(stage, kind).value for stage in CallStage for kind in CALL_MESSAGES}
    assert table() == said


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(CALL_MESSAGES)


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES.items(), ids=list(EXAMPLES))
def test_every_example_is_a_message(kind: str, payload: dict[str, Any]) -> None:
    parsed = parse_message_of(CALL_MESSAGES, A_CALL, kind, payload)
    assert isinstance(parsed, Message)
    assert parsed.model_dump(mode="json", exclude_unset=True) == payload


@pytest.mark.parametrize("stage", CallStage)
def test_what_a_stage_takes_is_told_what_moves_it_on_first(stage: CallStage) -> None:
    taken = call_messages_taken_at(stage)
    assert set(taken) == {kind for kind in CALL_MESSAGES if call_reception(stage, kind) is Reception.TAKEN}
    if stage is CallStage.REMOTE_DIAGNOSIS:
        assert taken[0] == "remote_diagnosis"
        assert set(taken[-4:]) == {"call", "note", "assignment", "contact_attempt"}
