"""A calendar is validated where it comes in, and says in one sentence what is wrong with it."""

from datetime import time

import pytest
from pydantic import ValidationError

from domain.calendars import HOLIDAY_ZONES, CalendarSpec


def spec(**rest: object) -> CalendarSpec:
    return CalendarSpec.model_validate({"tz": "Europe/Paris", "holidays_zone": "Métropole", **rest})


def test_service_hours_are_monday_to_friday_08_to_18_unless_said_otherwise() -> None:
    assert dict(spec().week) == {
        **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "18:00"),)),
        "sat": (),
        "sun": (),
    }


def test_the_delivery_cutoff_is_16_00_unless_said_otherwise() -> None:
    assert spec().delivery_cutoff == time(16)


@pytest.mark.parametrize("zone", HOLIDAY_ZONES)
def test_every_holiday_zone_is_known(zone: str) -> None:
    assert spec(holidays_zone=zone).holidays_zone == zone


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tz": "Paris"}, "Unknown time zone 'Paris': use an IANA name such as Europe/Paris."),
        ({"tz": "Europe"}, "Unknown time zone 'Europe'"),
        ({"tz": "../etc/passwd"}, "Unknown time zone"),
        ({"tz": ""}, "Unknown time zone ''"),
        ({"holidays_zone": "GES"}, "Unknown holiday zone 'GES': use one of Métropole, Alsace-Moselle"),
        ({"week": {"mon": [["8:00", "18:00"]]}}, "'8:00' is no time of day: write it as HH:MM"),
        ({"week": {"mon": [["08:00", "24:01"]]}}, "'24:01' is no time of day"),
        ({"week": {"mon": [["08:00+02:00", "18:00"]]}}, "'08:00+02:00' is no time of day"),
        ({"week": {"mon": [["18:00", "08:00"]]}}, "Window 18:00-08:00 is empty or reversed"),
        ({"week": {"mon": [["08:00", "08:00"]]}}, "Window 08:00-08:00 is empty or reversed"),
        ({"week": {"mon": [["08:00", "12:00"], ["11:59", "18:00"]]}}, "starts before the previous one ends"),
        ({"week": {"mon": [["14:00", "18:00"], ["08:00", "12:00"]]}}, "list a day's windows in order"),
        ({"day_hours": {"2026-12-24": [["12:00", "08:00"]]}}, "Window 12:00-08:00 is empty or reversed"),
        ({"week": {}}, "The calendar never opens"),
        ({"closures": ["2026-12-24", "2026-12-24"]}, "2026-12-24 is listed more than once"),
        ({"extra_holidays": ["2026-12-24", "2026-12-24"]}, "2026-12-24 is listed more than once"),
        ({"worked_holidays": ["2026-05-25", "2026-05-25"]}, "2026-05-25 is listed more than once"),
        ({"delivery_cutoff": "16:00+02:00"}, "give it without an offset"),
        ({"delivery_cutoff": "00:00"}, "Nothing comes before a delivery cut-off of 00:00"),
        ({"week": {"lun": [["08:00", "18:00"]]}}, "Input should be 'mon', 'tue'"),
        ({"subdiv": "57"}, "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        spec(**wrong)
    assert refusal.value.error_count() == 1
    assert sentence in str(refusal.value)


def test_a_calendar_travels_as_json() -> None:
    original = spec(
        week={"mon": [["09:00", "12:30"], ["14:00", "24:00"]]},
        closures=["2026-12-28"],
        extra_holidays=["2026-04-03"],
        worked_holidays=["2026-05-25"],
        day_hours={"2026-12-24": [["08:00", "12:00"]]},
        delivery_cutoff="15:30:00",
        revision="2026-1",
    )
    assert CalendarSpec.model_validate_json(original.model_dump_json()) == original


def test_calendars_that_say_the_same_are_one_cache_key() -> None:
    one = spec(
        week={"tue": [["08:00", "12:00"]], "mon": [["08:00", "12:00"]]},
        closures=["2026-12-29", "2026-12-28"],
        day_hours={"2026-12-24": [["08:00", "12:00"]], "2026-12-23": [["08:00", "12:00"]]},
    )
    same = spec(
        week={"mon": [["08:00", "12:00"]], "tue": [["08:00", "12:00"]], "wed": []},
        closures=["2026-12-28", "2026-12-29"],
        day_hours={"2026-12-23": [["08:00", "12:00"]], "2026-12-24": [["08:00", "12:00"]]},
    )
    assert {one: "found"}[same] == "found"
    assert one.model_dump_json() == same.model_dump_json()


def test_a_contractual_clock_sees_public_holidays_and_weekly_hours_only() -> None:
    provider = spec(
        week={"mon": [["08:00", "12:00"]]},
        closures=["2026-12-28"],
        extra_holidays=["2026-04-03"],
        worked_holidays=["2026-05-25"],
        day_hours={"2026-12-24": [["08:00", "12:00"]]},
        delivery_cutoff="15:00",
    )
    assert provider.contractual() == spec(week={"mon": [["08:00", "12:00"]]}, delivery_cutoff="15:00")
