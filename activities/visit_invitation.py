"""An invitation to a visit (RFC 5545, 5546): it moves, or goes, in the calendar of whoever got it before (R10)."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Timezone

from activities.visit_calendar import PRODUCT, attendee, visit_event
from domain.effects import Invitation
from domain.visits import Visit

REMINDED_BEFORE = "-P1D"


def invitation_calendar(
    visit: Visit, invitation: Invitation, written_at: datetime, organiser: str, address: str
) -> str:
    """A VCALENDAR with the method of the invitation, by the clocks of the site.

    Its UID stays the same for as long as the visit does, and its SEQUENCE grows: calendars keep the newest word.
    """
    zone = ZoneInfo(visit.time_zone)
    event = visit_event(visit, written_at, organiser)
    for name in ("uid", "sequence", "status", "dtstart", "dtend", "attendee"):
        event.pop(name, None)
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("status", "CANCELLED" if invitation.method == "CANCEL" else "CONFIRMED")
    event.add("dtstart", invitation.start.astimezone(zone))
    event.add("dtend", invitation.end.astimezone(zone))
    event.add("attendee", attendee(_name(visit, address), address))
    if invitation.method == "REQUEST":
        event.add_component(_alarm())
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", invitation.method)
    calendar.add_component(event)
    calendar.subcomponents.insert(0, _rules_of(visit.time_zone))
    written: bytes = calendar.to_ical()
    return written.decode()


@cache
def _rules_of(time_zone: str) -> Timezone:
    """When the clocks of that zone change; it takes long to find out."""
    return Timezone.from_tzid(time_zone)


def _name(visit: Visit, address: str) -> str:
    return visit.technician_name or "" if address == visit.technician_email else ""


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Intervention demain / Visit tomorrow")
    alarm["trigger"] = REMINDED_BEFORE
    return alarm
