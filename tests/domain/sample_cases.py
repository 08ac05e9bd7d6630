"""Cases and what they are made of, for the tests of the domain's rules. June 2026; the 11th is a Thursday."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.calendars import CalendarSpec, Reading
from domain.case import CaseState
from domain.coverage import Coverage, EquipmentCard
from domain.messages import Message, MessageRefused, parse_message
from domain.promises import BusinessHours, Promise, PromiseKind, PromiseName
from domain.registry import Category, Contract, Equipment, RegistryRecord, Service, Site, Vendor
from domain.rounds import Round
from domain.service_hours import ServiceHours
from domain.terms import Terms
from tests.domain.messages_page import EXAMPLES
from tests.domain.sample_calendars import at, calendar

PARIS = CalendarSpec(tz="Europe/Paris", holidays_zone="Métropole")
LA_REUNION = CalendarSpec(tz="Indian/Reunion", holidays_zone="La Réunion")
TERMS = Terms(software_reading=Reading.SERVICE_HOURS, transit_days={"metropole": 0, "reunion": 3})
SERIAL = "FTT2608B2KR"
OPENED = at("2026-06-11 08:20")
NOON = at("2026-06-11 12:00")


def message(kind: str, **fields: Any) -> Message:
    """The example of the messages page, with other fields; None leaves a field out."""
    payload = {**EXAMPLES[kind], **fields}
    return parse_message(kind, {name: value for name, value in payload.items() if value is not None})


def refusal(kind: str, **fields: Any) -> str:
    """Why the example of that kind is refused with these fields; None leaves a field out."""
    with pytest.raises(MessageRefused) as refused:
        message(kind, **fields)
    return str(refused.value)


def hours_around(now: datetime, spec: CalendarSpec = PARIS) -> ServiceHours:
    """The open hours of two weeks before and six weeks after."""
    intervals = calendar(**spec.model_dump()).intervals(now - timedelta(days=14), now + timedelta(days=42))
    return ServiceHours(intervals=intervals)


def card(**fields: Any) -> EquipmentCard:
    """The card of an endpoint in Paris."""
    usual = {
        "type": "Room Kit Pro",
        "category": Category.ENDPOINT,
        "customer": "C-1",
        "customer_name": "Banque du Jura",
        "contract": "K-1",
        "site": "S-1",
        "site_name": "Paris, Opéra",
        "room": "Jura",
        "vendor": "V-1",
        "vendor_name": "Vendor",
        "vendor_email": "rma@example.org",
        "transit_days": 0,
    }
    return EquipmentCard.model_validate({**usual, **fields})


def case(**fields: Any) -> CaseState:
    """A case that was reported on Thursday 11 June 2026 at 08:20 and is covered by its contract."""
    usual = {
        "reference": "CM-7K3Q-9XTB",
        "workflow_id": f"curative-{SERIAL}",
        "run_id": "run-1",
        "opened_at": OPENED,
        "reported_at": OPENED,
        "since": OPENED,
        "serial_number": SERIAL,
        "equipment": card(),
        "coverage": Coverage(terms=TERMS, provider=PARIS, site=PARIS, basis="contract"),
        "service_hours": hours_around(OPENED),
        "rounds": [Round(reason="reported", began_at=OPENED)],
    }
    return CaseState.model_validate({**usual, **fields})


def promise(name: PromiseName = PromiseName.LEVEL_2_DIAGNOSIS, **fields: Any) -> Promise:
    """Four business hours from Thursday 11 June 2026, 09:00: due at 13:00 that day."""
    usual = {
        "id": f"{name}.1",
        "name": name,
        "kind": PromiseKind.INTERNAL,
        "round": 1,
        "budget": BusinessHours(amount=timedelta(hours=4)),
        "started_at": at("2026-06-11 09:00"),
        "due_at": at("2026-06-11 13:00"),
    }
    return Promise.model_validate({**usual, **fields})


def contract(**fields: Any) -> Contract:
    """A contract for curative maintenance through the year 2026."""
    usual = {
        "reference": "K-1",
        "customer": "C-1",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "services": frozenset({Service.CURATIVE}),
        "terms": TERMS,
    }
    return Contract.model_validate({**usual, **fields})


def record(zone: str = "metropole", **fields: Any) -> RegistryRecord:
    """What the registry says of an endpoint in Paris that is covered."""
    site = Site(code="S-1", name="Opéra", address="Paris", delivery_zone=zone, contact_email=None, calendar=PARIS)
    equipment = Equipment(
        serial_number=SERIAL,
        type="Room Kit Pro",
        category=Category.ENDPOINT,
        software_version="1.0",
        room="Jura",
        configuration=(),
    )
    usual = {
        "equipment": equipment,
        "customer": "C-1",
        "customer_name": "Banque du Jura",
        "site": site,
        "vendor": Vendor(code="V-1", name="Vendor", email="rma@example.org", calendar=PARIS),
        "contract": contract(),
        "provider_calendar": PARIS,
    }
    return RegistryRecord.model_validate({**usual, **fields})
