"""`curative keys` makes keys and names those there are; it shows none of them (docs/secrets.md)."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from config.key_ring import KEYS_FILE, KeyRing, key_ring, new_ring
from config.settings import Settings
from database.encryption_keys import KeyRegister
from starter.cli import app
from tests.conftest import KEYS
from tests.starter.conftest import Curative


def curative_keys(*arguments: str, environment: Mapping[str, str | None]) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments], env=environment)


def test_a_new_ring_and_a_new_key_are_ones_that_can_be_used() -> None:
    ring = curative_keys("new", "--ring", environment={}).stdout
    rotated = KeyRing.parse(ring + curative_keys("new", environment={}).stdout, "the output")
    assert len(rotated.keys) == 2
    assert rotated.fingerprint.id == "fingerprint"


def test_keys_are_named_and_not_shown(tmp_path: Path) -> None:
    text = new_ring()
    (tmp_path / KEYS_FILE).write_text(text)
    ring = KeyRing.parse(text, "it")
    environment = {"CURATIVE_KEYS": None, "CURATIVE_DATA_DIR": str(tmp_path)}
    shown = curative_keys("show", "--json", environment=environment)
    assert json.loads(shown.stdout) == {
        "where": str(tmp_path / KEYS_FILE),
        "encrypts": ring.keys[0].id,
        "decrypts": [ring.keys[0].id],
        "fingerprints": "fingerprint",
    }
    page = curative_keys("show", environment=environment).stdout
    assert ring.keys[0].id in page
    for material in re.findall(r":(\S{44})", text):
        assert material not in page + shown.stdout


def test_without_a_ring_it_is_said_what_to_do(tmp_path: Path) -> None:
    missing = curative_keys("show", environment={"CURATIVE_KEYS": None, "CURATIVE_DATA_DIR": str(tmp_path)})
    assert missing.exit_code == 2
    assert missing.stderr.startswith("No key is known to encrypt with")


@pytest.mark.parametrize(("key_id", "code"), [("k-tests", 0), ("k-of-nobody", 4)])
async def test_a_key_is_forgotten_when_it_was_used(
    curative: Curative, pool: asyncpg.Pool, key_id: str, code: int
) -> None:
    await KeyRegister(pool).check(key_ring(Settings(keys=KEYS)), datetime.now(UTC))
    assert (await curative("keys", "forget", key_id)).exit_code == code
    left = {row["key_id"] for row in await pool.fetch("select key_id from encryption_keys")}
    assert left == {"k-tests", "fingerprint"} - {key_id}
