"""Articles come from the nearest depot that has them; split only when none has them all; all or nothing."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.picking import OutOfStock, Pick, pick

NEAREST = ("PARIS", "LYON", "REUNION")
QUANTITIES = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 6))
LEVELS = st.dictionaries(st.tuples(st.sampled_from(NEAREST), st.sampled_from("ABC")), st.integers(0, 6)).map(
    lambda had: [Pick(location, article, quantity) for (location, article), quantity in had.items()]
)


def test_the_nearest_depot_that_has_all_of_an_article_gives_it() -> None:
    levels = [Pick("REUNION", "A", 9), Pick("PARIS", "A", 1), Pick("LYON", "A", 2)]
    assert pick({"A": 2}, levels, NEAREST) == [Pick("LYON", "A", 2)]


def test_an_article_is_split_when_no_depot_has_all_of_it() -> None:
    levels = [Pick("REUNION", "A", 2), Pick("PARIS", "A", 1), Pick("LYON", "A", 2)]
    assert pick({"A": 4}, levels, NEAREST) == [Pick("PARIS", "A", 1), Pick("LYON", "A", 2), Pick("REUNION", "A", 1)]


def test_nothing_is_taken_when_one_article_is_missing() -> None:
    with pytest.raises(OutOfStock) as out:
        pick({"A": 1, "B": 2, "C": 1}, [Pick("PARIS", "A", 1), Pick("PARIS", "B", 1)], NEAREST)
    assert out.value.articles == ("B", "C")


@given(QUANTITIES, LEVELS)
def test_what_is_taken_is_what_was_wanted_and_never_more_than_there_is(
    wanted: dict[str, int], levels: list[Pick]
) -> None:
    there = total(levels)
    missing = sorted(article for article in wanted if there[article] < wanted[article])
    if missing:
        with pytest.raises(OutOfStock, match=", ".join(missing)):
            pick(wanted, levels, NEAREST)
    else:
        picks = pick(wanted, levels, NEAREST)
        had = {(level.location, level.article): level.quantity for level in levels}
        assert all(0 < one.quantity <= had[one.location, one.article] for one in picks)
        assert total(picks) == wanted


def total(picks: Iterable[Pick]) -> Counter[str]:
    """The pieces of each article."""
    pieces = Counter[str]()
    for one in picks:
        pieces[one.article] += one.quantity
    return pieces
