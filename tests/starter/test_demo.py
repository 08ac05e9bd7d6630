"""The demo: its stories begin on days that exist in every year, and end as they should."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from pydantic import ValidationError

from domain.business_time import BusinessCalendar, business_calendar
from domain.calendars import CalendarSpec
from starter.demo_stories import AHEAD, Beginning, Moment, demo_stories

ROOT = Path(__file__).resolve().parents[2]
EVE_OF_ASCENSION = Beginning(eve_of="Ascension", at=time(19, 40))


@pytest.fixture
def provider() -> BusinessCalendar:
    return business_calendar(CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole"))


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        ("2026-11-23T10:00:00+00:00", "2027-05-05T19:40:00+02:00"),
        ("2027-04-28T10:00:00+00:00", "2027-05-05T19:40:00+02:00"),
        ("2027-04-29T10:00:00+00:00", "2028-05-24T19:40:00+02:00"),
    ],
)
def test_a_story_begins_on_the_next_eve_that_lies_a_week_ahead(
    provider: BusinessCalendar, now: str, begin: str
) -> None:
    assert EVE_OF_ASCENSION.instant(provider, datetime.fromisoformat(now)).isoformat() == begin


@pytest.mark.parametrize("year", range(2026, 2040))
def test_the_story_of_every_year_goes_forward(provider: BusinessCalendar, year: int) -> None:
    """The virtual clock only goes forward, so that the story's instants are in order whatever the year."""
    story = demo_stories()[0]
    now = datetime(year, 1, 2, tzinfo=UTC)
    assert story.begins is not None
    begin = story.begins.instant(provider, now)
    instants = [message.on.instant(provider, begin, None) for message in story.messages if not message.on.end_of_visit]
    assert now + AHEAD <= begin < min(instants)
    assert instants == sorted(instants)
    assert all(provider.is_open(instant) for instant in instants)


def test_business_days_are_counted_after_the_beginning(provider: BusinessCalendar) -> None:
    begin = datetime.fromisoformat("2027-05-05T19:40:00+02:00")
    days = [Moment(business_day=n, at=time(8, 20)).instant(provider, begin, None).date() for n in (1, 2, 3)]
    assert days == [date(2027, 5, 7), date(2027, 5, 10), date(2027, 5, 11)]


@pytest.mark.parametrize(
    "fields", [{}, {"business_day": 1}, {"at": "08:00"}, {"business_day": 1, "end_of_visit": True}]
)
def test_a_moment_is_a_day_with_a_time_or_the_end_of_the_visit(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Moment.model_validate(fields)


def test_the_demo_ends_as_it_should() -> None:
    """From a process of its own, on servers of its own: closed, with a loan, rejected, and by mail."""
    finished = subprocess.run(
        [sys.executable, "-m", "starter.cli", "demo", "--json"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    restored, lent, rejected = told["stories"]
    assert told["as_expected"] is True
    assert (restored["view"]["stage"], restored["view"]["outcome"]) == ("closed", "restored")
    assert (rejected["view"]["stage"], rejected["view"]["outcome"]) == ("closed", "rejected")
    assert "not in force" in rejected["view"]["outcome_reason"]
    assert any("not before 16:00" in line for line in restored["delivery"]["lines"])
    fired = [warning["point"] for promise in restored["view"]["promises"] for warning in promise["warnings"]]
    assert "-60m" in fired
    assert (lent["view"]["outcome"], lent["view"]["loan"]["stage"]) == ("restored", "ended")
    assert lent["view"]["loan"]["cause"] == "the replacement is lost"
    assert {line["verdict"] for line in lent["view"]["rounds"][0]["lines"]} == {"exchanged", "excluded"}
    request = told["request"]
    assert [item["state"] for item in request["view"]["items"]] == ["delivered"] * 3
    assert "EMYZV-JXQ2K" not in finished.stdout, "keys are masked"
    assert [mail["to"] for mail in request["sent"]].count("salles.paris@brunel.example") >= 2
    assert {mail["case"] for mail in restored["sent"]} == {restored["view"]["reference"]}
