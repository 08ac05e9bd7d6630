"""R4: maintenance starts on a call that gives the serial number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.serial_numbers import SerialNumberError, curative_workflow_id, normalise_serial_number
from tests.domain.calendar_strategies import RANDOM


@pytest.mark.parametrize(
    ("given_text", "serial_number"),
    [
        ("FTT2608B2KR", "FTT2608B2KR"),
        ("  ftt2608b2kr\n", "FTT2608B2KR"),
        ("8l230347dc25dv", "8L230347DC25DV"),
        ("a.b_c/d-e", "A.B_C/D-E"),
        ("7", "7"),
        ("x" * 64, "X" * 64),
    ],
)
def test_a_serial_number_is_trimmed_and_written_in_upper_case(given_text: str, serial_number: str) -> None:
    assert normalise_serial_number(given_text) == serial_number


@pytest.mark.parametrize(
    "text",
    ["", "   ", "-A1", ".A1", "/A1", "_A1", "A 1", "A\n1", "A1;", "A\x00", "é1", "ß1", "ſ1", "ﬁ1", "x" * 65, "\ud800"],
)
def test_anything_else_is_refused_in_one_sentence_that_names_the_field(text: str) -> None:
    with pytest.raises(
        SerialNumberError, match="^serial_number: .* is not a serial number; give 1 to 64 letters"
    ) as why:
        normalise_serial_number(text)
    assert "\n" not in str(why.value)
    assert str(why.value).encode()


@RANDOM
@given(st.text())
def test_a_normalised_serial_number_stays_as_it_is(text: str) -> None:
    try:
        once = normalise_serial_number(text)
    except SerialNumberError:
        return
    assert normalise_serial_number(once) == once
    assert once.isascii()


def test_a_piece_of_equipment_has_one_workflow_id() -> None:
    assert curative_workflow_id("FTT2608B2KR") == "curative-FTT2608B2KR"
