"""A command with another key ring than the workers says so in one line, and writes nothing (docs/secrets.md)."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from temporalio.worker import Worker

from config.key_ring import key_ring, new_ring
from config.settings import Settings
from database.encryption_keys import KeyRegister
from starter.desk import Desk
from tests.conftest import KEYS
from tests.starter.conftest import Curative
from tests.starter.reports import a_report

KEYS_CSV = "release,key,serial_number\nCMS-3.11,AAAA-BBBB-CCCC,\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "SERIAL"),
        ("report", "--serial", "SERIAL", "--by", "A. Petit", "--symptom", "no sound"),
        ("send", "SERIAL", "note", "--json", '{"text": "called back"}'),
    ],
    ids=["show", "report", "send"],
)
async def test_what_cannot_be_read_is_one_line_that_names_the_ring(
    worker: Worker, desk: Desk, curative: Curative, serial_number: str, arguments: tuple[str, ...]
) -> None:
    await desk.report_incident(a_report(serial_number))
    said = [serial_number if argument == "SERIAL" else argument for argument in arguments]
    result = await curative(*said, CURATIVE_KEYS=new_ring())
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    assert "not in the key ring" in result.stderr


async def test_no_activation_key_is_sealed_with_a_ring_that_is_not_the_house_s(
    curative: Curative, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await KeyRegister(pool).check(key_ring(Settings(keys=KEYS)), datetime.now(UTC))
    stock = await pool.fetchval("select count(*) from activation_keys")
    (tmp_path / "keys.csv").write_text(KEYS_CSV)
    result = await curative("software", "keys", "import", str(tmp_path / "keys.csv"), CURATIVE_KEYS=new_ring())
    assert result.exit_code == 2, result.output
    assert "is not in the key ring" in result.stderr
    assert await pool.fetchval("select count(*) from activation_keys") == stock
