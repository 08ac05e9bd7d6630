"""From a ledger to its instants: which clock counts, and what pauses and warnings do to it (SPEC §4, R1)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import CalendarError, CalendarSpec
from domain.case import Party, Wait
from domain.coverage import Coverage
from domain.deadlines import DeadlineQuestion, Deadlines, NextDayDelivery
from domain.projection import answer, clock_of, due_without_pauses, next_day_missed_through, project
from domain.promise_explanations import explain_promise
from domain.promises import (
    PAUSES_KEPT,
    BusinessHours,
    NextBusinessDay,
    Pause,
    Projection,
    Promise,
    PromiseKind,
    PromiseName,
)
from tests.domain.calendar_strategies import RANDOM
from tests.domain.promise_strategies import Counted, counted, pause, pauses_after
from tests.domain.sample_calendars import at
from tests.domain.sample_cases import LA_REUNION, PARIS, TERMS, promise

FRIDAY_CLOSED = PARIS.model_copy(update={"closures": (date(2026, 6, 12),)})
HOUR = timedelta(hours=1)


def projected(of: Promise, provider: CalendarSpec = PARIS, site: CalendarSpec = PARIS, now: str = "") -> Projection:
    """The instants of a promise; now is its start, unless told otherwise."""
    return project(of, provider, site, at(now) if now else of.started_at)


def delivery(approved: str, site_pauses: tuple[Pause, ...] = ()) -> Promise:
    return promise(
        PromiseName.REPLACEMENT_DELIVERY,
        kind=PromiseKind.CONTRACTUAL,
        budget=NextBusinessDay(),
        started_at=at(approved),
        pauses=list(site_pauses),
    )


def test_a_pause_over_a_weekend_adds_only_the_business_time_it_held() -> None:
    paused = promise(
        started_at=at("2026-06-12 16:00"),
        pauses=[pause(at("2026-06-12 17:00"), at("2026-06-15 10:00") - at("2026-06-12 17:00"))],
    )
    shown = projected(paused)
    assert shown.paused == 3 * HOUR
    assert shown.due_at == at("2026-06-15 13:00")


def test_a_pause_that_is_open_counts_up_to_now() -> None:
    open_pause = Pause(started_at=at("2026-06-11 10:00"), actor="customer", reason="log files")
    assert projected(promise(pauses=[open_pause]), now="2026-06-11 10:00").due_at == at("2026-06-11 13:00")
    assert projected(promise(pauses=[open_pause]), now="2026-06-11 12:00").due_at == at("2026-06-11 15:00")


def test_pauses_that_overlap_count_once() -> None:
    overlapping = promise(pauses=[pause(at("2026-06-11 10:00"), 2 * HOUR), pause(at("2026-06-11 11:00"), 2 * HOUR)])
    assert projected(overlapping).paused == 3 * HOUR
    assert projected(overlapping).due_at == at("2026-06-11 16:00")


def test_a_pause_after_the_due_instant_adds_nothing() -> None:
    assert projected(promise(pauses=[pause(at("2026-06-11 13:00"), 2 * HOUR)])).due_at == at("2026-06-11 13:00")


def test_a_delivery_is_paused_in_the_hours_that_provider_and_site_share() -> None:
    """Saint-Denis closes at 18:00, which is 16:00 in Paris: two of these four hours are shared."""
    paused = delivery("2026-06-10 15:00", (pause(at("2026-06-11 14:00"), 4 * HOUR),))
    shown = projected(paused, site=LA_REUNION)
    assert shown.paused == 2 * HOUR
    assert shown.due_at == at("2026-06-12 10:00")


def test_hours_begin_at_the_next_opening_and_a_cut_off_looks_at_the_instant_itself() -> None:
    saturday = at("2026-06-13 10:00")
    assert projected(promise(started_at=saturday)).started_at == at("2026-06-15 08:00")
    assert projected(delivery("2026-06-13 10:00")).started_at == saturday


def test_the_providers_own_closure_moves_its_internal_clock_and_never_a_contractual_one() -> None:
    internal = promise(started_at=at("2026-06-11 16:00"))
    assert projected(internal, provider=FRIDAY_CLOSED).due_at == at("2026-06-15 10:00")
    assert projected(delivery("2026-06-11 15:00"), provider=FRIDAY_CLOSED).due_at == at("2026-06-12 18:00")


def test_the_sites_closure_moves_a_delivery_and_never_our_own_work() -> None:
    assert projected(delivery("2026-06-11 15:00"), site=FRIDAY_CLOSED).due_at == at("2026-06-15 18:00")
    internal = promise(started_at=at("2026-06-11 16:00"))
    assert projected(internal, site=FRIDAY_CLOSED).due_at == at("2026-06-12 10:00")


def test_a_loan_decided_in_the_evening_is_due_the_next_business_day_all_the_same() -> None:
    loan = promise(
        PromiseName.LOAN_AVAILABLE,
        kind=PromiseKind.CONTRACTUAL,
        budget=NextBusinessDay(transit_days=1),
        started_at=at("2026-06-11 17:30"),
    )
    assert projected(loan).due_at == at("2026-06-15 18:00")


def test_a_warning_before_the_start_comes_at_the_start() -> None:
    late = promise(budget=BusinessHours(amount=timedelta(minutes=30)), warning_points=("-60m",))
    assert projected(late).warnings == (("-60m", late.started_at),)


def test_warnings_come_in_the_order_of_their_instants() -> None:
    assert [point for point, _ in projected(promise(warning_points=("-15m", "75%", "-2m", "10%"))).warnings] == [
        "10%",
        "75%",
        "-15m",
        "-2m",
    ]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(CalendarError, match="is no aware instant"):
        projected(promise(started_at=datetime(2026, 6, 11, 9)))  # noqa: DTZ001 - naive is what is tested


def test_past_the_calendars_table_is_an_error_and_no_wrong_answer() -> None:
    with pytest.raises(CalendarError, match="outside the calendar table"):
        projected(promise(started_at=at("2045-12-29 17:00"), budget=BusinessHours(amount=20 * HOUR)))


def asked(**fields: object) -> Deadlines:
    coverage = Coverage(terms=TERMS, provider=FRIDAY_CLOSED, site=PARIS, basis="contract")
    return answer(DeadlineQuestion.model_validate({"now": at("2026-06-11 12:00"), "coverage": coverage, **fields}))


def test_a_question_is_answered_part_by_part() -> None:
    wait = Wait(party=Party.VENDOR, since=at("2026-06-11 11:00"), until=at("2026-06-15 09:00"))
    answered = asked(
        promises=(promise(), delivery("2026-06-11 15:00")),
        later={"silence": (at("2026-06-11 17:00"), 2 * HOUR)},
        waits=(wait, Wait(party=Party.CUSTOMER, since=at("2026-06-11 11:30"))),
    )
    assert [projection.id for projection in answered.projections] == ["level_2_diagnosis.1", "replacement_delivery.1"]
    assert answered.later == {"silence": at("2026-06-15 09:00")}
    assert answered.waited == (8 * HOUR, HOUR / 2)
    assert (answered.missed_through, answered.service_hours) == (None, None)


def test_an_empty_question_has_an_empty_answer() -> None:
    assert asked() == Deadlines()


def test_the_providers_open_hours_are_given_with_its_closures() -> None:
    hours = asked(hours_from=at("2026-06-11 12:00")).service_hours
    assert hours is not None
    assert hours.between(at("2026-06-11 17:00"), at("2026-06-15 09:00")) == 2 * HOUR


def test_delivery_on_the_next_day_to_la_reunion_is_missed_by_the_clock_in_paris() -> None:
    """16:00 is the provider's time; in Saint-Denis it is 18:00 by then."""
    late = NextDayDelivery(
        reported_at=at("2026-06-11 10:00"),
        requested_at=at("2026-06-11 17:59", "Indian/Reunion"),
        approved_at=at("2026-06-11 18:00", "Indian/Reunion"),
    )
    assert next_day_missed_through(late, PARIS, LA_REUNION) == "vendor"
    early = late.model_copy(update={"approved_at": at("2026-06-11 17:59:59", "Indian/Reunion")})
    assert next_day_missed_through(early, PARIS, LA_REUNION) is None


