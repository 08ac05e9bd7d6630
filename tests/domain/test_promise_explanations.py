"""Every due instant can be explained: what was counted, what was passed over, and what pauses added (SPEC §4)."""

from datetime import date, datetime, timedelta

import pytest

from domain.calendars import CalendarSpec, Reading
from domain.projection import project
from domain.promise_explanations import explain_promise
from domain.promises import (
    ApprovalCutoff,
    Budget,
    BusinessHours,
    NextBusinessDay,
    Pause,
    Promise,
    PromiseKind,
    PromiseName,
    SoftwareReading,
)

PROVIDER = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", closures=(date(2027, 5, 7),))
STRASBOURG = CalendarSpec(tz="Europe/Paris", holidays_zone="Alsace-Moselle")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2027-{text}+02:00")


def promise(budget: Budget, started_at: datetime, kind: PromiseKind, *pauses: Pause) -> Promise:
    """A promise with its due instant, as a case has it."""
    made = Promise(
        id="p.1",
        name=PromiseName.LEVEL_2_DIAGNOSIS,
        kind=kind,
        round=1,
        budget=budget,
        started_at=started_at,
        pauses=list(pauses),
    )
    project(made, PROVIDER, STRASBOURG, now=started_at + timedelta(days=30)).apply(made)
    return made


def lines_of(made: Promise) -> tuple[str, ...]:
    explained = explain_promise(made, PROVIDER, STRASBOURG)
    assert explained.due_at == made.due_at
    return explained.lines


def test_business_hours_are_counted_past_holidays_and_our_own_closures() -> None:
    lines = lines_of(promise(BusinessHours(amount=timedelta(hours=4)), at("05-05T16:00"), PromiseKind.INTERNAL))
    assert lines == (
        "Counted from Wed 2027-05-05 16:00+02:00.",
        "Wed 2027-05-05: 16:00 to 18:00, 2 h",
        "Thu 2027-05-06: not counted, Ascension (provider)",
        "Fri 2027-05-07: not counted, closure (provider)",
        "Sat 2027-05-08: not counted, Fête de la Victoire (provider)",
        "Sun 2027-05-09: not counted, week-end (provider)",
        "Mon 2027-05-10: 08:00 to 10:00, 2 h",
        "Due Mon 2027-05-10 10:00+02:00.",
    )


def test_our_own_closures_never_move_a_contractual_promise() -> None:
    lines = lines_of(promise(NextBusinessDay(transit_days=0), at("05-05T15:00"), PromiseKind.CONTRACTUAL))
    assert lines[-1] == "Due Fri 2027-05-07 18:00+02:00."


def test_the_cut_off_names_the_days_that_were_passed_over() -> None:
    lines = lines_of(promise(ApprovalCutoff(), at("05-05T16:00"), PromiseKind.UNDERPINNING))
    assert lines[1:3] == (
        "Wed 2027-05-05: not counted, 16:00 has passed (provider)",
        "Thu 2027-05-06: not counted, Ascension (provider)",
    )
    assert lines[-1] == "Due Mon 2027-05-10 16:00+02:00."


def test_the_72_hours_are_explained_in_their_reading() -> None:
    made = promise(SoftwareReading(reading=Reading.BUSINESS_DAYS), at("05-10T09:00"), PromiseKind.CONTRACTUAL)
    assert lines_of(made)[-1] == "Due Thu 2027-05-13 18:00+02:00."


@pytest.mark.parametrize(
    ("ended_at", "added", "due"), [("05-04T10:00", "1 h 30", "12:30"), ("05-04T08:30", "0 h 00", "11:00")]
)
def test_a_pause_says_whom_we_waited_for_and_what_it_added(ended_at: str, added: str, due: str) -> None:
    pause = Pause(started_at=at("05-04T08:30"), ended_at=at(ended_at), actor="customer", reason="log files")
    made = promise(BusinessHours(amount=timedelta(hours=3)), at("05-04T08:00"), PromiseKind.INTERNAL, pause)
    paused, with_pauses = lines_of(made)[-2:]
    assert paused.startswith("Paused Tue 2027-05-04 08:30+02:00 to Tue 2027-05-04 ")
    assert paused.endswith(f" (customer: log files): {added} added.")
    assert with_pauses == f"With the pauses: due Tue 2027-05-04 {due}+02:00."


def test_an_open_pause_has_no_end_yet() -> None:
    pause = Pause(started_at=at("05-04T08:30"), actor="customer", reason="log files")
    made = promise(BusinessHours(amount=timedelta(hours=3)), at("05-04T08:00"), PromiseKind.INTERNAL, pause)
    assert "Paused since Tue 2027-05-04 08:30+02:00 (customer: log files)." in lines_of(made)
