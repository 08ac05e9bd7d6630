"""docs/operations.md says what the code does: settings, search attributes, and messages that a case takes."""

import json
import re
from pathlib import Path

import pytest

from config.search_attributes import SEARCH_ATTRIBUTES
from config.settings import Settings
from domain.case import Party, Stage
from domain.messages import parse_message
from domain.opening import parse_opening
from starter.case_opening import WORKFLOW
from starter.engine import SUBMIT

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
COMMANDS = re.sub(r"\\\n\s*", "", PAGE)
SAYS_ITSELF = {"data_dir", "ui_url", "database_url"}


def variable(field: str) -> str:
    return "DATABASE_URL" if field == "database_url" else f"CURATIVE_{field.upper()}"


def test_every_setting_is_in_the_table_and_no_other() -> None:
    listed = re.findall(r"^\| `((?:CURATIVE_|DATABASE_)\w+)`", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(variable(field) for field in Settings.model_fields)


@pytest.mark.parametrize("field", sorted(Settings.model_fields.keys() - SAYS_ITSELF))
def test_its_default_is_what_the_table_says(field: str) -> None:
    default = Settings.model_fields[field].default
    shown = "none" if default is None else f"`{default}`"
    assert re.search(rf"^\| `{variable(field)}` \| {re.escape(shown)}", PAGE, re.MULTILINE)


def test_every_search_attribute_is_explained_with_its_values() -> None:
    for name in (key.name for key in SEARCH_ATTRIBUTES):
        assert f"`{name}`" in PAGE
    for value in (*Stage, *Party):
        assert f"`{value}`" in PAGE


def test_every_signal_of_the_page_is_a_message() -> None:
    signals = re.findall(r"workflow signal .*?--name (\w+) +--input '(.*?)'", COMMANDS)
    assert len(signals) >= 7
    for kind, payload in signals:
        parse_message(kind, json.loads(payload))


def test_every_update_of_the_page_is_a_message() -> None:
    updates = re.findall(rf"--(?:update-)?name {SUBMIT} +--(?:update-)?input '(.*?)'", COMMANDS)
    assert len(updates) == 2
    for payload in map(json.loads, updates):
        parse_message(payload.pop("kind"), payload)


def test_every_start_of_the_page_opens_a_case() -> None:
    openings = re.findall(rf"--type {WORKFLOW} .*?--workflow-id curative-(\S+).*? --input '(.*?)'", COMMANDS)
    assert len(openings) == 2
    for serial_number, opening in openings:
        assert parse_opening((json.loads(opening),)).report.serial_number == serial_number
