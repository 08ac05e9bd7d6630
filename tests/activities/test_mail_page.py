"""docs/mail.md says what the code does: each letter with its subject, who hears of which promise, filters, security."""

import re
from pathlib import Path
from typing import get_args

import pytest

from activities.letter_writer import LetterWriter
from config.smtp import DEFAULT_PORTS, Security
from domain.effects import Recipient
from domain.promise_notices import AUDIENCES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "mail.md").read_text()
LETTERS = dict(re.findall(r"^\| `(\w+)` \| ([^|]+ \| [^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE))
SOURCES = Path(__file__).parents[2] / "activities" / "letters"


def test_every_letter_is_on_a_page() -> None:
    """On this one, or on that of the process that sends it."""
    pages = "".join(page.read_text() for page in DOCS.glob("*.md"))
    assert [name for name in LetterWriter().templates() if f"`{name}`" not in pages] == []


@pytest.mark.parametrize("name", [name for name in LETTERS if (SOURCES / f"{name}.j2").exists()])
def test_its_subject_and_its_readers_are_what_the_page_says(name: str) -> None:
    subject, _, to = LETTERS[name].partition(" | ")
    assert subject in (SOURCES / f"{name}.j2").read_text()
    assert {each.strip() for each in to.split(",")} <= {*get_args(Recipient), "by the table below"}


def test_who_hears_of_which_promise() -> None:
    said = {
        name: (tuple(at_risk.split(", ")), tuple(breached.split(", ")))
        for name, at_risk, breached in re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \| ([a-z, ]+) \|$", PAGE, re.MULTILINE)
        if name in {promise.value for promise in AUDIENCES}
    }
    assert said == {promise.value: (each.at_risk, each.breached) for promise, each in AUDIENCES.items()}


def test_every_filter_and_every_way_of_security_is_explained() -> None:
    written = set(re.findall(r"\| (\w+)", "".join(each.read_text() for each in SOURCES.glob("*.j2"))))
    for name in written:
        assert f"| `{name}` |" in PAGE
    for security in Security:
        assert f"| `{security.value}` | {DEFAULT_PORTS[security]} |" in PAGE
