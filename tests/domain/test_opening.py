"""A case starts with one argument, `{"report": {…}}`; anything else is refused in one sentence (SPEC §5)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import MessageRefused
from domain.opening import Opening, parse_opening
from domain.payloads import Undecodable
from tests.domain.calendar_strategies import RANDOM
from tests.domain.message_strategies import json_values
from tests.domain.messages_page import EXAMPLES

REPORT = EXAMPLES["report"]


def opened(*payloads: object) -> Opening | MessageRefused:
    """What becomes of the arguments of a start; any other exception is a failure."""
    try:
        return parse_opening(payloads)
    except MessageRefused as refused:
        return refused


def test_an_opening_is_the_report_of_the_call() -> None:
    opening = opened({"report": REPORT})
    assert isinstance(opening, Opening)
    assert opening.report.serial_number == REPORT["serial_number"]
    assert opening.moved_from is None


def test_a_report_that_was_another_cases_says_which() -> None:
    opening = opened({"report": REPORT, "moved_from": "CM-7K3Q-9XTB"})
    assert isinstance(opening, Opening)
    assert opening.moved_from == "CM-7K3Q-9XTB"
    assert "moved_from: " in str(opened({"report": REPORT, "moved_from": 7}))


@pytest.mark.parametrize(
    "payloads",
    [
        (),
        (None,),
        ("FTT2608B2KR",),
        ([{"report": REPORT}],),
        ({"report": REPORT}, {"report": REPORT}),
        (Undecodable(encoding="json/plain", size=5),),
    ],
    ids=str.split("nothing null text list two unreadable"),
)
def test_what_is_not_one_object_is_told_what_a_case_starts_with(payloads: tuple[object, ...]) -> None:
    assert str(opened(*payloads)).startswith('report: a case starts with one argument, {"report": {…}}')


@pytest.mark.parametrize("payload", [{}, {"raport": REPORT}, {"report": REPORT, "priority": 1}, REPORT])
def test_an_opening_has_a_report_and_nothing_else(payload: dict[str, Any]) -> None:
    assert str(opened(payload)).startswith('report: a case starts with {"report": {…}}')


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"serial_number": "?"}, "report.serial_number"),
        ({"reported_by": {"name": ""}}, "report.reported_by.name"),
        ({"a: b": 1}, "report.a: b"),
        ({"reported_at": "2026-06-11T08:20:00"}, "report.reported_at"),
    ],
)
def test_the_field_of_a_report_is_named_by_its_way(fields: dict[str, Any], field: str) -> None:
    refused = opened({"report": {**REPORT, **fields}})
    assert isinstance(refused, MessageRefused)
    assert refused.field == field
    assert str(refused) == f"{field}: {refused.reason}"


@RANDOM
@given(st.lists(st.one_of(json_values, st.fixed_dictionaries({"report": json_values})), max_size=2))
def test_arguments_of_any_content_are_a_report_or_refused_in_one_sentence(payloads: list[Any]) -> None:
    outcome = opened(*payloads)
    assert isinstance(outcome, Opening) or str(outcome).isprintable()
