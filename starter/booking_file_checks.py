"""What makes an iCalendar file of bookings unusable; the library would pass over some of it in silence."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from icalendar import Calendar, Event, vRecur

from starter.answers import WrongInput

DECISIVE = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
"""The properties that decide when a room is booked; a mistake in any other changes nothing here."""

ONCE = ("UID", "SUMMARY", "STATUS", "TRANSP", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")

TOO_OFTEN = ("SECONDLY", "MINUTELY")

_FOLD = re.compile(rb"\r?\n[ \t]")


def calendars_of(data: bytes) -> Sequence[Calendar]:
    """The calendars of a file. Raises WrongInput when it holds none, or is not complete."""
    try:
        components = Calendar.from_ical(_text(data), multiple=True)  # also a VCARD, whatever the type says
    except (ValueError, LookupError) as error:
        raise WrongInput(f"it is not an iCalendar file: {error}; export the room's calendar as .ics") from None
    if not components or any(component.name != "VCALENDAR" for component in components):
        raise WrongInput(
            "it is not a complete iCalendar file, from BEGIN:VCALENDAR to END:VCALENDAR; export the room's calendar "
            "as .ics again"
        )
    if any(calendar.freebusy and not calendar.events for calendar in components):
        raise WrongInput("it tells free and busy times only (VFREEBUSY); export the room's events")
    return components


def check_event(event: Event) -> None:
    """Raise WrongInput, naming the event, for anything that leaves open when the room is booked."""
    complaint = next(_complaints(event), None)
    if complaint is not None:
        raise WrongInput(f"{event_name(event)}: {complaint}; mend it in the calendar and export it again")


def event_name(event: Event) -> str:
    """How a person finds the event: its summary and its UID."""
    return f"event {text_of(event, 'SUMMARY')!r} (UID {text_of(event, 'UID') or 'none'})"


def text_of(event: Event, name: str) -> str:
    """A property's text on one line of 200 characters at the most that can be printed and stored; maybe empty."""
    words = " ".join(str(event.get(name, "")).split())
    return "".join(sign for sign in words if sign.isprintable())[:200]


def _complaints(event: Event) -> Iterator[str]:
    for name, reason in event.errors:
        if name is None or name in DECISIVE:
            yield f"{name or 'a line'} cannot be read: {reason}"
    yield from (f"{name} is given twice" for name in ONCE if isinstance(event.get(name), list))
    if "DTSTART" not in event:
        yield "DTSTART is missing"
    yield from (f"time zone {zone!r} of {name} is not known" for name, zone in _unknown_zones(event))
    yield from _span_complaints(event)
    yield from _rule_complaints(event)


def _unknown_zones(event: Event) -> Iterator[tuple[str, str]]:
    """Where a zone is named and the library, not knowing it, reads a time without a zone."""
    for name in DECISIVE:
        for value in _values(event, name):
            instants = getattr(value, "dts", [value])
            zone = getattr(value, "params", {}).get("TZID")
            if zone and any(isinstance(at.dt, datetime) and at.dt.tzinfo is None for at in instants):
                yield name, str(zone)


def _span_complaints(event: Event) -> Iterator[str]:
    start, end, duration = (event.get(name) for name in ("DTSTART", "DTEND", "DURATION"))
    if end is not None and isinstance(start.dt, datetime) != isinstance(end.dt, datetime):
        yield "DTSTART and DTEND must both be days, or both be times"
    elif end is not None and _comparable(end.dt, start.dt) and end.dt < start.dt:
        yield "it ends before it starts"
    if duration is not None and duration.dt.total_seconds() < 0:
        yield "DURATION is negative"


def _comparable(one: object, other: object) -> bool:
    """Both with a zone, or both without; a mixture is left to the library."""
    return (getattr(one, "tzinfo", None) is None) == (getattr(other, "tzinfo", None) is None)


def _rule_complaints(event: Event) -> Iterator[str]:
    for rule in _values(event, "RRULE"):
        assert isinstance(rule, vRecur)
        frequency = str(rule.get("FREQ", [""])[0]).upper()
        if not frequency:
            yield "RRULE names no FREQ"
        elif frequency in TOO_OFTEN:
            yield f"RRULE repeats {frequency.lower()}, which books no room"


def _values(event: Event, name: str) -> list[object]:
    value = event.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(data: bytes) -> str:
    """The text of a file in UTF-8, in UTF-16 with its mark, or in the Western encoding of old exports.

    Lines are unfolded first: a fold may part the octets of one character (RFC 5545, 3.1).
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    unfolded = _FOLD.sub(b"", data)
    try:
        return unfolded.decode("utf-8-sig")
    except UnicodeDecodeError:
        return unfolded.decode("cp1252", errors="replace")
