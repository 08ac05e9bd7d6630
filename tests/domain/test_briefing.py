"""An operator understands a case from its page, and no text that anyone typed breaks it (SPEC §6)."""

import json
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.briefing import briefing_of
from domain.briefing_parts import LINES_SHOWN, PROMISES_SHOWN
from domain.case import CaseState, Outcome, Party, Stage, Wait
from domain.coverage import Coverage
from domain.journal import Disposition
from domain.markdown import columns_apart
from domain.messages import RemoteDiagnosis, parse_message
from domain.promises import PromiseName, PromiseState
from domain.slots import Slot, SlotState
from tests.domain.calendar_strategies import RANDOM
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import NOON, OPENED, PARIS, TERMS, card, case, promise

LIMIT = 20_000
"""What the Web UI takes, in bytes."""


def crowded(text: str, stage: Stage = Stage.SITE_SCHEDULING) -> CaseState:
    """A case with that text wherever a text can be, and a hundred of everything."""
    full = case(
        stage=stage,
        reference="CM-7K3Q-9XTB",
        serial_number=text,
        owner=text,
        next_action=text,
        outcome=Outcome.RESTORED,
        outcome_reason=text,
        round=100,
        check_pending=True,
        delivery_missed_through="late_report",
        equipment=card(type=text, customer_name=text, site_name=text),
        coverage=Coverage(terms=TERMS, provider=PARIS, site=PARIS, basis=text),
        waits=[Wait(party=Party.SUPPORT, since=OPENED)],
        promises=[
            promise(PromiseName.SOFTWARE_DELIVERY_TARGET, id=f"p.{number}", paused=timedelta(hours=999))
            for number in range(100)
        ],
        slots=[Slot(slot_id=f"{text[:60]}{number}", start=NOON, end=NOON) for number in range(100)],
    )
    for _ in range(100):
        full.write(NOON, text, "note", Disposition.TAKEN, text)
    return full


