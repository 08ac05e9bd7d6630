"""Whoever reports reads which case has the report, and what is promised there."""

from datetime import UTC
from io import StringIO

from rich.console import Console

from domain.case import CaseState, Outcome, Stage
from domain.view import view_of
from starter.rendering.report_lines import print_answer
from starter.reports import answer_of
from tests.domain.sample_cases import NOON, case, promise


def printed(state: CaseState, *, opened: bool = True) -> str:
    console = Console(width=200, file=StringIO(), record=True)
    print_answer(console, answer_of(view_of(state), "call-1", opened=opened), UTC)
    return console.export_text()


def test_a_report_on_equipment_that_was_exchanged_names_the_case_that_has_it_now() -> None:
    where = "the registry knows it as FTT2: its report is with CM-47EJ-D1VY (curative-FTT2)"
    moved = case(stage=Stage.CLOSED, outcome=Outcome.MOVED, outcome_reason=where, closed_at=NOON, equipment=None)
    assert printed(moved) == f"CM-7K3Q-9XTB  accepted\n{where}\n"


def test_an_accepted_report_names_what_is_due_and_who_acts() -> None:
    text = printed(case(promises=[promise()], owner="level 1", next_action="Call back"))
    assert "level 2 diagnosis due Thu 11 Jun 2026 11:00 (UTC)" in text
    assert "level 1: Call back" in text
