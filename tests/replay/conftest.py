"""The fixtures of the stories of cases."""

from tests.workflows.conftest import case_pool, open_case, worker

__all__ = ["case_pool", "open_case", "worker"]
