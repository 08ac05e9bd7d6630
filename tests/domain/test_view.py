"""What people see of a case (SPEC §5): its promises, what comes next, and how late it is."""

from datetime import timedelta
from typing import Any

import pytest

from domain.case import Stage
from domain.journal import JOURNAL_TAIL, Disposition
from domain.promises import Promise, PromiseKind, PromiseState, WarningMark
from domain.slots import Slot
from domain.view import CaseView, next_due, promise_state, view_of
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import NOON, case, message, promise

ASKED_FOR = set(
    str.split(
        "reference workflow_id stage outcome serial_number customer site owner next_action waiting_for reported_at "
        "opened_at closed_at round next_messages promises slots journal"
    )
)


def warned(**fields: Any) -> Promise:
    return promise(warnings=[WarningMark(point="50%", due_at=NOON, fired_at=NOON)], **fields)


def test_the_view_has_every_field_that_the_query_promises() -> None:
    shown = view_of(case(promises=[warned()], slots=[Slot(slot_id="1", start=NOON, end=NOON)]))
    assert set(CaseView.model_fields) >= ASKED_FOR
    fields = shown.model_dump(mode="json")
    assert set(fields["promises"][0]) >= set(
        str.split("name kind started_at due_at state ended_at paused_seconds warnings")
    )
    assert set(fields["promises"][0]["warnings"][0]) == {"point", "due_at", "fired_at"}
    assert set(fields["slots"][0]) >= {"slot_id", "start", "end", "state"}


def test_a_line_of_the_journal_shows_both_instants() -> None:
    spoken = case()
    spoken.write(NOON, "vendor:unnamed", "vendor_validation", Disposition.TAKEN, "approved", at=at("2026-06-11 11:50"))
    line = view_of(spoken).model_dump(mode="json")["journal"][0]
    assert set(line) >= {"at", "entered_at", "actor", "kind", "disposition", "text"}
    assert (line["at"], line["entered_at"]) == ("2026-06-11T11:50:00+02:00", "2026-06-11T12:00:00+02:00")


def test_the_view_shows_the_newest_hundred_lines() -> None:
    spoken = case()
    for _ in range(JOURNAL_TAIL + 20):
        spoken.write(NOON, "support:Noor", "note", Disposition.TAKEN, "remark")
    assert [line.sequence for line in view_of(spoken).journal] == list(range(21, 121))


def test_the_view_comes_back_from_json_as_it_was() -> None:
    shown = view_of(case(promises=[warned()], report=message("report")))
    assert CaseView.model_validate_json(shown.model_dump_json()) == shown


def test_a_view_does_not_change_when_the_case_goes_on() -> None:
    going_on = case(promises=[warned()], slots=[Slot(slot_id="1", start=NOON, end=NOON)])
    shown = view_of(going_on)
    before = shown.model_copy(deep=True)
    going_on.promises[0].warnings[0].fired_at = None
    going_on.promises[0].breach()
    going_on.slots[0].slot_id = "2"
    going_on.write(NOON, "support:Noor", "note", Disposition.TAKEN, "remark")
    assert shown == before


def test_pauses_are_shown_in_seconds_of_business_time() -> None:
    assert view_of(case(promises=[promise(paused=timedelta(hours=3))])).promises[0].paused_seconds == 10_800


def test_a_closed_case_takes_no_message() -> None:
    assert view_of(case(stage=Stage.CLOSED)).next_messages == ()
    assert view_of(case(stage=Stage.RESTORED)).next_messages[0] == "customer_confirmation"


def test_a_case_without_a_registry_record_is_a_case_all_the_same() -> None:
    shown = view_of(case(equipment=None, coverage=None))
    assert (shown.customer, shown.site, shown.basis) == (None, None, None)


@pytest.mark.parametrize(
    ("promises", "state"),
    [
        ([], "on_track"),
        ([promise()], "on_track"),
        ([warned()], "at_risk"),
        ([warned(state=PromiseState.MET)], "on_track"),
        ([warned(), promise(state=PromiseState.BREACHED)], "breached"),
        ([promise(state=PromiseState.BREACHED, ended_at=NOON)], "on_track"),
        ([promise(state=PromiseState.BREACHED, ended_at=NOON, kind=PromiseKind.CONTRACTUAL)], "breached"),
    ],
    ids=str.split("nothing running warned met_after_a_warning overdue done_too_late customer_served_too_late"),
)
def test_a_case_is_breached_at_risk_or_on_track(promises: list[Promise], state: str) -> None:
    assert promise_state(promises) == state


def test_what_is_due_next_is_the_nearest_of_what_runs_or_is_overdue() -> None:
    early, late = at("2026-06-11 10:00"), at("2026-06-11 15:00")
    assert next_due([promise(due_at=late), promise(due_at=early)]) == early
    assert next_due([promise(due_at=late), promise(due_at=early, state=PromiseState.BREACHED)]) == early
    assert next_due([promise(due_at=late), promise(due_at=early, state=PromiseState.MET)]) == late
    assert next_due([promise(due_at=None)]) is None


def test_a_promise_that_stands_still_is_not_what_is_due_next() -> None:
    paused = promise(due_at=at("2026-06-11 10:00"), state=PromiseState.PAUSED)
    assert next_due([paused]) is None
    assert next_due([paused, promise()]) == promise().due_at
