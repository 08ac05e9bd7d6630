"""A promise is a ledger, judged by when things happened, not by when they were typed in (SPEC §4)."""

from datetime import timedelta

import pytest

from domain.promises import Pause, Projection, Promise, PromiseName, PromiseState, WarningMark
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import promise

DUE = at("2026-06-11 13:00")
SECOND = timedelta(seconds=1)


def waiting(promised: Promise, since: str, until: str | None = None) -> Promise:
    """The promise, after it stood still for the customer's log files."""
    promised.pause(at(since), "customer", "log files were asked for")
    if until:
        promised.end_pause(at(until))
        promised.state = PromiseState.RUNNING
    return promised


@pytest.mark.parametrize("name", [name for name in PromiseName if name is not PromiseName.VENDOR_VALIDATION])
def test_what_happens_at_the_due_instant_keeps_a_promise_one_second_later_does_not(name: PromiseName) -> None:
    assert promise(name).keeps(DUE)
    assert not promise(name).keeps(DUE + SECOND)


def test_an_approval_at_16_00_00_does_not_keep_the_vendor_promise_one_second_before_does() -> None:
    validation = promise(PromiseName.VENDOR_VALIDATION, due_at=at("2026-06-11 16:00"))
    assert not validation.keeps(at("2026-06-11 16:00:00"))
    assert validation.keeps(at("2026-06-11 15:59:59"))


def test_what_happened_before_the_clock_started_keeps_the_promise() -> None:
    """A technician on duty who answers on Saturday: the clock starts on Monday."""
    promised = promise(started_at=at("2026-06-15 08:00"), due_at=at("2026-06-15 12:00"))
    promised.fulfil(at("2026-06-13 11:00"))
    assert (promised.state, promised.ended_at) == (PromiseState.MET, at("2026-06-13 11:00"))


def test_approved_by_phone_at_15_50_and_entered_at_16_20_is_met() -> None:
    validation = promise(PromiseName.VENDOR_VALIDATION, due_at=at("2026-06-11 16:00"))
    validation.breach()
    assert validation.is_overdue
    validation.fulfil(at("2026-06-11 15:50"))
    assert (validation.state, validation.ended_at) == (PromiseState.MET, at("2026-06-11 15:50"))


def test_a_breach_that_was_found_stays_a_breach_when_it_is_done_after_all() -> None:
    promised = promise()
    promised.breach()
    promised.fulfil(DUE + SECOND)
    assert (promised.state, promised.ended_at) == (PromiseState.BREACHED, DUE + SECOND)
    assert not promised.is_owed


def test_a_breach_is_found_before_the_clock_rings_when_the_word_comes_first() -> None:
    promised = promise()
    promised.fulfil(DUE + SECOND)
    assert promised.state is PromiseState.BREACHED


@pytest.mark.parametrize("state", [PromiseState.MET, PromiseState.CANCELLED])
def test_what_has_ended_stays_as_it_is(state: PromiseState) -> None:
    promised = promise(state=state, ended_at=at("2026-06-11 10:00"))
    untouched = promised.model_copy(deep=True)
    promised.fulfil(DUE + SECOND)
    promised.breach()
    promised.cancel(DUE)
    promised.pause(at("2026-06-11 11:00"), "customer", "too late")
    promised.end_pause(DUE)
    assert promised == untouched
    assert promised.next_instant() is None


def test_a_cancelled_promise_is_no_longer_owed_and_a_breach_stays_a_breach() -> None:
    running, overdue = promise(), promise()
    overdue.breach()
    for promised in (running, overdue):
        promised.cancel(at("2026-06-11 14:00"))
        assert not promised.is_owed
        assert promised.ended_at == at("2026-06-11 14:00")
    assert (running.state, overdue.state) == (PromiseState.CANCELLED, PromiseState.BREACHED)


def test_a_cancelled_promise_ends_its_pause() -> None:
    promised = waiting(promise(), "2026-06-11 10:00")
    promised.cancel(at("2026-06-11 11:00"))
    assert promised.pauses[0].ended_at == at("2026-06-11 11:00")


def test_a_clock_that_stands_still_cannot_run_out() -> None:
    promised = waiting(promise(), "2026-06-11 10:00")
    promised.breach()
    assert (promised.state, promised.next_instant()) == (PromiseState.PAUSED, None)
    promised.fulfil(at("2026-06-15 10:00"))
    assert promised.state is PromiseState.MET
    assert promised.pauses[0].ended_at == at("2026-06-15 10:00")


def test_a_clock_that_had_run_out_cannot_be_stopped_any_more() -> None:
    """The worker was away: the question for log files and the due instant are handled in one go."""
    late = waiting(promise(), "2026-06-11 13:00")
    assert (late.state, late.pauses) == (PromiseState.RUNNING, [])
    late.fulfil(at("2026-06-11 14:00"))
    assert late.state is PromiseState.BREACHED