def test_our_own_closure_is_no_excuse_for_a_missed_next_day() -> None:
    missed = NextDayDelivery(
        reported_at=at("2026-06-12 10:00"), requested_at=at("2026-06-15 09:00"), approved_at=at("2026-06-15 10:00")
    )
    assert next_day_missed_through(missed, FRIDAY_CLOSED, PARIS) == "us"


@RANDOM
@given(counted())
def test_the_due_instant_is_the_one_without_pauses_and_what_they_held(any_: Counted) -> None:
    promised, provider, site, now = any_
    shown = project(promised, provider, site, now)
    unpaused = due_without_pauses(promised, provider, site)
    assert shown.due_at == clock_of(promised, provider, site).add(unpaused, shown.paused)
    assert shown.paused >= timedelta(0)


@RANDOM
@given(st.data(), counted())
def test_one_more_pause_never_makes_a_promise_due_earlier(data: st.DataObject, any_: Counted) -> None:
    promised, provider, site, now = any_
    more = promised.model_copy(
        update={"pauses": [*promised.pauses, data.draw(pauses_after(promised.started_at.astimezone(UTC)))]}
    )
    assert project(more, provider, site, now).due_at >= project(promised, provider, site, now).due_at
    assert project(more, provider, site, now).paused >= project(promised, provider, site, now).paused


@RANDOM
@given(counted())
def test_pauses_in_closed_hours_never_move_a_due_instant(any_: Counted) -> None:
    promised, provider, site, now = any_
    clock = clock_of(promised, provider, site)
    open_hours = clock.intervals(promised.started_at, now)
    closed = [
        pause(close.astimezone(UTC), following.astimezone(UTC) - close.astimezone(UTC))
        for (_, close), (following, _) in pairwise(open_hours)
    ]
    resting = promised.model_copy(update={"pauses": closed})
    unpaused = promised.model_copy(update={"pauses": []})
    shown = project(resting, provider, site, now).model_copy(update={"held_before": None})
    assert shown == project(unpaused, provider, site, now)


