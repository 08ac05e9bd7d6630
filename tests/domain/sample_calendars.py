"""Calendars and instants for the tests of business time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.business_time import BusinessCalendar, business_calendar
from domain.calendars import SERVICE_WEEK, WEEKDAYS, CalendarSpec

OFFICE_WEEK = dict.fromkeys(WEEKDAYS[:5], (("09:00", "12:30"), ("14:00", "17:30")))
SATURDAY_WEEK = {**SERVICE_WEEK, "sat": (("08:00", "12:00"),)}
ALWAYS = dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),))


def calendar(tz: str = "Europe/Paris", zone: str = "Métropole", **rest: object) -> BusinessCalendar:
    """A calendar, Monday to Friday 08:00 to 18:00 in Paris unless told otherwise."""
    return business_calendar(CalendarSpec.model_validate({"tz": tz, "holidays_zone": zone, **rest}))


def at(wall_time: str, tz: str = "Europe/Paris") -> datetime:
    """`2026-06-12 17:30` on the clocks of a time zone."""
    return datetime.fromisoformat(wall_time).replace(tzinfo=ZoneInfo(tz))
