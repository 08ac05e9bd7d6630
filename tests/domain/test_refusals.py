"""A payload of any content is a message, or is refused in one sentence that names the field (SPEC §5)."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.messages import Message, MessageRefused, parse_message
from tests.domain.calendar_strategies import RANDOM
from tests.domain.message_strategies import json_values, kinds, payloads, texts
from tests.domain.sample_cases import refusal


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


def outcome_of(kind: str, payload: object) -> Message | MessageRefused:
    """What becomes of a payload; any other exception is a failure."""
    try:
        return parse_message(kind, payload)
    except MessageRefused as refused:
        return refused


def reads_well(outcome: Message | MessageRefused) -> bool:
    """A refusal names a field, is one line that every encoding holds, and is no longer than somebody reads."""
    text = str(outcome)
    return isinstance(outcome, Message) or (
        text == f"{outcome.field}: {outcome.reason}"
        and bool(outcome.field)
        and bool(outcome.reason)
        and text.isprintable()
        and len(text.encode()) < 1_000
    )


@RANDOM
@given(kinds, json_values)
def test_a_payload_of_any_content_is_a_message_or_refused_in_one_sentence(kind: str, payload: object) -> None:
    assert reads_well(outcome_of(kind, payload))


@RANDOM
@given(st.data(), kinds)
def test_a_nearly_right_payload_is_a_message_or_refused_in_one_sentence(data: st.DataObject, kind: str) -> None:
    assert reads_well(outcome_of(kind, data.draw(payloads(kind))))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("note", {"text": nested(50_000)}),
        ("shipment", {"status": nested(50_000)}),
        ("note", {"text": 10**5_000}),
        ("remote_diagnosis", {"level": 10**5_000}),
        ("customer_confirmation", {"restored": 10**5_000}),
        ("customer_confirmation", {"restored": float("nan")}),
        ("note", {"at": "1" * 50_000, "text": "x"}),
        ("note", {"text": "\ud800"}),
        ("note", {"\ud800": 1, "text": "x"}),
        ("note", {"x\ny" * 1_000: 1, "text": "x"}),
        ("note", {"": 1, "text": "x"}),
        ("note", {1: 2}),
        ("report", {"reported_by": {"a: b": 1}}),
    ],
    ids=str.split(
        "deep_text deep_word huge_text huge_level huge_truth nan long_instant surrogate surrogate_field long_field "
        "empty_field number_field colon_field"
    ),
)
def test_the_worst_payloads_are_refused_in_one_sentence_too(kind: str, payload: object) -> None:
    outcome = outcome_of(kind, payload)
    assert isinstance(outcome, MessageRefused)
    assert reads_well(outcome)


@RANDOM
@given(texts)
@example("x" * 100_000)
@example("note\n")
def test_an_unknown_kind_is_refused_with_the_kinds_that_are_known(kind: str) -> None:
    outcome = outcome_of(f"{kind}?", {})
    assert isinstance(outcome, MessageRefused)
    assert outcome.field == "kind"
    assert "it takes report, remote_diagnosis" in outcome.reason
    assert reads_well(outcome)


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (None, "nothing"),
        ([1], "a list"),
        ("hello", "'hello'"),
        (True, "true"),
        (3, "3"),
        (10**100, "a number of that size"),
        (0.5, "0.5"),
        (b"x", "something that is not JSON"),
    ],
)
def test_a_payload_is_one_json_object(payload: object, named: str) -> None:
    with pytest.raises(MessageRefused, match=f"^payload: note takes one JSON object, not {named}$"):
        parse_message("note", payload)


def test_a_misspelt_field_is_named_with_the_ones_that_are_known() -> None:
    assert refusal("shipment", statut="delivered", status=None) == (
        "statut: this field is not known here; known are message_id, case, actor, at, status, subject, carrier, "
        "tracking_number, expected_at, signed_by"
    )


def test_a_field_that_is_missing_is_named() -> None:
    assert refusal("vendor_validation", decided_at=None) == "decided_at: this field is required"


def test_a_word_that_is_not_known_is_answered_with_those_that_are() -> None:
    assert refusal("report", impact="severe") == "impact: must be 'blocking' or 'degraded', not 'severe'"


def test_a_field_within_a_field_is_named_by_its_way() -> None:
    assert refusal("logs_provided", files=[{"name": "a", "uri": "b"}]) == "files.0.sha256: this field is required"
    assert refusal("report", reported_by="Zoé") == "reported_by: must be an object, not 'Zoé'"


def test_a_list_says_how_many_it_takes() -> None:
    assert refusal("logs_provided", files=[]) == "files: the list should have at least 1 item, not 0"
    assert refusal("logs_provided", files="a.log") == "files: must be a list, not 'a.log'"
