"""An open case does not end because a worker lacks a key: what it was handed is waited for (SPEC §7.5)."""

from types import SimpleNamespace

import pytest

from domain.payloads import Undecodable
from workflows.handed_over import HandedOverUnreadable, is_continued

UNREADABLE = Undecodable(encoding="binary/encrypted", size=9)


def execution_after(monkeypatch: pytest.MonkeyPatch, run_id: str | None) -> None:
    monkeypatch.setattr("temporalio.workflow.info", lambda: SimpleNamespace(continued_run_id=run_id))


def test_what_a_first_execution_is_given_may_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    execution_after(monkeypatch, None)
    assert not is_continued((UNREADABLE,))


def test_what_the_execution_before_handed_over_is_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    execution_after(monkeypatch, "01a2")
    assert is_continued(({"continued": {}},))
    with pytest.raises(HandedOverUnreadable, match="see CURATIVE_KEYS"):
        is_continued((UNREADABLE,))
