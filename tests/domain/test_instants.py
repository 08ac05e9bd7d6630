"""Every instant is aware, is written as text, and can be meant."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.instants import Instant, instant_from_text

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


@pytest.mark.parametrize(
    "text", ["2026-06-11T15:50:00+02:00", "2026-06-11T13:50:00Z", "2026-06-11 15:50+02:00", "2026-06-11T09:50:00-04:00"]
)
def test_an_instant_names_its_offset(text: str) -> None:
    assert INSTANT.validate_python(text) == datetime(2026, 6, 11, 13, 50, tzinfo=UTC)
    assert instant_from_text(text) == datetime(2026, 6, 11, 13, 50, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-06-11T15:50:00", "2026-06-11", "2026-06-11 15:50"])
def test_a_naive_instant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="timezone info"):
        INSTANT.validate_python(text)
    with pytest.raises(ValueError, match="names no offset; write it as 2026-06-11T15:50:00"):
        instant_from_text(text)


@pytest.mark.parametrize(
    "value", [5, 1781185800, 5.0, True, None, "5", "1781185800", "-3", "15:50", "", [], "tomorrow"]
)
def test_a_number_is_no_instant_even_when_it_is_written_as_text(value: object) -> None:
    with pytest.raises(ValidationError, match="give an instant with its offset, as 2026-06-11T15:50:00"):
        INSTANT.validate_python(value)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59+00:00", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"],
)
def test_an_instant_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="cannot be meant; give an instant of the years 2000 to 2099"):
        INSTANT.validate_python(text)


def test_a_text_that_is_no_instant_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="'next week' is not an instant; write it as"):
        instant_from_text("next week")
