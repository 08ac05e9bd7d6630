"""Case references survive a telephone line."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.references import CROCKFORD, new_reference, normalise_reference
from tests.domain.calendar_strategies import RANDOM


def test_a_reference_is_eight_letters_of_crockfords_base_32() -> None:
    assert re.fullmatch(r"CM-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", new_reference(Random(1)))
    assert len(set(CROCKFORD)) == 32


def test_a_replay_allots_the_same_reference_and_another_case_another() -> None:
    assert new_reference(Random(7)) == new_reference(Random(7))
    assert new_reference(Random(7)) != new_reference(Random(8))


@pytest.mark.parametrize(
    "heard", ["CM-7K3Q-91TB", " cm-7k3q-91tb ", "CM-7K3Q-9ITB", "CM-7K3Q-9LTB", "cm-7k3q-9ltb", "CM-7k3Q-9iTB"]
)
def test_what_was_heard_is_read_as_crockford_has_it(heard: str) -> None:
    assert normalise_reference(heard) == "CM-7K3Q-91TB"


def test_an_o_is_a_zero() -> None:
    assert normalise_reference("CM-O000-OOOO") == "CM-0000-0000"


@pytest.mark.parametrize(
    "text", ["", "CM", "CM-", "CM-7K3Q", "CM-7K3Q-9XT", "CM-7K3Q-9XTBB", "CM-7K3U-9XTB", "7K3Q-9XTB", "CN-7K3Q-9XTB"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert normalise_reference(text) is None


@RANDOM
@given(st.integers())
def test_every_reference_is_read_as_itself(seed: int) -> None:
    reference = new_reference(Random(seed))
    assert normalise_reference(reference) == reference
    assert normalise_reference(reference.lower()) == reference


@RANDOM
@given(st.text())
def test_any_text_is_a_reference_or_none(text: str) -> None:
    reference = normalise_reference(text)
    assert reference is None or normalise_reference(reference) == reference
