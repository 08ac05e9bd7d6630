"""Fixtures of the database suite."""

from pathlib import Path

import pytest

from tests.database.registry_files import RegistryFiles


@pytest.fixture
def sample(tmp_path: Path) -> RegistryFiles:
    """A copy of the sample registry that the test may change."""
    return RegistryFiles(tmp_path)
