"""R6: the replacement comes on the business day after day J, when the vendor approved before 16:00."""

from datetime import date

import pytest

from domain.business_time import business_calendar
from domain.calendars import CalendarError, CalendarSpec
from domain.delivery import approval_cutoff, delivery_due, effective_day, loan_due
from tests.domain.sample_calendars import at, calendar

STRASBOURG = ("Europe/Paris", "Alsace-Moselle")
LA_REUNION = ("Indian/Reunion", "La Réunion")
GUADELOUPE = ("America/Guadeloupe", "Guadeloupe")


def test_validated_at_15_59_59_is_delivered_the_next_day() -> None:
    assert delivery_due(calendar(), calendar(), at("2026-06-11 15:59:59.999999")) == at("2026-06-12 18:00")


def test_validated_at_16_00_00_is_delivered_the_day_after_next() -> None:
    assert delivery_due(calendar(), calendar(), at("2026-06-10 16:00")) == at("2026-06-12 18:00")


@pytest.mark.parametrize(
    ("approved", "effective"),
    [
        ("2026-06-11 02:00", date(2026, 6, 11)),
        ("2026-06-11 15:59:59.999999", date(2026, 6, 11)),
        ("2026-06-11 16:00", date(2026, 6, 12)),
        ("2026-06-12 16:00", date(2026, 6, 15)),
        ("2026-06-13 10:00", date(2026, 6, 15)),
        ("2026-05-14 10:00", date(2026, 5, 15)),
    ],
)
def test_an_approval_is_effective_on_its_business_day_before_16_00_else_on_the_next(
    approved: str, effective: date
) -> None:
    assert effective_day(calendar(), at(approved)) == effective


def test_16_00_is_the_providers_time() -> None:
    assert effective_day(calendar(), at("2026-06-11 09:59:59", "America/Guadeloupe")) == date(2026, 6, 11)
    assert effective_day(calendar(), at("2026-06-11 10:00", "America/Guadeloupe")) == date(2026, 6, 12)


def test_an_early_closing_does_not_bring_the_cutoff_forward() -> None:
    eve = calendar(day_hours={"2026-12-24": [["08:00", "12:00"]]})
    assert effective_day(eve, at("2026-12-24 14:00")) == date(2026, 12, 24)


def test_another_cutoff_is_kept_to_the_second() -> None:
    early = calendar(delivery_cutoff="14:30:00")
    assert effective_day(early, at("2026-06-11 14:29:59")) == date(2026, 6, 11)
    assert effective_day(early, at("2026-06-11 14:30")) == date(2026, 6, 12)


def test_good_friday_delays_a_delivery_to_strasbourg_until_after_easter() -> None:
    approved = at("2026-04-02 15:00")
    assert delivery_due(calendar(), calendar(), approved) == at("2026-04-03 18:00")
    assert delivery_due(calendar(), calendar(*STRASBOURG), approved) == at("2026-04-07 18:00")


def test_a_delivery_to_la_reunion_is_due_by_its_own_closing_on_a_day_open_for_both() -> None:
    site = calendar(*LA_REUNION)
    due = delivery_due(calendar(), site, at("2024-12-19 15:00"))
    assert due.isoformat() == "2024-12-23T18:00:00+04:00"
    assert delivery_due(calendar(), site, at("2024-12-24 15:00")) == at("2024-12-26 18:00", "Indian/Reunion")


def test_transit_days_are_further_days_open_for_both() -> None:
    site = calendar(*GUADELOUPE)
    due = [delivery_due(calendar(), site, at("2026-05-22 15:00"), days) for days in range(3)]
    assert due == [at(f"2026-05-{day} 18:00", "America/Guadeloupe") for day in (26, 28, 29)]


def test_a_closure_of_either_delays_the_delivery() -> None:
    closed = calendar(closures=["2026-06-12"])
    approved = at("2026-06-11 15:00")
    assert delivery_due(closed, calendar(), approved) == at("2026-06-15 18:00")
    assert delivery_due(calendar(), closed, approved) == at("2026-06-15 18:00")


def test_the_providers_own_closures_never_move_a_contractual_delivery() -> None:
    provider = CalendarSpec(
        tz="Europe/Paris", holidays_zone="Métropole", closures=(date(2026, 6, 11), date(2026, 6, 12))
    )
    contractual = business_calendar(provider.contractual())
    assert delivery_due(contractual, calendar(), at("2026-06-11 15:00")) == at("2026-06-12 18:00")
    assert delivery_due(business_calendar(provider), calendar(), at("2026-06-11 15:00")) == at("2026-06-16 18:00")


def test_a_half_day_of_the_site_ends_at_its_early_closing() -> None:
    site = calendar(day_hours={"2026-12-24": [["08:00", "12:00"]]})
    assert delivery_due(calendar(), site, at("2026-12-23 15:00")) == at("2026-12-24 12:00")


def test_the_vendor_can_answer_in_time_today_until_16_00() -> None:
    assert approval_cutoff(calendar(), at("2026-06-11 15:59:59.999999")) == at("2026-06-11 16:00")
    assert approval_cutoff(calendar(), at("2026-06-11 06:00")) == at("2026-06-11 16:00")


def test_from_16_00_on_the_vendor_can_answer_in_time_on_the_next_business_day() -> None:
    assert approval_cutoff(calendar(), at("2026-06-11 16:00")) == at("2026-06-12 16:00")
    assert approval_cutoff(calendar(), at("2026-06-12 16:00")) == at("2026-06-15 16:00")
    assert approval_cutoff(calendar(), at("2026-06-13 10:00")) == at("2026-06-15 16:00")


def test_a_loan_is_due_the_next_business_day_whatever_the_hour_of_the_decision() -> None:
    assert loan_due(calendar(), calendar(), at("2026-06-11 17:00")) == at("2026-06-12 18:00")
    assert loan_due(calendar(), calendar(), at("2026-06-13 10:00")) == at("2026-06-15 18:00")
    assert loan_due(calendar(), calendar(), at("2026-06-11 17:00"), 1) == at("2026-06-15 18:00")


def test_parties_that_share_no_business_day_are_told_so() -> None:
    saturdays = calendar(week={"sat": [["08:00", "12:00"]]})
    with pytest.raises(CalendarError, match="Provider and site share no 1 business days after 2026-06-11"):
        delivery_due(calendar(), saturdays, at("2026-06-11 15:00"))


def test_negative_transit_days_are_refused() -> None:
    with pytest.raises(CalendarError, match="-1 transit days cannot be counted"):
        delivery_due(calendar(), calendar(), at("2026-06-11 15:00"), -1)
