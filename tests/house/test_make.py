"""`make` finds a Python that will do, or says what to do."""

import os
import subprocess
from pathlib import Path

FIND_PYTHON = Path(__file__).parents[2] / "deploy" / "find-python"


def find(path: Path, *named: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run(
        ["/bin/sh", FIND_PYTHON, *named], env=environment, capture_output=True, text=True, check=False
    )


def python(path: Path, name: str, *, recent: bool = True, venv: bool = True) -> None:
    """A stand-in that answers the two questions it is asked."""
    refusals = ([] if recent else ["*version_info*) exit 1 ;;"]) + ([] if venv else ["*ensurepip*) exit 1 ;;"])
    program = path / name
    program.write_text("#!/bin/sh\ncase $2 in\n" + "\n".join(refusals) + "\nesac\n")
    program.chmod(0o755)


def test_the_first_that_is_recent_enough_is_taken(tmp_path: Path) -> None:
    python(tmp_path, "python3.11", recent=False)
    python(tmp_path, "python3.12")
    python(tmp_path, "python3")
    assert find(tmp_path).stdout == "python3.12\n"


def test_one_that_is_named_is_taken(tmp_path: Path) -> None:
    python(tmp_path, "python3.11")
    python(tmp_path, "mine")
    assert find(tmp_path, "mine").stdout == "mine\n"


def test_none_is_one_clear_error(tmp_path: Path) -> None:
    python(tmp_path, "python3", recent=False)
    found = find(tmp_path)
    assert found.returncode == 1
    assert "No Python >= 3.11" in found.stderr
    assert "make demo PYTHON=/path/to/python" in found.stderr


def test_one_without_venv_is_one_clear_error(tmp_path: Path) -> None:
    python(tmp_path, "python3.11", venv=False)
    found = find(tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("python3.11 cannot make virtual environments")
