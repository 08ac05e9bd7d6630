"""Fixtures of the house's own tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory for servers of this test's own.

    Not pytest's: run as root, a server works as another user, who must pass through the directories above; pytest
    closes its own again whenever another session starts.
    """
    with tempfile.TemporaryDirectory(prefix="curative-tests-") as directory:
        yield Path(directory)
