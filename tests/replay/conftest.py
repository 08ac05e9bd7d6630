"""The fixtures of the stories of cases, told on the real server: their histories are kept."""

import pytest

from tests.workflows.conftest import OpenCase, ask_on_server, case_pool, follow_return, open_case_on_server, worker

__all__ = ["ask_on_server", "case_pool", "follow_return", "open_case_on_server", "worker"]


@pytest.fixture
def open_case(open_case_on_server: OpenCase) -> OpenCase:
    """A case on the real server."""
    return open_case_on_server
