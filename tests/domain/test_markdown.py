"""Nothing that anyone typed is read as Markdown or HTML."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.markdown import TEXT_SHOWN, columns_apart, plain, table
from tests.domain.calendar_strategies import RANDOM

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("black screen", "black screen"),
        ("écran noir – salle « Jura »", "écran noir – salle « Jura »"),
        ("a | b", r"a \| b"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[here](https://example.org)", r"\[here\](https://example.org)"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("# one\n\n| two |\r\n---", r"\# one \| two \| ---"),
        ("`code` **bold** ~~gone~~ back\\slash", r"\`code\` \*\*bold\*\* \~\~gone\~\~ back\\slash"),
        ("a\x00b\u202ec\u2028d\ud800e", "a b c d e"),
        ("   ", ""),
    ],
)
def test_what_was_typed_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    assert plain(typed) == shown


@RANDOM
@given(anything)
@example("|" * 1_000)
@example("é" * 1_000)
@example("\U0001f4a5" * 1_000)
def test_any_text_is_one_line_without_a_sign_of_markdown_and_short(typed: str) -> None:
    shown = plain(typed)
    assert shown.isprintable()
    assert re.search(r"[`*_~|<>&\[\]#]", re.sub(r"\\.", "", shown)) is None
    assert len(shown.encode()) <= 2 * TEXT_SHOWN


@RANDOM
@given(st.lists(st.tuples(anything, anything), max_size=5))
def test_a_table_has_a_line_a_row_and_the_same_number_of_cells_on_each(rows: list[tuple[str, str]]) -> None:
    lines = table(("who", "what"), [(plain(who), plain(what)) for who, what in rows]).splitlines()
    assert len(lines) == len(rows) + 2
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {3}


def test_columns_are_apart_in_the_web_ui_and_what_is_no_table_is_left_alone() -> None:
    page = "a | b\n\n" + table(("who", "what"), [("clock", plain("one | two"))])
    assert columns_apart(page) == "a | b\n\n| who\xa0 | what |\n| --- | --- |\n| clock\xa0 | one \\| two |"
