"""`curative up` takes mail in; `curative mailgate` says in one line what keeps it from it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from starter.dev_server import free_port
from starter.mail_service import mailgate_ports
from starter.stack import running_stack
from tests.durability.waiting import until
from tests.mailgate.corpus import written
from tests.mailgate.talking import give

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("CURATIVE_MAILGATE_SMTP_PORT", str(free_port()))


async def test_a_stack_takes_mail_in_and_says_where(tmp_path: Path) -> None:
    async with running_stack(tmp_path, workers=0, ui=False, mailgate=True) as stack:
        assert stack.addresses.mailgate_address is not None
        port = int(stack.addresses.mailgate_address.rpartition(":")[2])

        async def is_taken() -> bool:
            try:
                return (await give(port, written("Bonjour, quel temps fait-il ?"))).startswith("250")
            except OSError:
                return False

        await until(is_taken, "the mail gate of the stack takes a mail")


def test_without_a_port_no_mail_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATIVE_MAILGATE_SMTP_PORT", "0")
    assert mailgate_ports(Settings()) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--smtp-port", "0"], "The mail gate has no port"),
        (["--host", "203.0.113.7"], "The mail gate cannot listen"),
    ],
)
async def test_what_keeps_it_from_listening_is_said_in_one_line(tmp_path: Path, options: list[str], words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "starter.cli", "mailgate", "--data", str(tmp_path), *options),
        cwd=ROOT,
        env={**os.environ, "TEMPORAL_ADDRESS": "127.0.0.1:9"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    assert process.returncode == 2
    assert words in complaint.decode()
    assert "Traceback" not in complaint.decode()


async def test_sigterm_ends_it_also_while_nothing_is_there(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "starter.cli", "mailgate", "--data", str(tmp_path)),
        cwd=ROOT,
        env={**os.environ, "TEMPORAL_ADDRESS": "127.0.0.1:9"},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while b"waiting" not in await process.stderr.readline():
        pass
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0