def test_log_files_asked_for_in_time_and_typed_in_after_the_due_instant_stop_the_clock() -> None:
    promised = promise()
    promised.breach()
    waiting(promised, "2026-06-11 12:59:59")
    assert promised.state is PromiseState.PAUSED
    assert not promised.is_overdue


def test_a_pause_begins_with_the_promise_and_ends_after_it_began() -> None:
    promised = waiting(promise(), "2026-06-11 08:00", "2026-06-11 07:00")
    [pause] = promised.pauses
    assert pause.started_at == pause.ended_at == promised.started_at


def test_a_clock_that_is_stopped_is_not_stopped_again() -> None:
    promised = waiting(waiting(promise(), "2026-06-11 10:00"), "2026-06-11 10:30")
    assert [pause.started_at for pause in promised.pauses] == [at("2026-06-11 10:00")]


def test_pauses_that_overlap_are_one_span() -> None:
    promised = waiting(promise(due_at=None), "2026-06-11 10:00", "2026-06-11 12:00")
    waiting(promised, "2026-06-11 11:00", "2026-06-11 13:00")
    waiting(promised, "2026-06-11 14:00")
    assert promised.paused_spans(at("2026-06-11 15:00")) == [
        (at("2026-06-11 10:00"), at("2026-06-11 13:00")),
        (at("2026-06-11 14:00"), at("2026-06-11 15:00")),
    ]


def test_a_pause_typed_in_late_around_another_one_takes_it_in() -> None:
    promised = waiting(promise(due_at=None), "2026-06-11 10:00", "2026-06-11 12:00")
    waiting(promised, "2026-06-11 09:30", "2026-06-11 12:30")
    assert promised.paused_spans(DUE) == [(at("2026-06-11 09:30"), at("2026-06-11 12:30"))]


def test_the_clock_looks_at_the_next_warning_that_has_not_fired_then_at_the_due_instant() -> None:
    fired = WarningMark(point="50%", due_at=at("2026-06-11 11:00"), fired_at=at("2026-06-11 11:00"))
    coming = WarningMark(point="-60m", due_at=at("2026-06-11 12:00"))
    promised = promise(warnings=[fired, coming])
    assert promised.next_instant() == at("2026-06-11 12:00")
    promised.warnings[1].fired_at = at("2026-06-11 12:00")
    assert promised.next_instant() == DUE
    promised.breach()
    assert promised.next_instant() is None


@pytest.mark.parametrize("end", ["fulfil", "cancel"])
def test_the_clock_looks_no_more_at_what_has_ended_whatever_had_not_fired(end: str) -> None:
    promised = promise(warnings=[WarningMark(point="50%", due_at=at("2026-06-11 12:00"))])
    getattr(promised, end)(at("2026-06-11 11:00"))
    assert promised.next_instant() is None


def test_new_instants_leave_the_marks_of_the_warnings_that_fired() -> None:
    promised = promise(
        warnings=[WarningMark(point="50%", due_at=DUE, fired_at=DUE), WarningMark(point="-60m", due_at=DUE)]
    )
    later = DUE + timedelta(hours=2)
    Projection(
        id=promised.id,
        started_at=promised.started_at,
        due_at=later,
        paused=timedelta(hours=2),
        warnings=(("50%", later), ("-60m", later)),
    ).apply(promised)
    assert (promised.due_at, promised.paused) == (later, timedelta(hours=2))
    assert [(warning.due_at, warning.fired_at) for warning in promised.warnings] == [(later, DUE), (later, None)]


def test_a_ledger_comes_back_from_storage_as_it_was() -> None:
    promised = waiting(promise(), "2026-06-11 10:00", "2026-06-11 11:00")
    promised.pauses.append(Pause(started_at=DUE, actor="customer", reason="not reached"))
    assert Promise.model_validate_json(promised.model_dump_json()) == promised


def test_a_clock_runs_on_once_its_pause_is_over_and_nothing_else_stops_it() -> None:
    promised = waiting(promise(), "2026-06-08 11:00")
    assert not promised.runs_on()
    promised.end_pause(at("2026-06-08 12:00"))
    assert promised.pause(at("2026-06-08 13:00"), "customer", "cannot be reached")
    assert not promised.runs_on()
    promised.end_pause(at("2026-06-08 14:00"))
    assert promised.runs_on()
    assert promised.state is PromiseState.RUNNING


def test_what_was_kept_while_its_new_instants_were_asked_for_does_not_run_on() -> None:
    promised = waiting(promise(), "2026-06-08 11:00")
    promised.end_pause(at("2026-06-08 12:00"))
    promised.fulfil(at("2026-06-08 12:30"))
    assert not promised.runs_on()
    assert promised.state is PromiseState.MET
