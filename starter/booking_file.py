"""Bookings of a room, read from an iCalendar file (RFC 5545, R10)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import recurring_ical_events
from icalendar import Calendar, Event

from domain.room_bookings import RoomBooking, Window
from domain.visits import is_visit_uid
from starter.answers import WrongInput
from starter.booking_file_checks import calendars_of, check_event, event_name, text_of

ANY_ZONE = timedelta(days=2)
"""What reaches the library's window in one zone and not in another is not missed within it."""

LIBRARY_ERRORS = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What the libraries raise for a file that they cannot make sense of: no one class covers it."""

NO_UID = "without-uid"
"""Stands for the UID that some exports leave out."""


def read_bookings(data: bytes, zone: tzinfo, window: Window) -> tuple[RoomBooking, ...]:
    """The bookings that touch the window, by start, what repeats one by one; instants in UTC.

    All-day events and times without a zone are meant in `zone`, the site's, unless the file names one of its own
    (X-WR-TIMEZONE) for the latter. What is cancelled, shown as free (TRANSP:TRANSPARENT) or lasts no time blocks
    nothing; nor does a visit of ours that came back, whose slot says more. Raises WrongInput, in one sentence, for a
    file of which any event cannot be read.
    """
    longest: dict[tuple[str, datetime], RoomBooking] = {}
    for event in _occurrences(data, zone, window):
        booking = _booking(event, zone)
        known = longest.get((booking.uid, booking.starts_at), booking)
        if booking.starts_at < window.end and window.start < booking.ends_at > booking.starts_at:
            longest[booking.uid, booking.starts_at] = max(known, booking, key=lambda one: one.ends_at)
    return tuple(sorted(longest.values(), key=lambda booking: (booking.starts_at, booking.uid)))


def _occurrences(data: bytes, zone: tzinfo, window: Window) -> Iterator[Event]:
    """Every event that blocks the room, about in the window."""
    since, until = (window.start - ANY_ZONE).astimezone(zone), (window.end + ANY_ZONE).astimezone(zone)
    for calendar in calendars_of(data):
        for event in calendar.events:
            check_event(event)
        yield from filter(_blocks, _expanded(calendar, since, until))


def _expanded(calendar: Calendar, since: datetime, until: datetime) -> Iterable[Event]:
    try:
        events: list[Event] = recurring_ical_events.of(calendar).between(since, until)
    except LIBRARY_ERRORS as error:
        raise WrongInput(f"its time zone, or an event that repeats, cannot be read: {error}") from None
    return events


def _blocks(event: Event) -> bool:
    free = text_of(event, "STATUS").upper() == "CANCELLED" or text_of(event, "TRANSP").upper() == "TRANSPARENT"
    return not free and not is_visit_uid(text_of(event, "UID"))


def _booking(event: Event, zone: tzinfo) -> RoomBooking:
    try:
        starts_at, ends_at = _instant(event.start, zone), _instant(event.end, zone)
    except LIBRARY_ERRORS as error:
        raise WrongInput(f"{event_name(event)} has no span that can be read: {error}") from None
    uid = text_of(event, "UID") or NO_UID
    return RoomBooking(uid=uid, starts_at=starts_at, ends_at=ends_at, summary=text_of(event, "SUMMARY"))


def _instant(value: date | datetime, zone: tzinfo) -> datetime:
    """In UTC; a day begins at midnight in the zone, and so is a time read that names none."""
    local = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
