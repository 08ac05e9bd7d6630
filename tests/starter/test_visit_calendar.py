"""Visits written as iCalendar files, read again as a calendar does."""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event

from activities.visit_calendar import visit_calendar
from domain.slots import SlotState
from domain.visits import Visit

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
ORGANISER = "Centre Support Clients <support@provider.example>"
VISIT = Visit(
    slot_id="7K3Q9XTB-1.slots-1.2",
    case_reference="CM-7K3Q-9XTB",
    subject="replacement",
    state=SlotState.CHOSEN,
    starts_at=datetime.fromisoformat("2026-06-11T09:00:00+02:00"),
    ends_at=datetime.fromisoformat("2026-06-11T11:00:00+02:00"),
    serial_number="FOC2735Y3TT",
    equipment_type="Cisco Webex Room Kit Pro",
    customer_name="Groupe Brunel Ingénierie",
    site="BRU-PAR",
    site_name="Brunel – siège",
    address="14 rue de la Fontaine-Sèche, 75012 Paris",
    time_zone="Europe/Paris",
    room="BRU-PAR-401",
    room_name="Salle Eiffel; 4e étage",
    technician="T-ADAM",
    technician_name="Claire Adam",
    technician_email="c.adam@provider.example",
)


def written(**changes: Any) -> tuple[bytes, Event]:
    """The file of one visit, and its event as it is read again."""
    data = visit_calendar([VISIT.model_copy(update=changes)], NOON, ORGANISER)
    (event,) = Calendar.from_ical(data).events
    return data, event


def test_a_visit_is_written_in_utc_under_the_uid_of_its_slot() -> None:
    data, event = written()
    assert event["UID"] == "7K3Q9XTB-1.slots-1.2@curative"
    assert b"DTSTART:20260611T070000Z\r\n" in data
    assert b"DTEND:20260611T090000Z\r\n" in data
    assert b"DTSTAMP:20260608T120000Z\r\n" in data
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)


def test_it_says_in_french_then_in_english_what_for_and_where() -> None:
    _, event = written()
    description = str(event["DESCRIPTION"])
    assert description.index("Référence : CM-7K3Q-9XTB") < description.index("Reference: CM-7K3Q-9XTB")
    assert "Cisco Webex Room Kit Pro FOC2735Y3TT" in description
    assert event["LOCATION"] == (
        "Salle Eiffel; 4e étage (BRU-PAR-401), Brunel – siège, 14 rue de la Fontaine-Sèche, 75012 Paris"
    )
    assert "prêt" in str(written(subject="loan")[1]["DESCRIPTION"])


def test_the_technician_takes_part_and_the_support_centre_invites() -> None:
    _, event = written()
    assert event["ATTENDEE"] == "mailto:c.adam@provider.example"
    assert (event["ATTENDEE"].params["CN"], event["ATTENDEE"].params["PARTSTAT"]) == ("Claire Adam", "ACCEPTED")
    assert event["ORGANIZER"] == "mailto:support@provider.example"
    assert "ATTENDEE" not in written(technician=None, technician_name=None, technician_email=None)[1]


def test_a_visit_that_was_called_off_takes_its_event_out_of_the_calendar() -> None:
    _, event = written(state=SlotState.DECLINED)
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == (written()[1]["UID"], "CANCELLED", 1)
    assert "VISITE ANNULÉE" in str(event["DESCRIPTION"])
    assert written(state=SlotState.DONE)[1]["STATUS"] == "CONFIRMED"


def test_lines_are_folded_at_75_octets_and_no_text_breaks_out_of_its_property() -> None:
    data, event = written(customer_name="Ingénierie " * 20 + "\r\nEND:VEVENT", site_name="A;B,C\\")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert "A;B,C\\" in str(event["LOCATION"])
    assert event["STATUS"] == "CONFIRMED"


def test_an_unknown_room_technician_or_equipment_is_left_out() -> None:
    unknown = dict.fromkeys(
        ("room", "room_name", "technician", "technician_name", "technician_email", "serial_number", "equipment_type")
    )
    _, event = written(**unknown)
    assert event["LOCATION"] == "Brunel – siège, 14 rue de la Fontaine-Sèche, 75012 Paris"
    assert "None" not in str(event["DESCRIPTION"])


def test_no_visit_is_an_empty_calendar() -> None:
    assert Calendar.from_ical(visit_calendar([], NOON, ORGANISER)).events == []
