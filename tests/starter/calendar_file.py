"""iCalendar files as rooms' calendars export them."""

from collections.abc import Sequence


def event(*lines: str, uid: str = "meeting@brunel.example") -> tuple[str, ...]:
    """A VEVENT of these lines."""
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


def calendar(*events: Sequence[str], head: Sequence[str] = ()) -> bytes:
    """A VCALENDAR of these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//rooms//FR", *head]
    lines += [line for one in events for line in one]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
