"""The journal: what was said is kept as it was said (SPEC §5)."""

import pytest
from pydantic import ValidationError

from domain.journal import Disposition, JournalLine
from tests.domain.sample_cases import NOON, OPENED

LINE = JournalLine(
    sequence=1,
    at=OPENED,
    entered_at=NOON,
    actor="vendor:unnamed",
    kind="vendor_validation",
    disposition=Disposition.TAKEN,
    text="approved\x00 – « tout de suite » \U0001f4e6",
)


def test_a_line_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        LINE.text = "refused"  # type: ignore[misc]  # what is tested is that it fails


def test_a_line_comes_back_as_it_was_written() -> None:
    assert JournalLine.model_validate_json(LINE.model_dump_json()) == LINE


def test_what_becomes_of_a_message_is_one_of_four_words() -> None:
    assert [disposition.value for disposition in Disposition] == ["taken", "kept", "refused", "noted"]