def cells_of_each_line(page: str) -> list[int]:
    return [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in page.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize(
    "sign", ["x", "|", "é", "\\", "\U0001f4a5", "\n"], ids=str.split("x bar accent slash emoji line")
)
def test_the_page_never_grows_beyond_what_the_web_ui_shows(sign: str, stage: Stage) -> None:
    assert len(columns_apart(briefing_of(crowded(sign * 4_000, stage), NOON)).encode()) <= LIMIT


@settings(RANDOM, max_examples=50)
@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_no_text_breaks_a_table_or_adds_html(text: str) -> None:
    page, usual = briefing_of(crowded(text), NOON), briefing_of(crowded("x"), NOON)
    assert cells_of_each_line(page) == cells_of_each_line(usual)
    assert len(page.splitlines()) == len(usual.splitlines())
    assert re.search(r"(?<!\\)(?:\\\\)*<", page) is None


def test_the_page_says_where_the_case_stands_who_has_the_ball_and_what_comes_next() -> None:
    page = briefing_of(
        case(
            stage=Stage.REMOTE_DIAGNOSIS,
            level=2,
            owner="level 2",
            next_action="Diagnose",
            waits=[Wait(party=Party.CUSTOMER, since=OPENED)],
            promises=[promise()],
        ),
        NOON,
    )
    assert page.startswith("## CM-7K3Q-9XTB · remote_diagnosis (level 2)\n")
    assert "| Equipment | FTT2608B2KR (Room Kit Pro) |" in page
    assert "| Customer, site | Banque du Jura, Paris, Opéra |" in page
    assert "| Waiting for | **customer** since Thu 2026-06-11 08:20 CEST |" in page
    assert "| Owner | level 2 |\n| Next action | Diagnose |" in page
    assert (
        "**Next due** Thu 2026-06-11 13:00 CEST: 1 h 00 of service hours left as of Thu 2026-06-11 12:00 CEST" in page
    )
    assert "| level_2_diagnosis | internal | Thu 2026-06-11 13:00 CEST | running |" in page


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_an_open_case_says_which_message_to_send(stage: Stage) -> None:
    page = briefing_of(case(stage=stage), NOON)
    assert '- `note` `{"text": "…"}`' in page
    assert ("- `vendor_validation`" in page) is (stage is Stage.VENDOR_VALIDATION)


@pytest.mark.parametrize("level", [1, 2])
def test_the_diagnosis_to_send_is_one_that_the_level_may_send_and_names_articles_for_level_2(level: int) -> None:
    page = briefing_of(case(stage=Stage.REMOTE_DIAGNOSIS, level=level), NOON)
    example = re.search(r"- `remote_diagnosis` `(.*)`", page)
    assert example is not None
    sent = parse_message("remote_diagnosis", json.loads(example[1]))
    assert isinstance(sent, RemoteDiagnosis)
    assert sent.level == level
    assert bool(sent.defective_articles) is (level == 2)


def test_a_closed_case_says_how_it_ended_and_asks_for_nothing() -> None:
    page = briefing_of(
        case(
            stage=Stage.CLOSED, outcome=Outcome.REJECTED, outcome_reason="no contract covers it", promises=[promise()]
        ),
        NOON,
    )
    assert page.startswith("## CM-7K3Q-9XTB · closed — **rejected**: no contract covers it")
    assert "| Waiting for | nobody |" in page
    assert "**Send**" not in page
    assert "**Next due**" not in page


def test_a_promise_that_stands_still_is_not_overdue() -> None:
    paused = promise(state=PromiseState.PAUSED, due_at=at("2026-06-11 11:00"))
    assert "overdue" not in briefing_of(case(promises=[paused]), NOON)


def test_a_promise_that_ran_out_is_overdue() -> None:
    breached = promise(state=PromiseState.BREACHED, due_at=at("2026-06-11 11:00"))
    assert "**Next due** Thu 2026-06-11 11:00 CEST: overdue" in briefing_of(case(promises=[breached]), NOON)


def test_of_many_promises_what_is_still_owed_is_shown_and_the_newest_of_the_rest() -> None:
    ended = [
        promise(id=f"ended.{n}", state=PromiseState.MET, due_at=at(f"2026-06-{n:02d} 10:00")) for n in range(1, 31)
    ]
    overdue = promise(PromiseName.LEVEL_1_ANSWER, state=PromiseState.BREACHED)
    page = briefing_of(case(promises=[overdue, *ended]), NOON)
    shown = [line for line in page.splitlines() if "| internal |" in line]
    assert len(shown) == PROMISES_SHOWN
    assert shown[0].startswith("| level_1_answer |")
    assert "Tue 2026-06-30" in shown[-1]
    assert "19 earlier." in page


def test_the_newest_lines_of_the_journal_are_shown() -> None:
    spoken = case()
    for number in range(20):
        spoken.write(NOON, "support:Noor", "note", Disposition.TAKEN, f"remark {number}")
    page = briefing_of(spoken, NOON)
    assert [f"remark {number} " in page for number in range(20)] == [number >= 20 - LINES_SHOWN for number in range(20)]


def test_slots_are_shown_while_they_are_offered_or_chosen() -> None:
    slots = [Slot(slot_id=state.value, start=NOON, end=NOON, state=state) for state in SlotState]
    page = briefing_of(case(stage=Stage.SITE_SCHEDULING, slots=slots), NOON)
    assert [f"| {state} | replacement | Thu" in page for state in SlotState] == [
        state in (SlotState.OFFERED, SlotState.CHOSEN) for state in SlotState
    ]


def test_a_pending_check_an_exception_and_a_missed_next_day_are_told() -> None:
    basis = "exception (goodwill) by R. Martin: renewal is signed"
    page = briefing_of(
        case(
            check_pending=True,
            delivery_missed_through="late_report",
            coverage=Coverage(terms=TERMS, provider=PARIS, site=PARIS, basis=basis),
        ),
        NOON,
    )
    assert "> The registry cannot be asked now" in page
    assert f"| Covered by | {basis} |" in page
    assert "| J+1 missed through | late report |" in page


def test_before_the_registry_has_answered_instants_are_shown_in_utc() -> None:
    page = briefing_of(case(coverage=None, equipment=None, waits=[Wait(party=Party.SUPPORT, since=OPENED)]), NOON)
    assert "since Thu 2026-06-11 06:20 UTC" in page
    assert "| Customer, site | not known yet |" in page
