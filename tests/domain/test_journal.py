"""The journal: what was said is kept as it was said (SPEC §5)."""

import pytest
from pydantic import ValidationError

from domain.journal import BYTES_TOGETHER, JOURNAL_TAIL, Disposition, JournalLine, first_lines, newest_lines
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


def lines(count: int, text: str = "approved") -> list[JournalLine]:
    """That many lines, numbered from 1."""
    return [LINE.model_copy(update={"sequence": number, "text": text}) for number in range(1, count + 1)]


def test_the_newest_hundred_lines_are_shown_in_order() -> None:
    assert newest_lines(lines(130)) == tuple(lines(130)[30:])
    assert newest_lines(lines(3)) == tuple(lines(3))
    assert newest_lines([]) == ()


@pytest.mark.parametrize("sign", ["x", "é", "\U0001f4e6", "\u0000"])
def test_lines_of_the_greatest_length_go_out_in_pieces_of_a_size_that_the_engine_takes(sign: str) -> None:
    long = lines(JOURNAL_TAIL, sign * 4_000)
    first, newest = first_lines(long), newest_lines(long)
    assert 1 < len(first) == len(newest) < JOURNAL_TAIL
    assert (first[0], newest[-1]) == (long[0], long[-1])
    assert sum(len(line.model_dump_json().encode()) for line in first) <= BYTES_TOGETHER


def test_a_line_that_is_too_long_by_itself_goes_out_alone() -> None:
    huge = lines(2, "x" * BYTES_TOGETHER)
    assert (first_lines(huge), newest_lines(huge)) == ((huge[0],), (huge[1],))
