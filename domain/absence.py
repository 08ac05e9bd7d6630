"""A technician who is ill this morning (R10)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.agenda import Span


def rest_of_day(visit: datetime, tz: str, now: datetime) -> Span | None:
    """What is left at `now` of the local day of a visit, by the clocks of its site; None when the day is over.

    All of the day when it has not begun.
    """
    zone = ZoneInfo(tz)
    day = visit.astimezone(zone).date()
    start = max(datetime.combine(day, time.min, zone), now)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return Span(start, end) if start < end else None