@RANDOM
@given(counted())
def test_the_order_in_which_pauses_were_typed_in_changes_nothing(any_: Counted) -> None:
    promised, provider, site, now = any_
    backwards = promised.model_copy(update={"pauses": promised.pauses[::-1]})
    assert project(backwards, provider, site, now) == project(promised, provider, site, now)


@RANDOM
@given(counted())
def test_warnings_come_in_order_between_the_start_and_the_due_instant(any_: Counted) -> None:
    promised, provider, site, now = any_
    shown = project(promised, provider, site, now)
    instants = [warned_at for _, warned_at in shown.warnings]
    assert instants == sorted(instants)
    assert all(shown.started_at <= warned_at <= shown.due_at for warned_at in instants)
    assert {point for point, _ in shown.warnings} == set(promised.warning_points)


def test_a_pause_that_began_before_the_clock_holds_no_warning_of_its_first_instant() -> None:
    """A share of the budget that comes to nothing is due at the start, whenever that is asked."""
    tiny = promise(
        started_at=at("2026-06-13 10:00"),
        budget=BusinessHours(amount=timedelta(microseconds=1)),
        warning_points=("1%",),
        pauses=[pause(at("2026-06-13 10:00"), at("2026-06-15 09:00") - at("2026-06-13 10:00"))],
    )
    assert projected(tiny).warnings == (("1%", at("2026-06-15 08:00")),)


@RANDOM
@given(counted())
def test_projecting_again_changes_nothing(any_: Counted) -> None:
    promised, provider, site, now = any_
    first = project(promised, provider, site, now)
    first.apply(promised)
    assert project(promised, provider, site, now) == first


@pytest.mark.parametrize("touching", [False, True])
@RANDOM
@given(data=st.data(), any_=counted())
def test_a_promise_of_many_pauses_stays_small_and_is_due_when_it_would_be_by_all_of_them(
    touching: bool, data: st.DataObject, any_: Counted
) -> None:
    """Paused again and again, and projected each time, as a case does. Pauses that touch are kept together."""
    running = st.integers(0 if touching else 1, 900)
    minutes = data.draw(st.lists(st.tuples(running, st.integers(0, 900)), min_size=PAUSES_KEPT, max_size=90))
    promised, provider, site, _ = any_
    promised.pauses = []
    all_of_them, now = promised.model_copy(deep=True), promised.started_at
    for ran, held in minutes:
        since = now + timedelta(minutes=ran)
        now = since + timedelta(minutes=held)
        if promised.due_at is not None and since >= promised.due_at:
            break  # its clock has run out
        for each in (promised, all_of_them):
            each.pauses.append(pause(since, now - since))
        project(promised, provider, site, now).apply(promised)
    shown = project(all_of_them, provider, site, now)
    assert touching or len(promised.pauses) <= PAUSES_KEPT
    if promised.due_at is not None:
        assert (promised.due_at, promised.paused) == (shown.due_at, shown.paused)


def test_pauses_that_touch_are_folded_with_all_that_they_held() -> None:
    """Every other one begins in the instant in which the one before it ends."""
    many, all_of_them, now = promise(), promise(), at("2026-06-11 09:00")
    for number in range(60):
        once = pause(now, timedelta(minutes=11))
        now = once.started_at + timedelta(minutes=11 if number % 2 else 31)
        for each in (many, all_of_them):
            each.pauses.append(once)
            each.started_at = at("2026-06-11 09:00")
            each.budget = BusinessHours(amount=timedelta(hours=900))
        project(many, PARIS, PARIS, now).apply(many)
    shown = project(all_of_them, PARIS, PARIS, now)
    assert many.held_before is not None
    assert (many.due_at, many.paused) == (shown.due_at, shown.paused)


def test_five_hundred_pauses_are_told_by_twenty_and_a_sum_and_the_due_instant_is_that_of_all() -> None:
    many, all_of_them, now = promise(), promise(), at("2026-06-11 09:00")
    for number in range(500):
        once = pause(now, timedelta(minutes=number % 9, seconds=number % 60))
        now = once.started_at + timedelta(hours=2, seconds=number)
        for each in (many, all_of_them):
            each.pauses.append(once)
            each.started_at = at("2026-06-11 09:00")
            each.budget = BusinessHours(amount=timedelta(hours=900))
        project(many, PARIS, PARIS, now).apply(many)
    shown = project(all_of_them, PARIS, PARIS, now)
    assert (many.due_at, many.paused) == (shown.due_at, shown.paused)
    assert (len(many.pauses), many.held_before and many.held_before.count) == (PAUSES_KEPT, 480)
    assert len(many.model_dump_json()) < 5_000 < len(all_of_them.model_dump_json()) / 8
    explained = explain_promise(many, PARIS, PARIS)
    assert explained.lines[-1].startswith("With the pauses: due ")
    assert sum(line.startswith("Paused ") for line in explained.lines) == PAUSES_KEPT + 1
