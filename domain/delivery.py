"""When a replacement (R6) or a loan unit (R8) is due: in days that are business days of provider and site.

The provider's calendar names the cut-off (`CalendarSpec.delivery_cutoff`, 16:00). For a contractual promise,
pass the provider's calendar of `CalendarSpec.contractual()`. A day is each party's own local date.
"""

from datetime import date, datetime

from domain.business_time import BusinessCalendar
from domain.calendars import CalendarError


def effective_day(provider: BusinessCalendar, approved_at: datetime) -> date:
    """The business day for which an approval counts (R6): its own when before the cut-off, else the next.

    The cut-off itself is too late. An early closing of the day does not bring it forward.
    """
    day = provider.local_day(approved_at)
    local_time = approved_at.astimezone(provider.zone).time()
    if provider.is_business_day(day) and local_time < provider.spec.delivery_cutoff:
        return day
    return provider.next_business_day(day)


def approval_cutoff(provider: BusinessCalendar, asked_at: datetime) -> datetime:
    """The cut-off of the first day on which a request can still be approved in time (R6)."""
    day = effective_day(provider, asked_at)
    return datetime.combine(day, provider.spec.delivery_cutoff, provider.zone)


def delivery_due(
    provider: BusinessCalendar, site: BusinessCalendar, approved_at: datetime, transit_days: int = 0
) -> datetime:
    """When the replacement is due (R6): the end of the site's service hours on the delivery day, in its zone.

    The delivery day is the next day after the effective day that is a business day of provider and site, or
    as many such days later as are in transit. Raises `CalendarError` when the two never share such a day.
    """
    return site.closing(delivery_days(provider, site, effective_day(provider, approved_at), transit_days)[-1])


def loan_due(
    provider: BusinessCalendar, site: BusinessCalendar, decided_at: datetime, transit_days: int = 0
) -> datetime:
    """When a loan unit is due (R8): as a delivery, counted from the day of the decision, with no cut-off."""
    return site.closing(delivery_days(provider, site, provider.local_day(decided_at), transit_days)[-1])


def delivery_days(
    provider: BusinessCalendar, site: BusinessCalendar, after: date, transit_days: int = 0
) -> tuple[date, ...]:
    """The shared business days strictly after a day, up to the delivery day: one, and the days in transit."""
    if transit_days < 0:
        raise CalendarError(f"{transit_days} transit days cannot be counted: give none or a positive number.")
    days: list[date] = []
    day = after
    try:
        while len(days) <= transit_days:
            day = provider.next_business_day(day)
            if site.is_business_day(day):
                days.append(day)
    except CalendarError:
        raise CalendarError(
            f"Provider and site share no {transit_days + 1} business days after {after}: compare their calendars."
        ) from None
    return tuple(days)
