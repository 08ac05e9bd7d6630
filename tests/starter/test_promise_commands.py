"""`curative promise`: what the promise would be at a site, on which calendars, and why."""

import json
from typing import Any

import pytest

from tests.starter.conftest import Curative

GOOD_FRIDAY = "2026-04-03"


async def promised(curative: Curative, *arguments: str) -> dict[str, Any]:
    result = await curative("promise", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


async def delivery(curative: Curative, validated_at: str, site: str, *more: str) -> dict[str, Any]:
    return await promised(curative, "delivery", "--validated-at", validated_at, "--site", site, *more)


@pytest.mark.parametrize(
    ("validated_at", "site", "due_at"),
    [
        ("2026-04-02T15:59:59+02:00", "BRU-PAR", "2026-04-03T18:00:00+02:00"),
        ("2026-04-02T16:00:00+02:00", "BRU-PAR", "2026-04-07T18:00:00+02:00"),  # Easter Monday is passed over
        ("2026-04-02T15:59:59+02:00", "ALS-STR", "2026-04-07T18:00:00+02:00"),  # Good Friday: closed in Alsace
        ("2026-04-02T13:59:59+00:00", "BRU-PAR", "2026-04-03T18:00:00+02:00"),
    ],
)
async def test_delivery_on_the_next_day_open_for_both(
    curative: Curative, validated_at: str, site: str, due_at: str
) -> None:
    assert (await delivery(curative, validated_at, site))["due_at"] == due_at


async def test_overseas_the_contract_names_the_transit_days(curative: Curative) -> None:
    answer = await delivery(curative, "2026-04-02T15:59:59+02:00", "BRU-RUN")
    assert (answer["transit_days"], answer["delivery_zone"]) == (3, "la_reunion")
    assert answer["due_at_site"] == "2026-04-09T18:00:00+04:00"
    assert answer["due_at"] == "2026-04-09T16:00:00+02:00"


async def test_delivery_in_strasbourg_is_explained_with_good_friday(curative: Curative) -> None:
    result = await curative(
        *("promise", "delivery", "--validated-at", "2026-04-02T10:00:00+02:00", "--site", "ALS-STR", "--explain")
    )
    assert result.exit_code == 0
    assert "Tue 7 Apr 2026 18:00 (Europe/Paris)" in result.stdout
    assert f"Fri {GOOD_FRIDAY}: not counted, Vendredi saint (site)" in result.stdout
    assert "Mon 2026-04-06: not counted, Lundi de Pâques (both)" in result.stdout


async def test_without_a_contract_in_force_nothing_is_promised(curative: Curative) -> None:
    result = await curative("promise", "delivery", "--validated-at", "2035-04-02T10:00:00+02:00", "--site", "BRU-PAR")
    assert result.exit_code == 3
    assert "CTR-2024-0112 is not in force on 2035-04-02" in result.stderr


async def business_hours(curative: Curative, site: str, *more: str, hours: str = "72") -> dict[str, Any]:
    start = "2026-06-08T10:00:00+02:00"
    return await promised(curative, "business-hours", "--from", start, "--hours", hours, "--site", site, *more)


@pytest.mark.parametrize(
    ("site", "reading", "due_at"),
    [
        ("BRU-PAR", "service_hours", "2026-06-17T12:00:00+02:00"),
        ("RHO-LYO", "business_day_clock", "2026-06-11T10:00:00+02:00"),
        ("AUS-RUN", "business_days", "2026-06-11T18:00:00+02:00"),
    ],
)
async def test_72_hours_are_read_as_the_contract_reads_them(
    curative: Curative, site: str, reading: str, due_at: str
) -> None:
    answer = await business_hours(curative, site)
    assert (answer["reading"], answer["calendar"], answer["due_at"]) == (reading, "provider", due_at)


async def test_another_reading_can_be_asked_for(curative: Curative) -> None:
    answer = await business_hours(curative, "BRU-PAR", "--reading", "business_days")
    assert (answer["reading"], answer["due_at"]) == ("business_days", "2026-06-11T18:00:00+02:00")


async def test_the_hours_can_be_counted_in_the_site_s_own(curative: Curative) -> None:
    """Rhôneval's head office closes for lunch from 12:00 to 13:30."""
    answer = await business_hours(
        curative, "RHO-LYO", "--calendar", "site", "--reading", "service_hours", "--explain", hours="8"
    )
    assert (answer["calendar"], answer["due_at"]) == ("site", "2026-06-09T09:30:00+02:00")
    assert answer["explanation"]["counted"][0]["end"] == "2026-06-08T12:00:00+02:00"


async def test_closed_days_of_the_site_are_said_to_be_the_site_s(curative: Curative) -> None:
    answer = await promised(
        curative,
        *("business-hours", "--from", "2026-04-02T17:00:00+02:00", "--hours", "8", "--site", "ALS-STR"),
        *("--calendar", "site", "--explain"),
    )
    assert {skipped["whose"] for skipped in answer["explanation"]["skipped"]} == {"site"}


async def test_the_page_names_calendar_reading_and_both_time_zones(curative: Curative) -> None:
    result = await curative(
        *("promise", "business-hours", "--from", "2026-06-08T10:00:00+02:00", "--hours", "72", "--site", "AUS-RUN")
    )
    assert "Thu 11 Jun 2026 18:00 (Europe/Paris)" in result.stdout
    assert "Thu 11 Jun 2026 20:00 (Indian/Reunion)" in result.stdout
    assert "business days" in result.stdout
    assert "provider (contractual view)" in result.stdout


async def test_an_unknown_site_is_not_found_and_the_known_ones_are_named(curative: Curative) -> None:
    result = await curative("promise", "delivery", "--validated-at", "2026-04-02T10:00:00+02:00", "--site", "NOWHERE")
    assert result.exit_code == 4
    assert "BRU-PAR" in result.stderr


async def test_days_are_counted_in_whole_days(curative: Curative) -> None:
    result = await curative(
        *("promise", "business-hours", "--from", "2026-06-08T10:00:00+02:00", "--hours", "70", "--site", "AUS-RUN")
    )
    assert result.exit_code == 2
    assert "multiple of 24" in result.stderr


async def test_without_a_database_the_code_is_5(curative: Curative) -> None:
    url = "postgresql://nobody@127.0.0.1:1/curative"
    result = await curative(
        *("promise", "delivery", "--validated-at", "2026-04-02T10:00:00+02:00", "--site", "BRU-PAR"), DATABASE_URL=url
    )
    assert result.exit_code == 5
    assert "PostgreSQL does not answer" in result.stderr
