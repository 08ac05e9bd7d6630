"""Versions come out in an order: the number decides, as vendors write it (R11)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.versions import Version, parse_version


def version(text: str) -> Version:
    """The version; it can be compared."""
    parsed = parse_version(text)
    assert parsed is not None, text
    return parsed


@pytest.mark.parametrize(
    "line",
    [
        ("RoomOS 10.19", "RoomOS 11.9", "RoomOS 11.14", "RoomOS 11.14.2.3", "RoomOS 11.100", "RoomOS 12"),
        ("TC7.3.21", "CE8.3.7", "CE9.15.3", "CE9.15.13", "CE 9.16", "RoomOS 10.3", "RoomOS 11.9"),
        ("ce9.15.3", "ce9.15.3.17", "ce9.15.4"),
        ("X8.11.4", "X12.5", "X14.0.1", "X15.0", "X15.0.2"),
        ("6.2.2", "6.2.2-590030", "6.2.2-590031", "6.2.2.6", "6.2.10"),
        ("3.9 dev", "3.9 preview", "3.9-alpha", "3.9-beta", "3.9 beta 2", "3.9 RC1", "3.9-rc2", "3.9"),
        ("3.9", "3.9 SP1", "3.9 SP2", "3.10"),
        ("9.1", "9.1a", "9.1b", "9.2"),
        ("9", "10", "10.0.1", "11"),
        ("v1.12.46", "v1.12.85", "V1.13"),
        ("H.323 Gatekeeper 4.1", "H.323 Gatekeeper 4.2"),
        ("Room Kit 2 RoomOS 11.9", "Room Kit 2 RoomOS 11.10"),
    ],
)
def test_versions_come_out_in_this_order(line: tuple[str, ...]) -> None:
    for earlier, later in pairwise(line):
        assert version(earlier) < version(later), (earlier, later)
        assert not version(later) <= version(earlier)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("11.14", "RoomOS 11.14.0"),
        ("RoomOS 11.14", "roomos  11.14"),
        ("CE9.15.3", "ce 9.15.3"),
        ("RoomOS 11.14.2.3 d0e1d8a0ad9", "RoomOS 11.14.2.3"),
        ("011.9", "11.9"),
        ("1.12.46", " v1.12.46 "),
        ("12.0.0", "12"),
    ],
)
def test_a_version_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert version(one) == version(other)
    assert hash(version(one)) == hash(version(other))


@pytest.mark.parametrize("text", ["", "unknown", "RoomOS", "n/a", "  ", "RoomOS …"])
def test_what_has_no_number_cannot_be_compared(text: str) -> None:
    assert parse_version(text) is None


VERSIONS = st.one_of(
    st.from_regex(
        r"(RoomOS |CE|X|v)?[0-9]{1,3}(\.[0-9]{1,3}){0,3}( rc[0-9]| beta|-[0-9]{3}| SP[0-9]|[ab])?", fullmatch=True
    ),
    st.text(max_size=200),
)


@given(VERSIONS)
def test_any_text_is_a_version_or_is_none(text: str) -> None:
    parsed = parse_version(text)
    assert parsed is None or parsed == parse_version(text)


@given(st.lists(VERSIONS, max_size=8))
def test_versions_have_one_order(texts: list[str]) -> None:
    parsed = [found for text in texts if (found := parse_version(text))]
    backwards = parsed[::-1]
    assert sorted(parsed) == sorted(backwards)
    for first in parsed:
        for second in parsed:
            assert [first < second, first == second, first > second].count(True) == 1


@given(st.lists(st.integers(0, 999), min_size=1, max_size=4), st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_numbers_are_compared_as_numbers(one: list[int], other: list[int]) -> None:
    def padded(numbers: list[int]) -> list[int]:
        return numbers + [0] * (4 - len(numbers))

    def written(numbers: list[int]) -> str:
        return "RoomOS " + ".".join(map(str, numbers))

    assert (version(written(one)) < version(written(other))) == (padded(one) < padded(other))
