"""What a process tells of itself is one line of JSON an event."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from config.telemetry import JsonLines, free_metrics_port

ROOT = Path(__file__).parents[2]


def line(message: str, *arguments: object, **more: Any) -> dict[str, Any]:
    record = logging.getLogger("desk").makeRecord("desk", logging.INFO, "here.py", 1, message, arguments, None, **more)
    text = JsonLines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_a_line_says_when_how_grave_who_and_what() -> None:
    told = line("case %s opened", "CM-7K3Q-9XTB")
    assert told.pop("at").endswith("+00:00")
    assert told == {"level": "INFO", "logger": "desk", "event": "case CM-7K3Q-9XTB opened"}


def test_extra_fields_are_fields_of_the_line() -> None:
    assert line("opened", extra={"stage": "registered"})["stage"] == "registered"


def test_a_value_that_json_does_not_know_is_written_as_text() -> None:
    assert line("opened", extra={"where": Path("/tmp")})["where"] == "/tmp"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_exception_that_nobody_caught_is_one_line_too() -> None:
    ended = run("from config.telemetry import log_as_json; log_as_json('INFO'); 1 / 0")
    told = json.loads(ended.stderr)
    assert told["level"] == "CRITICAL"
    assert "ZeroDivisionError" in told["exception"]
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [("pass", 0, ""), ("sys.exit()", 0, ""), ("sys.exit(3)", 3, ""), ("sys.exit('no such case')", 1, "no such case\n")],
)
def test_a_process_leaves_with_the_code_it_meant(body: str, code: int, said: str) -> None:
    main = f"def main():\n    print('done')\n    {body}\n"
    ended = run(f"import sys\nfrom config.leaving import run_and_leave\n{main}run_and_leave(main)")
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "done\n", said)


def test_a_metrics_port_that_is_taken_is_passed_over() -> None:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_metrics_port("127.0.0.1", port) not in (port, None)


def test_port_0_means_no_metrics() -> None:
    assert free_metrics_port("127.0.0.1", 0) is None
