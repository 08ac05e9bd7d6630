"""Who must act for the loan equipment, by when, which message says so: in the Web UI and in `curative show` (R8)."""

from datetime import UTC
from io import StringIO

import pytest
from rich.console import Console

from domain.briefing import briefing_of
from domain.case import CaseState, Stage
from domain.loan import Loan, LoanStage
from domain.loan_briefing import NEXT_OF_A_LOAN
from domain.promises import PromiseName
from domain.view import view_of
from starter.rendering.rounds_page import loan_table
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import NOON, case, promise

OPEN = [stage for stage in LoanStage if stage is not LoanStage.ENDED]
VETO_UNTIL, HELD_UNTIL, DUE = at("2026-06-11 13:00"), at("2026-06-12 12:00"), at("2026-06-12 18:00")


def with_loan(stage: LoanStage) -> CaseState:
    loan = Loan(number=1, cause="the replacement is lost", stage=stage, considered_at=NOON, veto_until=VETO_UNTIL)
    loan.visit.held_until = HELD_UNTIL
    return case(stage=Stage.SHIPMENT, loan=loan, promises=[promise(PromiseName.LOAN_AVAILABLE, due_at=DUE)])


def shown(state: CaseState) -> str:
    console = Console(width=200, file=StringIO(), record=True)
    console.print(loan_table(view_of(state), UTC))
    return console.export_text()


@pytest.mark.parametrize("stage", OPEN)
def test_at_every_stage_both_pages_say_who_acts_next_and_by_when_it_is_due(stage: LoanStage) -> None:
    page, line = briefing_of(with_loan(stage), NOON), shown(with_loan(stage))
    assert NEXT_OF_A_LOAN[stage] in page
    assert NEXT_OF_A_LOAN[stage] in line
    assert "| Due | Fri 2026-06-12 18:00 CEST (running) |" in page
    assert "Fri 12 Jun 2026 16:00 (running)" in line


@pytest.mark.parametrize(
    ("stage", "until"),
    [
        (LoanStage.CONSIDERED, " at Thu 2026-06-11 13:00"),
        (LoanStage.SCHEDULING, "; those offered are held until Fri 2026-06-12 12:00"),
    ],
)
def test_the_page_says_until_when_a_veto_or_a_choice_is_awaited(stage: LoanStage, until: str) -> None:
    assert f"{NEXT_OF_A_LOAN[stage]}{until} CEST" in briefing_of(with_loan(stage), NOON)


def test_curative_show_says_until_when_a_veto_is_awaited_and_why_a_loan_ended() -> None:
    assert "until Thu 11 Jun 2026 11:00" in shown(with_loan(LoanStage.CONSIDERED))
    ended = with_loan(LoanStage.ENDED)
    assert ended.loan is not None
    ended.loan.ended_because = "vetoed: not needed"
    assert "Loan equipment  ended: vetoed: not needed" in shown(ended)
