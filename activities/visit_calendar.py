"""Visits as an iCalendar file (RFC 5545): for a technician's calendar, or with an invitation (R10)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parseaddr

from icalendar import Calendar, Event, vCalAddress

from domain.visits import Visit

PRODUCT = "-//curative//visits//FR"

_PURPOSE = {
    "replacement": ("remise en service", "restoring service"),
    "loan": ("installation du matériel de prêt", "installing the loan unit"),
}


def visit_calendar(visits: Iterable[Visit], written_at: datetime, organiser: str) -> bytes:
    """A VCALENDAR with one event for each visit, French first and English second; instants in UTC.

    UID and SEQUENCE are those of the invitations: the UID of the slot that was agreed first. A visit that was called
    off keeps it with STATUS:CANCELLED and a higher SEQUENCE, so that a calendar that has the visit takes it out.
    `organiser` is an address as mails have it: `Name <address>`.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for visit in visits:
        calendar.add_component(visit_event(visit, written_at, organiser))
    written: bytes = calendar.to_ical()
    return written


def visit_event(visit: Visit, written_at: datetime, organiser: str) -> Event:
    """The event of one visit as it stands; the instants in UTC."""
    event = Event()
    event.add("uid", visit.uid)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", visit.starts_at.astimezone(UTC))
    event.add("dtend", visit.ends_at.astimezone(UTC))
    event.add("sequence", visit.calendar_sequence + visit.is_cancelled)
    event.add("status", "CANCELLED" if visit.is_cancelled else "CONFIRMED")
    event.add("summary", f"Intervention {visit.case_reference} – {visit.site_name} / On-site visit")
    event.add("description", _description(visit))
    event.add("location", _location(visit))
    event.add("organizer", _address(*parseaddr(organiser)))
    if visit.technician_email:
        event.add("attendee", attendee(visit.technician_name or "", visit.technician_email))
    return event


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = name
    return address


def attendee(name: str, email: str) -> vCalAddress:
    """Whoever comes, or has agreed to the visit: nothing is left to answer."""
    address = _address(name, email)
    address.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return address


def _location(visit: Visit) -> str:
    room = f"{visit.room_name} ({visit.room})" if visit.room else ""
    return ", ".join(part for part in (room, visit.site_name, visit.address) if part)


def _description(visit: Visit) -> str:
    french, english = _PURPOSE[visit.subject]
    return _TEXT.format(
        visit=visit,
        french=f"VISITE ANNULÉE – {french}" if visit.is_cancelled else french,
        english=f"VISIT CANCELLED – {english}" if visit.is_cancelled else english,
        equipment=" ".join(part for part in (visit.equipment_type, visit.serial_number) if part) or "–",
        room=visit.room_name or "–",
        technician=visit.technician_name or "–",
    )


_TEXT = """\
Objet : {french}
Référence : {visit.case_reference} (créneau {visit.slot_id})
Équipement : {equipment}
Client : {visit.customer_name}
Site : {visit.site_name} ({visit.site})
Salle : {room}
Technicien : {technician}

---

Purpose: {english}
Reference: {visit.case_reference} (slot {visit.slot_id})
Equipment: {equipment}
Customer: {visit.customer_name}
Site: {visit.site_name} ({visit.site})
Room: {room}
Technician: {technician}
"""
