"""`curative triage`: a person sees what waits, takes it, and says that it is done; no mail speaks to the terminal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from config.secrets import SecretBox
from config.settings import Settings
from database.triage import Letter, Triage
from tests.starter.conftest import Curative
from tests.starter.test_json_shapes import SHAPES, assert_has_shape

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\x9b31m"
RAW = b"Subject: \x1b[31mhello\r\n\r\n\x1b[2JBonjour \xe9\r\n"


@pytest.fixture
async def number(pool: asyncpg.Pool) -> str:
    """One mail in triage, which tries to speak to the terminal."""
    letter = Letter(
        sender="x@y.example", name=f"X {HOSTILE}", subject=HOSTILE, text=f"Bonjour {HOSTILE}\nfin", attachments=("a",)
    )
    at = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
    triage = Triage(pool, SecretBox.of(Settings()))
    filed = {"kind": "triage", "reason": "nobody can tell", "reference": "CM-7K3Q-9XTB", "letter": letter, "raw": RAW}
    return str(await triage.file(b"f" * 32, at, **filed))  # type: ignore[arg-type]


async def test_a_mail_is_listed_shown_taken_and_done(curative: Curative, number: str) -> None:
    assert "nobody can tell" in (await curative("triage", "list")).stdout
    assert "CM-7K3Q-9XTB" in (await curative("triage", "show", number)).stdout
    assert (await curative("triage", "take", number, "--owner", "Noor")).exit_code == 0
    refused = await curative("triage", "take", number, "--owner", "Léa")
    assert refused.exit_code == 3
    assert "Noor sees to it" in refused.stderr
    assert (await curative("triage", "take", number, "--owner", "Léa", "--force")).exit_code == 0
    assert (await curative("triage", "done", number, "called back")).exit_code == 0
    assert (await curative("triage", "done", number, "again")).exit_code == 3
    assert "nobody can tell" not in (await curative("triage", "list")).stdout
    listed = json.loads((await curative("triage", "list", "--all", "--json")).stdout)
    assert_has_shape(listed, SHAPES["triage_list"], "triage_list")
    assert [(mail["state"], mail["owner"], mail["resolution"]) for mail in listed["mails"]] == [
        ("done", "Léa", "called back")
    ]


@pytest.mark.parametrize(
    "options", [["list"], ["list", "--json"], ["show", "1"], ["show", "1", "--json"], ["show", "1", "--raw"]]
)
async def test_nothing_in_a_mail_reaches_the_terminal_as_a_command(
    curative: Curative, number: str, options: list[str]
) -> None:
    shown = await curative("triage", *[number if option == "1" else option for option in options])
    assert shown.exit_code == 0
    assert not set(shown.stdout) & set("\x1b\x07\x9b\u202e")
    assert "\\x1b" in shown.stdout or "\\u001b" in shown.stdout


async def test_a_mail_is_saved_as_it_came_and_over_no_other_file(
    curative: Curative, number: str, tmp_path: Path
) -> None:
    target = tmp_path / "mail.eml"
    assert (await curative("triage", "show", number, "--save", str(target))).exit_code == 0
    assert target.read_bytes() == RAW
    assert (await curative("triage", "show", number, "--save", str(target))).exit_code == 3


async def test_a_mail_that_is_not_there_is_not_found(curative: Curative) -> None:
    assert (await curative("triage", "show", "4711")).exit_code == 4
    assert (await curative("triage", "done", "4711", "x")).exit_code == 4
    assert (await curative("triage", "show", "CM-7K3Q-9XTB")).exit_code == 2


async def test_what_was_sealed_with_another_key_is_listed_all_the_same(
    curative: Curative, number: str, pool: asyncpg.Pool
) -> None:
    await pool.execute("update triage set summary = '\\x01', raw = '\\x01'")
    shown = await curative("triage", "show", number)
    assert "sealed with a key that is not here" in shown.stdout
    assert (await curative("triage", "show", number, "--raw")).exit_code == 3
