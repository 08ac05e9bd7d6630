"""An invitation moves, and goes, in the calendar of whoever got it (R10)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from activities.visit_invitation import invitation_calendar
from domain.effects import Invitation
from domain.slots import Slot, SlotState
from domain.visit_plan import VisitPlan
from domain.visits import Visit
from workflows.invitations import invite

TEN = datetime.fromisoformat("2027-05-11T10:00+02:00")
ORGANISER = "Centre Support <s@provider.example>"
CUSTOMER, TECHNICIAN = "camille@lumiere.example", "c.adam@provider.example"
LISTED = Visit(
    slot_id="a",
    case_reference="CM-7K3Q-9XTB",
    subject="replacement",
    state=SlotState.CHOSEN,
    starts_at=TEN,
    ends_at=TEN + timedelta(hours=2),
    serial_number="FOC1",
    equipment_type="SX20",
    customer_name="Lumière",
    site="LYON",
    site_name="Siège; Lyon, 2e",
    address="1 rue du Midi\nLyon",
    time_zone="Europe/Paris",
    room="R1",
    room_name="Pathé",
    technician="T-ADAM",
    technician_name="Claire Adam",
    technician_email=TECHNICIAN,
)


def slot(slot_id: str, start: datetime) -> Slot:
    return Slot(slot_id=slot_id, start=start, end=start + timedelta(hours=2), technician="T-ADAM")


def read(invitation: Invitation, to: str = CUSTOMER, visit: Visit = LISTED) -> tuple[Any, Any]:
    """The calendar and its event, as another program reads them."""
    written = invitation_calendar(visit, invitation, TEN - timedelta(days=1), ORGANISER, to)
    calendar = Calendar.from_ical(written)
    (event,) = calendar.walk("VEVENT")
    assert not calendar.errors
    assert not event.errors
    return calendar, event


def test_a_visit_that_moves_keeps_its_uid_and_has_a_higher_sequence() -> None:
    plan = VisitPlan()
    first, moved = invite(plan, slot("a", TEN)), invite(plan, slot("b", TEN + timedelta(days=1)))
    (calendar, before), (_, after) = read(first), read(moved)
    assert calendar["METHOD"] == "REQUEST"
    assert before["UID"] == after["UID"] == "a@curative"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["STATUS"] == after["STATUS"] == "CONFIRMED"
    assert (before["DTSTART"].dt, after["DTSTART"].dt) == (TEN, TEN + timedelta(days=1))


def test_a_visit_that_is_called_off_is_cancelled_under_its_uid_and_can_be_agreed_again() -> None:
    plan = VisitPlan()
    invite(plan, slot("a", TEN))
    cancelled = invite(plan, slot("a", TEN)).model_copy(update={"method": "CANCEL"})
    calendar, event = read(cancelled)
    assert calendar["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["UID"], event["SEQUENCE"]) == ("CANCELLED", "a@curative", 1)
    assert event.walk("VALARM") == []
    _, again = read(invite(plan, slot("c", TEN + timedelta(days=3))))
    assert (again["UID"], again["SEQUENCE"], again["STATUS"]) == ("a@curative", 2, "CONFIRMED")


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Martinique"])
def test_it_is_written_by_the_clocks_of_the_site_which_it_explains(zone: str) -> None:
    visit = LISTED.model_copy(update={"time_zone": zone})
    calendar, event = read(invite(VisitPlan(), slot("a", TEN)), visit=visit)
    start = event["DTSTART"]
    assert start.params["TZID"] == zone
    assert start.dt.replace(tzinfo=None) == TEN.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == [zone]


@pytest.mark.parametrize(("to", "name"), [(CUSTOMER, None), (TECHNICIAN, "Claire Adam")])
def test_whoever_gets_it_is_its_attendee_and_need_not_answer(to: str, name: str | None) -> None:
    _, event = read(invite(VisitPlan(), slot("a", TEN)), to)
    assert event["ATTENDEE"] == f"mailto:{to}"
    assert event["ATTENDEE"].params.get("CN") == name
    assert (event["ATTENDEE"].params["RSVP"], event["ATTENDEE"].params["PARTSTAT"]) == ("FALSE", "ACCEPTED")
    assert event["ORGANIZER"] == "mailto:s@provider.example"
    assert [str(alarm["TRIGGER"].to_ical(), "ascii") for alarm in event.walk("VALARM")] == ["-P1D"]
