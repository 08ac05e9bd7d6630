"""The page of messages says what the code does: every cell of the table, every branch, an example a kind."""

from typing import Any

import pytest

from domain.case import Stage
from domain.messages import CASE_MESSAGES, Message, parse_message
from domain.reception import Reception, receive, reception
from tests.domain.messages_page import BRANCHES, EXAMPLES, PAGE, table
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import case, message

FRIDAY = at("2026-06-12 11:00")

CELLS = {
    Reception.TAKEN: "taken",
    Reception.KEPT: "kept",
    Reception.OUT_OF_DATE: "out of date",
    Reception.NOT_HANDLED: "not handled",
}


def test_no_cell_of_the_table_is_blank_and_each_says_what_the_stage_does() -> None:
    assert table() == {(stage.value, kind): CELLS[reception(stage, kind)] for stage in Stage for kind in CASE_MESSAGES}


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(CASE_MESSAGES)


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES.items(), ids=list(EXAMPLES))
def test_every_example_is_a_message(kind: str, payload: dict[str, Any]) -> None:
    parsed = parse_message(kind, payload)
    assert isinstance(parsed, Message)
    assert parsed.model_dump(mode="json", exclude_unset=True) == payload


@pytest.mark.parametrize(("kind", "fields"), BRANCHES, ids=[f"{kind}-{fields}" for kind, fields in BRANCHES])
@pytest.mark.parametrize("stage", list(Stage))
def test_a_branch_that_no_stage_has_is_not_handled_wherever_its_kind_would_be_used(
    kind: str, fields: dict[str, Any], stage: Stage
) -> None:
    if reception(stage, kind) in (Reception.TAKEN, Reception.KEPT):
        verdict, _ = receive(case(stage=stage, level=2), message(kind, **fields), FRIDAY)
        assert verdict is Reception.NOT_HANDLED


def test_the_page_names_every_field_that_each_message_may_carry() -> None:
    for field in Message.model_fields:
        assert f"| `{field}` |" in PAGE
