"""The public holidays of each zone are the official ones, no more and no less (R1)."""

import json
from datetime import date
from pathlib import Path

import pytest

from domain.calendars import HOLIDAY_ZONES, CalendarError
from domain.public_holidays import public_holidays

OFFICIAL: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "public-holidays-2024-2031.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("year", range(2024, 2032))
@pytest.mark.parametrize("zone", OFFICIAL)
def test_the_holidays_are_the_official_ones(zone: str, year: int) -> None:
    assert list(map(str, public_holidays(zone, year))) == [
        day for day in sorted(OFFICIAL[zone]) if day.startswith(f"{year}-")
    ]


def test_the_zones_are_those_of_the_official_list() -> None:
    assert set(HOLIDAY_ZONES) == set(OFFICIAL)


def test_good_friday_and_saint_stephen_are_holidays_in_alsace_moselle_only() -> None:
    days = public_holidays("Alsace-Moselle", 2026)
    assert (days[date(2026, 4, 3)], days[date(2026, 12, 26)]) == ("Vendredi saint", "Saint-Étienne")
    assert date(2026, 4, 3) not in public_holidays("Métropole", 2026)


def test_a_day_that_is_two_holidays_has_both_names() -> None:
    assert public_holidays("Martinique", 2031)[date(2031, 5, 22)] == "Abolition de l'esclavage; Ascension"


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="Unknown holiday zone 'GES'"):
        public_holidays("GES", 2026)
