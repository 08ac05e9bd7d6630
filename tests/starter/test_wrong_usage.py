"""Each wrong thing is answered with one line that says what to do, and the right exit code; never a traceback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from starter.cli import app

POLL_SECONDS = 0.01
ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/curative"}


def curative(*arguments: str, environment: Mapping[str, str] = NOWHERE) -> Result:
    """The command where no server answers."""
    ours = [name for name in os.environ if name.startswith(("TEMPORAL_", "CURATIVE_")) or name == "DATABASE_URL"]
    return CliRunner().invoke(app, list(arguments), env={**dict.fromkeys(ours), **environment})


def started(*arguments: str) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "starter.cli", *arguments],
        env={**os.environ, **NOWHERE},
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def the_line(exit_code: int | None, stdout: str, stderr: str, code: int) -> str:
    """The one line on stderr of a command that ended with that code."""
    assert exit_code == code, stderr
    assert stdout == ""
    assert "\x1b" not in stderr
    lines = stderr.splitlines()
    assert len(lines) == 1, stderr
    return lines[0]


def complaint(result: Result, code: int) -> str:
    """The one line of a command that ended with that code."""
    return the_line(result.exit_code, result.stdout, result.stderr, code)


REPORT = ("report", "--serial", "FOC2735Y3TT", "--by", "A. Petit", "--symptom", "no picture")
DELIVERY = ("promise", "delivery", "--site", "BRU-PAR")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing command"),
        (("open",), "No such command 'open'"),
        (("list", "--colour"), "No such option: --colour"),
        (("show",), "Missing argument 'CASE'"),
        (("report",), "--serial, --by, --symptom is missing"),
        (("report", "--serial", "X"), "--by, --symptom is missing"),
        ((*REPORT, "--impact", "huge"), "'huge' is not one of 'blocking', 'degraded'"),
        ((*REPORT, "--at", "2026-06-11T15:50:00"), "names no offset; write it as 2026-06-11T15:50:00+02:00"),
        ((*REPORT, "--at", "yesterday"), "'yesterday' is not an instant"),
        ((*REPORT, "--exception", "goodwill"), "--exception and --reason belong together"),
        ((*REPORT, "--reason", "a good customer"), "--exception and --reason belong together"),
        ((*REPORT, "--actor", "R. Martin"), "actor: "),
        (("report", "--serial", "no spaces", "--by", "A", "--symptom", "x"), "'no spaces' is not a serial number"),
        (("report", "--file", "r.csv", "--serial", "X"), "give one or the other"),
        (("report", "--file", "missing.csv"), "missing.csv cannot be read: No such file or directory"),
        (("report", "--file", sys.executable), "is no UTF-8; save it as UTF-8 text"),
        (("list", "--stage", "lost"), "'lost' is not one of"),
        (("list", "--limit", "0"), "--limit"),
        (("send", "CM-0000-0000", "note"), "Missing option '--json'"),
        (("send", "CM-0000-0000", "note", "--json", "{"), "--json is not JSON"),
        (("send", "CM-0000-0000", "note", "--json", "@missing.json"), "missing.json cannot be read"),
        (("send", "CM-0000-0000", "note", "--json", "[]", "--actor", "a:b"), "a message is one JSON object"),
        (
            ("send", "CM-0000-0000", "note", "--json", '{"actor": "a:b"}', "--actor", "a:c"),
            "actor is said in the payload and by an option",
        ),
        ((*DELIVERY, "--validated-at", "2026-04-02T16:00:00"), "names no offset"),
        ((*DELIVERY,), "Missing option '--validated-at'"),
        (("registry", "check", "/no/such/directory"), "does not exist"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(arguments: tuple[str, ...], said: str) -> None:
    assert said in complaint(curative(*arguments), 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (REPORT, "Temporal does not answer at 127.0.0.1:1"),
        (("send", "CM-0000-0000", "note", "--json", '{"text": "x"}'), "Temporal does not answer at 127.0.0.1:1"),
        (("show", "FOC2735Y3TT"), "Temporal does not answer at 127.0.0.1:1"),
        (("list",), "PostgreSQL does not answer"),
        (("call", "list"), "see whether `curative up` still runs, or what DATABASE_URL names"),
        (("software", "list"), "see whether `curative up` still runs, or what DATABASE_URL names"),
        (("return", "list"), "see whether `curative up` still runs, or what DATABASE_URL names"),
        ((*DELIVERY, "--validated-at", "2026-04-02T16:00:00+02:00"), "PostgreSQL does not answer"),
    ],
)
def test_servers_that_are_away_are_one_line_and_code_5(arguments: tuple[str, ...], said: str) -> None:
    assert said in complaint(curative(*arguments), 5)


def test_without_any_setting_the_line_says_what_to_start(tmp_path: Path) -> None:
    nothing = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "CURATIVE_DATA_DIR": str(tmp_path)}
    assert "start `curative up`" in complaint(curative("list", environment=nothing), 5)


def test_an_address_file_that_cannot_be_read_is_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "addresses.json").write_text("{")
    assert "cannot be read" in complaint(curative("show", "X", "--data", str(tmp_path), environment={}), 2)


def test_a_setting_that_cannot_be_used_is_wrong_input() -> None:
    wrong = {"DATABASE_URL": "mysql://x"}
    assert "must start with postgresql://" in complaint(curative("list", environment=wrong), 2)


@pytest.mark.parametrize("command", ["up", "list"])
def test_a_setting_of_the_wrong_form_is_wrong_input(command: str, tmp_path: Path) -> None:
    wrong = {"CURATIVE_SMTP_PORT": "many"}
    assert "smtp_port: " in complaint(curative(command, "--data", str(tmp_path), environment=wrong), 2)


def test_a_data_directory_that_cannot_be_made_is_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = complaint(curative("up", "--data", str(tmp_path / "file"), environment={}), 2)
    assert said == f"The data directory {tmp_path / 'file'} cannot be made: File exists."


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("list", "--colour"), 2, "No such option: --colour"),
        (("show", "FOC2735Y3TT"), 5, "Temporal does not answer at 127.0.0.1:1"),
    ],
)
def test_a_process_says_the_same_and_ends_with_the_code(arguments: tuple[str, ...], code: int, said: str) -> None:
    process = started(*arguments)
    stdout, stderr = process.communicate()
    assert said in the_line(process.returncode, stdout, stderr, code)


def test_ctrl_c_is_quiet() -> None:
    """The command waits for its payload, which nobody writes, until it is interrupted."""
    process = started("send", "CM-0000-0000", "note", "--json", "-")
    wait_until_it_reads(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read() + process.stderr.read() == ""


def wait_until_it_reads(pid: int) -> None:
    """Until the process sleeps in a read of its stdin, as the kernel tells it."""
    system_call = Path(f"/proc/{pid}/syscall")
    read_of_stdin = "0 0x0 "
    while not system_call.read_text().startswith(read_of_stdin):
        time.sleep(POLL_SECONDS)


@pytest.mark.parametrize("command", ["up", "report", "send", "show", "list", "demo", "promise", "registry"])
def test_every_command_has_help(command: str) -> None:
    result = curative(command, "--help")
    assert result.exit_code == 0
    assert f"{command} [OPTIONS]" in result.stdout
    assert "\x1b" not in result.stdout
