"""Promises at a site rest on the contract in force, and on the provider's calendar as a contractual clock sees it."""

from datetime import date, datetime

import pytest

from database.registry import SiteRecord
from domain.calendars import CalendarSpec, Reading
from domain.registry import Contract, Service, Site
from domain.terms import Terms
from starter.answers import NotCovered
from starter.site_promises import business_hours_promise, delivery_promise

THURSDAY = datetime.fromisoformat("2026-06-11T10:00:00+02:00")
PROVIDER = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", closures=(date(2026, 6, 12),))
TERMS = Terms(software_reading=Reading.BUSINESS_DAYS, transit_days={"metropole": 0})


def site_record(
    *,
    terms: Terms = TERMS,
    ends_on: date = date(2029, 12, 31),
    closures: tuple[date, ...] = (),
    with_contract: bool = True,
) -> SiteRecord:
    contract = Contract(
        reference="CTR-1",
        customer="C",
        starts_on=date(2024, 1, 1),
        ends_on=ends_on,
        services=frozenset({Service.CURATIVE}),
        terms=terms,
    )
    calendar = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole", closures=closures)
    site = Site(code="S", name="Site", address="", delivery_zone="metropole", contact_email=None, calendar=calendar)
    return SiteRecord(site=site, contract=contract if with_contract else None, provider_calendar=PROVIDER)


def test_the_provider_s_own_closure_moves_no_delivery() -> None:
    assert delivery_promise(site_record(), THURSDAY).due_at.date() == date(2026, 6, 12)


def test_the_provider_s_own_closure_moves_no_business_hours() -> None:
    promise = business_hours_promise(site_record(), THURSDAY, 24)
    assert promise.due_at.date() == date(2026, 6, 12)


def test_the_customer_s_closure_moves_a_delivery() -> None:
    record = site_record(closures=(date(2026, 6, 12),))
    assert delivery_promise(record, THURSDAY).due_at.date() == date(2026, 6, 15)


def test_a_zone_without_transit_days_cannot_be_promised() -> None:
    record = site_record(terms=TERMS.model_copy(update={"transit_days": {"guyane": 4}}))
    with pytest.raises(NotCovered, match="names no transit days for delivery zone metropole"):
        delivery_promise(record, THURSDAY)


def test_a_contract_that_has_ended_promises_nothing() -> None:
    assert delivery_promise(site_record(ends_on=date(2026, 6, 11)), THURSDAY).contract == "CTR-1"
    with pytest.raises(NotCovered, match="not in force on 2026-06-11"):
        delivery_promise(site_record(ends_on=date(2026, 6, 10)), THURSDAY)


def test_a_site_without_a_contract_needs_a_reading() -> None:
    record = site_record(with_contract=False)
    with pytest.raises(NotCovered, match="no contract covers site S"):
        business_hours_promise(record, THURSDAY, 72)
    promise = business_hours_promise(record, THURSDAY, 72, reading=Reading.BUSINESS_DAYS)
    assert (promise.contract, promise.due_at.date()) == (None, date(2026, 6, 16))
