"""Which message is taken when, and what it must fit besides its stage (SPEC §5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseState, Outcome, Stage
from domain.loan import Loan, LoanStage
from domain.messages import CASE_MESSAGES, Message, MessageRefused, parse_message
from domain.promises import PromiseName, PromiseState
from domain.reception import (
    ALWAYS_TAKEN,
    LOAN_STAGES_OF,
    STAGES_OF,
    Reception,
    concerns,
    loan_reception,
    messages_taken_at,
    receive,
    reception,
)
from domain.registry import Category
from domain.rounds import Round
from domain.slots import Slot, SlotState
from tests.domain.calendar_strategies import RANDOM
from tests.domain.message_strategies import instants, kinds, payloads
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import NOON, OPENED, SERIAL, card, case, message, promise

SUPERVISOR = "supervisor:R. Martin"


def verdict(of: CaseState, word: Message, now: datetime = NOON) -> str:
    """What becomes of a message that fits."""
    return receive(of, word, now)[0].value


def refusal(of: CaseState, word: Message, now: datetime = NOON) -> str:
    """Why a message does not fit."""
    with pytest.raises(MessageRefused) as refused:
        receive(of, word, now)
    return str(refused.value)


def note(**fields: Any) -> Message:
    return message("note", **fields)


def slot(number: int, state: SlotState = SlotState.OFFERED) -> Slot:
    start = at("2026-06-16 08:00") + timedelta(hours=2 * number)
    return Slot(slot_id=f"slot-{number}", start=start, end=start + timedelta(hours=2), state=state)


def test_a_delivery_is_kept_while_the_vendor_still_decides() -> None:
    delivered = message("shipment", at=None)
    assert verdict(case(stage=Stage.VENDOR_VALIDATION), delivered) == "kept"
    assert verdict(case(stage=Stage.SHIPMENT), delivered) == "taken"
    assert refusal(case(stage=Stage.SITE_SCHEDULING), delivered) == (
        "kind: shipment is out of date: the case is at stage site_scheduling"
    )


def test_the_vendors_answer_is_kept_while_level_2_still_writes() -> None:
    decision = message("vendor_validation", decided_at="2026-06-11T11:00:00+02:00")
    assert receive(case(stage=Stage.REMOTE_DIAGNOSIS), decision, NOON) == (
        Reception.KEPT,
        "kept until stage vendor_validation; the case is at remote_diagnosis",
    )


def test_scheduling_is_still_taken_while_the_technician_is_awaited() -> None:
    declined = message("site_scheduling", action="decline")
    assert verdict(case(stage=Stage.SITE_SCHEDULING, slots=[slot(0)]), declined) == "taken"
    assert verdict(case(stage=Stage.ON_SITE, slots=[slot(0, SlotState.CHOSEN)]), declined) == "taken"


def test_what_declines_needs_something_that_is_held() -> None:
    declined = message("site_scheduling", action="decline")
    with pytest.raises(MessageRefused, match="action: there is no slot to decline"):
        receive(case(stage=Stage.SITE_SCHEDULING, slots=[slot(0, SlotState.EXPIRED)]), declined, NOON)


def test_a_report_on_other_equipment_does_not_join_this_case() -> None:
    with pytest.raises(MessageRefused, match="serial_number: this case is about"):
        receive(case(), message("report", serial_number="OTHER-1"), NOON)


@pytest.mark.parametrize("kind", ["report", "note", "assignment", "contact_attempt"])
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_notes_assignments_contacts_and_reports_are_taken_at_every_open_stage(kind: str, stage: Stage) -> None:
    assert verdict(case(stage=stage), message(kind)) == "taken"
    assert kind in messages_taken_at(stage)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_messages_that_a_stage_names_are_the_ones_it_takes_first_those_that_move_it_on(stage: Stage) -> None:
    named = messages_taken_at(stage)
    assert set(named) == {kind for kind in CASE_MESSAGES if reception(stage, kind) is Reception.TAKEN}
    assert len(named) == len(set(named))
    if stage not in (Stage.REGISTERED, Stage.CLOSED):
        assert named[0] in STAGES_OF


@pytest.mark.parametrize("written", ["CM-7K3Q-9XTB", "cm-7k3q-9xtb", " CM-7K3Q-9XTB "])
def test_a_message_can_name_the_case_that_it_is_meant_for(written: str) -> None:
    assert verdict(case(), note(case=written)) == "taken"


@pytest.mark.parametrize("other", ["CM-7K3Q-9XTC", "7K3Q", "CM-7K3Q\n-9XTB"])
def test_a_word_for_another_case_never_reaches_its_successor(other: str) -> None:
    assert refusal(case(), note(case=other)) == f"case: this is CM-7K3Q-9XTB; the message is meant for {other!r}"


def test_five_minutes_ahead_of_the_cases_clock_are_allowed_and_not_a_second_more() -> None:
    ahead = NOON + timedelta(minutes=5)
    assert verdict(case(), note(at=ahead.isoformat())) == "taken"
    assert refusal(case(), note(at=(ahead + timedelta(seconds=1)).isoformat())).startswith("at: 2026-06-11T12:05:01")


def test_nothing_happens_before_the_report() -> None:
    assert verdict(case(), note(at=OPENED.isoformat())) == "taken"
    assert "lies before the case's report" in refusal(case(), note(at="2026-06-11T08:19:59+02:00"))


def test_another_report_may_be_older_than_the_first_one() -> None:
    assert verdict(case(), message("report", reported_at="2026-06-11T08:00:00+02:00")) == "taken"


@pytest.mark.parametrize(
    ("kind", "field"), [("note", "at"), ("report", "reported_at"), ("vendor_validation", "decided_at")]
)
def test_an_instant_that_does_not_fit_is_refused_under_the_name_of_its_field(kind: str, field: str) -> None:
    tomorrow = (NOON + timedelta(days=1)).isoformat()
    word = message(kind, **{field: tomorrow})
    assert refusal(case(stage=Stage.VENDOR_VALIDATION), word).startswith(f"{field}: {tomorrow} lies ahead")


def test_the_vendors_message_is_not_from_tomorrow_either() -> None:
    word = message("vendor_validation", decided_at=NOON.isoformat(), at=(NOON + timedelta(days=1)).isoformat())
    assert refusal(case(stage=Stage.VENDOR_VALIDATION), word).startswith("at: ")


def test_backdating_by_more_than_one_business_day_needs_a_supervisor() -> None:
    open_case, monday = case(), at("2026-06-15 09:00")
    yesterday, before = at("2026-06-12 09:00").isoformat(), at("2026-06-12 08:59:59").isoformat()
    assert verdict(open_case, note(at=yesterday), monday) == "taken"
    assert refusal(open_case, note(at=before), monday) == (
        f"at: {before} is more than one business day ago; only a supervisor may enter it (actor supervisor:…)"
    )
    assert verdict(open_case, note(at=before, actor=SUPERVISOR), monday) == "taken"
    assert refusal(open_case, note(at=before, actor="support:supervisor:R. Martin"), monday).startswith("at: ")


def test_level_2s_word_is_kept_while_level_1_has_the_case() -> None:
    found = message("remote_diagnosis")
    assert receive(case(stage=Stage.REMOTE_DIAGNOSIS, level=1), found, NOON) == (
        Reception.KEPT,
        "kept until level 1 escalates",
    )
    assert verdict(case(stage=Stage.REMOTE_DIAGNOSIS, level=2), found) == "taken"


def escalated_by_the_clock() -> CaseState:
    """Level 1 was silent until 09:20: the clock has escalated."""
    answer = promise(
        PromiseName.LEVEL_1_ANSWER,
        started_at=OPENED,
        due_at=at("2026-06-11 09:20"),
        state=PromiseState.BREACHED,
    )
    return case(stage=Stage.REMOTE_DIAGNOSIS, level=2, promises=[answer])


def level_1(**fields: Any) -> Message:
    return message("remote_diagnosis", level=1, outcome="resolved", **fields)


def test_an_answer_of_level_1_given_in_time_counts_though_it_is_typed_in_after_the_escalation() -> None:
    assert verdict(escalated_by_the_clock(), level_1(at="2026-06-11T09:20:00+02:00")) == "taken"


@pytest.mark.parametrize("fields", [{"at": "2026-06-11T09:20:01+02:00"}, {}])
def test_an_answer_of_level_1_given_late_is_out_of_date_after_the_escalation(fields: dict[str, Any]) -> None:
    assert refusal(escalated_by_the_clock(), level_1(**fields)) == (
        "level: level 1 is out of date: the case is at level 2"
    )


def test_log_files_are_asked_for_infrastructure_equipment_only() -> None:
    asked = message("remote_diagnosis", outcome="logs_needed")
    at_level_2 = {"stage": Stage.REMOTE_DIAGNOSIS, "level": 2}
    assert verdict(case(**at_level_2, equipment=card(category=Category.INFRASTRUCTURE)), asked) == "taken"
    assert refusal(case(**at_level_2), asked).startswith("outcome: log files are asked for infrastructure")


def test_a_slot_can_be_chosen_while_it_is_offered() -> None:
    slots = [slot(0), slot(1), slot(2, SlotState.EXPIRED), slot(3, SlotState.DECLINED)]
    planning = case(stage=Stage.SITE_SCHEDULING, slots=slots)
    assert verdict(planning, message("site_scheduling", action="choose", slot_id="slot-1")) == "taken"
    assert refusal(planning, message("site_scheduling", action="choose", slot_id="slot-2")) == (
        "slot_id: slot 'slot-2' is expired; offered now: slot-0, slot-1"
    )
    assert refusal(planning, message("site_scheduling", action="choose", slot_id="slot\n9")) == (
        "slot_id: slot 'slot\\n9' was never offered; offered now: slot-0, slot-1"
    )


def test_a_choice_without_an_offer_is_told_so() -> None:
    choice = message("site_scheduling", action="choose", slot_id="slot-1")
    assert refusal(case(stage=Stage.ON_SITE), choice).endswith("offered now: none")


cases = st.builds(
    case,
    stage=st.sampled_from(Stage),
    level=st.sampled_from([1, 2]),
    slots=st.sampled_from([[], [slot(0)], [slot(0, SlotState.CHOSEN), slot(1, SlotState.DECLINED)]]),
    equipment=st.sampled_from([None, card(), card(category=Category.INFRASTRUCTURE)]),
    promises=st.sampled_from([[], escalated_by_the_clock().promises]),
)


@RANDOM
@given(st.data(), kinds, cases, instants)
def test_a_message_of_any_content_at_any_stage_is_received_or_refused_in_one_sentence(
    data: st.DataObject, kind: str, of: CaseState, now: datetime
) -> None:
    try:
        outcome = str(receive(of, parse_message(kind, data.draw(payloads(kind))), now)[1])
    except MessageRefused as refused:
        outcome = str(refused)
    assert outcome.isprintable()
    assert outcome.encode()


@pytest.mark.parametrize("kind", CASE_MESSAGES)
def test_a_kind_is_kept_before_its_stage_and_out_of_date_after_it(kind: str) -> None:
    order = [reception(stage, kind) for stage in Stage]
    known = [
        Reception.BY_THE_LOAN,
        Reception.WHEN_AWAITED,
        Reception.KEPT,
        Reception.TAKEN,
        Reception.OUT_OF_DATE,
    ]
    assert order == sorted(order, key=known.index)
    assert order[-1] is Reception.OUT_OF_DATE


@pytest.mark.parametrize("kind", LOAN_STAGES_OF)
def test_of_a_loan_too_a_kind_is_kept_before_its_stage_and_out_of_date_after_it(kind: str) -> None:
    order = [loan_reception(stage, kind) for stage in LoanStage]
    known = [Reception.KEPT, Reception.TAKEN, Reception.OUT_OF_DATE]
    assert order == sorted(order, key=known.index)
    assert order[-1] is Reception.OUT_OF_DATE


def loan(stage: LoanStage) -> Loan:
    return Loan(number=1, cause="lost", stage=stage, considered_at=NOON)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_news_of_the_loans_parcel_is_taken_at_every_stage_of_the_case(stage: Stage) -> None:
    news = message("shipment", subject="loan", status="dispatched", at=None)
    assert verdict(case(stage=stage, loan=loan(LoanStage.RESERVED)), news) == "taken"
    assert refusal(case(stage=stage), news) == (
        "subject: shipment does not fit the loan equipment of this case: there is none"
    )


def test_a_loan_is_vetoed_until_its_unit_has_left_the_house() -> None:
    veto = message("loan_veto")
    for stage in (LoanStage.CONSIDERED, LoanStage.WAITING, LoanStage.RESERVED):
        assert verdict(case(loan=loan(stage)), veto) == "taken"
    assert "it is dispatched" in refusal(case(loan=loan(LoanStage.DISPATCHED)), veto)


def test_a_word_on_a_visit_is_about_the_loan_when_its_slot_is_or_when_only_the_loan_has_one() -> None:
    of_the_loan = slot(0).model_copy(update={"subject": "loan"})
    planning = loan(LoanStage.SCHEDULING)
    both = case(stage=Stage.SITE_SCHEDULING, slots=[of_the_loan, slot(1)], loan=planning)
    assert concerns(both, message("site_scheduling", action="choose", slot_id="slot-0")) == "loan"
    assert concerns(both, message("site_scheduling", action="choose", slot_id="slot-1")) == "replacement"
    assert concerns(both, message("site_scheduling", action="decline")) == "replacement"
    assert concerns(both, message("site_scheduling", action="decline", subject="loan")) == "loan"
    waiting = case(stage=Stage.SHIPMENT, slots=[of_the_loan], loan=planning)
    assert concerns(waiting, message("site_scheduling", action="decline")) == "loan"


@pytest.mark.parametrize("stage", [Stage.SHIPMENT, Stage.SITE_SCHEDULING, Stage.ON_SITE, Stage.RESTORED])
def test_an_approval_can_be_revoked_at_every_stage_after_it(stage: Stage) -> None:
    revoked = message("vendor_validation", decision="revoked", decided_at=NOON.isoformat())
    approved = Round(reason="reported", began_at=OPENED, approved_at=OPENED)
    assert verdict(case(stage=stage, rounds=[approved]), revoked) == "taken"
    assert refusal(case(stage=stage), revoked) == "decision: there is no approval to revoke in this round"


@pytest.mark.parametrize("kind", [kind for kind in CASE_MESSAGES if kind not in ALWAYS_TAKEN])
def test_a_case_that_is_ending_takes_only_what_is_noted(kind: str) -> None:
    ending = case(stage=Stage.SHIPMENT, outcome=Outcome.CANCELLED)
    now = {"vendor_validation": {"decided_at": NOON.isoformat()}, "report": {}}.get(kind, {"at": NOON.isoformat()})
    assert refusal(ending, message(kind, **now)) == f"kind: {kind} is out of date: the case is cancelled"


def test_a_decision_from_before_this_round_answers_an_earlier_request() -> None:
    rounds = [Round(reason="reported", began_at=OPENED), Round(number=2, reason="refused", began_at=NOON)]
    second = case(stage=Stage.VENDOR_VALIDATION, rounds=rounds)
    late = message("vendor_validation", decided_at=(NOON - timedelta(minutes=1)).isoformat())
    assert refusal(second, late).startswith("decided_at: 2026-06-11T11:59:00+02:00 lies before round 2 began")
    assert verdict(second, message("vendor_validation", decided_at=NOON.isoformat())) == "taken"


def test_a_correction_that_corrects_nothing_is_refused() -> None:
    assert refusal(case(), message("correction", serial_number=SERIAL)).startswith("serial_number: this case is about")
    assert refusal(case(), message("correction", serial_number=None, site="S-1")) == (
        "site: the equipment stands at S-1 already"
    )
