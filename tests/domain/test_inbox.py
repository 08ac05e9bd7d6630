"""What waits for its turn is the message that came in; a repeat is told by what it says."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.inbox import HeardMessage, PendingMessage, digest
from domain.messages import CASE_MESSAGES, Message, MessageRefused, parse_message
from tests.domain.calendar_strategies import RANDOM
from tests.domain.message_strategies import kinds, payloads
from tests.domain.messages_page import EXAMPLES
from tests.domain.sample_cases import NOON, message


def comes_back(word: Message) -> bool:
    """After it was kept, stored as JSON and read again, it says what it said, and happened when it happened."""
    stored = PendingMessage.of(word, NOON).model_dump_json()
    again = PendingMessage.model_validate_json(stored).message()
    expected = word if word.happened_at else word.model_copy(update={"at": NOON})
    return again == expected and again.instant == (word.happened_at or NOON)


@pytest.mark.parametrize("kind", CASE_MESSAGES)
def test_every_kind_comes_back_from_its_wait_as_it_was(kind: str) -> None:
    assert comes_back(message(kind))


@RANDOM
@given(st.data(), kinds)
def test_every_message_that_was_accepted_comes_back_from_its_wait(data: st.DataObject, kind: str) -> None:
    try:
        word = parse_message(kind, data.draw(payloads(kind)))
    except MessageRefused:
        return
    assert comes_back(word)


def test_a_message_that_tells_no_instant_happened_when_it_arrived() -> None:
    assert PendingMessage.of(message("note"), NOON).message().instant == NOON


def test_a_message_keeps_the_instant_that_it_tells() -> None:
    earlier = NOON - timedelta(hours=1)
    assert PendingMessage.of(message("note", at=earlier.isoformat()), NOON).message().instant == earlier
    decided = PendingMessage.of(message("vendor_validation"), NOON).message()
    assert decided.instant.isoformat() == EXAMPLES["vendor_validation"]["decided_at"]
    assert decided.at is None


@pytest.mark.parametrize("kind", CASE_MESSAGES)
def test_the_same_content_in_another_order_is_the_same_message(kind: str) -> None:
    backwards = dict(reversed(EXAMPLES[kind].items()))
    assert digest(parse_message(kind, backwards)) == digest(message(kind))


@pytest.mark.parametrize(
    "fields", [{"text": "other"}, {"at": "2026-06-11T12:00:00+02:00"}, {"actor": "support:Noor"}, {"message_id": "2"}]
)
def test_other_content_is_another_message(fields: dict[str, Any]) -> None:
    assert digest(message("note", **fields)) != digest(message("note"))


def test_the_same_words_of_another_kind_are_another_message() -> None:
    assert digest(message("cancellation", reason="x")) != digest(message("loan_veto", reason="x"))


def test_what_was_answered_is_kept_for_the_repeat() -> None:
    heard = HeardMessage(digest=digest(message("note")), disposition="taken", text="taken")
    assert HeardMessage.model_validate_json(heard.model_dump_json()) == heard
