"""The page of messages says what the code does: every cell of the table, every branch, an example a kind."""

from typing import Any

import pytest

from domain.case import Stage
from domain.loan import LoanStage
from domain.messages import CASE_MESSAGES, Message, parse_message
from domain.reception import LOAN_STAGES_OF, loan_reception, reception
from tests.domain.messages_page import EXAMPLES, PAGE, table


def test_no_cell_of_the_table_is_blank_and_each_says_what_the_stage_does() -> None:
    said = {(stage.value, kind): reception(stage, kind).value for stage in Stage for kind in CASE_MESSAGES}
    assert table("kind") == said


def test_no_cell_of_the_loans_table_is_blank_and_each_says_what_the_loan_does() -> None:
    said = {(stage.value, kind): loan_reception(stage, kind).value for stage in LoanStage for kind in LOAN_STAGES_OF}
    assert table("of a loan") == said


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(CASE_MESSAGES)


@pytest.mark.parametrize(("kind", "payload"), EXAMPLES.items(), ids=list(EXAMPLES))
def test_every_example_is_a_message(kind: str, payload: dict[str, Any]) -> None:
    parsed = parse_message(kind, payload)
    assert isinstance(parsed, Message)
    assert parsed.model_dump(mode="json", exclude_unset=True) == payload


def test_the_page_names_every_field_that_each_message_may_carry() -> None:
    for field in Message.model_fields:
        assert f"| `{field}` |" in PAGE
