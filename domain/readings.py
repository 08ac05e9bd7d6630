"""The three readings of "72h ouvrées" (R13), as due instants.

Every reading starts at reception when the calendar is open, else at its next opening; a business day is one
with an open interval.
"""

from datetime import date, datetime, timedelta

from domain.business_time import open_all_day
from domain.calendars import CalendarError, Reading
from domain.open_time import OpenTime


def due(reading: Reading, calendar: OpenTime, start: datetime, hours: int) -> datetime:
    """When so many business hours are up for what was received at `start`, in the calendar's time zone (R13).

    Raises `CalendarError` for hours that are not positive, or not whole days of 24 where days are counted.
    """
    if hours <= 0:
        raise CalendarError(f"A promise of {hours} business hours cannot be kept: give a positive number.")
    begin = calendar.next_opening(start)
    match reading:
        case Reading.SERVICE_HOURS:
            return calendar.add(begin, timedelta(hours=hours))
        case Reading.BUSINESS_DAY_CLOCK:
            return open_all_day(calendar).add(begin, timedelta(hours=hours))
        case Reading.BUSINESS_DAYS:
            return calendar.closing(counted_days(calendar, begin, hours)[-1])


def strictest(calendar: OpenTime, start: datetime, hours: int) -> datetime:
    """The earliest due instant of the readings: what an internal target runs on (R13)."""
    return due(strictest_reading(calendar, start, hours), calendar, start, hours)


def strictest_reading(calendar: OpenTime, start: datetime, hours: int) -> Reading:
    """The reading that ends first for what was received at `start` (R13); of equals, the first.

    Hours that are not whole days have no reading in business days; the other two decide then.
    """
    readings = [reading for reading in Reading if reading is not Reading.BUSINESS_DAYS or hours % 24 == 0]
    return min(readings, key=lambda reading: due(reading, calendar, start, hours))


def counted_days(calendar: OpenTime, begin: datetime, hours: int) -> tuple[date, ...]:
    """The business days counted from an open instant: one for each 24 hours, not its own day."""
    count, rest = divmod(hours, 24)
    if rest:
        raise CalendarError(f"{hours} business hours are no whole number of days: give a multiple of 24.")
    days = [calendar.next_business_day(calendar.local_day(begin))]
    while len(days) < count:
        days.append(calendar.next_business_day(days[-1]))
    return tuple(days)
