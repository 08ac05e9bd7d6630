"""When a visit can take place: the site and we are open, the room is free, and somebody can come (R10)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.agenda import Agenda, Span, overlap
from domain.business_time import both, business_calendar
from domain.calendars import CalendarError, CalendarSpec
from domain.crew import Crew
from domain.effects import SlotProposal

HORIZON = timedelta(days=42)
"""How far ahead slots are sought."""

A_DAY = 2
"""How many slots of one day are offered at the most, so that an offer spans several days."""


def free_slots(
    provider: CalendarSpec,
    site: CalendarSpec,
    not_before: datetime,
    duration: timedelta,
    busy: Iterable[Span],
    count: int,
    crew: Crew,
) -> tuple[Span, ...]:
    """Up to `count` spans of that duration, from the day after `not_before` on, in the site's time zone.

    Each lies within one stretch in which site and provider are both open, begins on a full hour or as the stretch does,
    overlaps none of the busy spans, and is one in which somebody of the crew is free.
    """
    room = Agenda(busy)
    found: list[Span] = []
    for start in _starts(provider, site, not_before, duration):
        span = Span(start, start + duration)
        day = [known for known in found if known.start.date() == start.date()]
        if len(day) < A_DAY and not any(overlap(span, last) for last in found[-1:]) and _can_be(span, room, crew):
            found.append(span)
        if len(found) == count:
            break
    return tuple(found)


def _starts(
    provider: CalendarSpec, site: CalendarSpec, not_before: datetime, duration: timedelta
) -> Iterator[datetime]:
    there = business_calendar(site)
    first = there.opening(there.next_business_day(there.local_day(not_before)))
    for opening, close in both(there, business_calendar(provider)).intervals(first, first + HORIZON):
        start = opening
        while start + duration <= close:
            yield start
            start = _next_full_hour(start)


def _next_full_hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _can_be(span: Span, room: Agenda, crew: Crew) -> bool:
    return room.is_free(span) and crew.can_come(span)


def why_not(wish: SlotProposal) -> str | None:
    """Why a visit cannot take place as proposed, or None when it is long enough, and site and provider are open."""
    if wish.start < wish.now:
        return "it lies in the past"
    if wish.end - wish.start < wish.duration:
        return f"a visit takes {int(wish.duration.total_seconds() // 60)} minutes at the least"
    try:
        for who, spec in (("the site", wish.site_calendar), ("the provider", wish.provider)):
            if business_calendar(spec).elapsed(wish.start, wish.end) != wish.end - wish.start:
                return f"{who} is not open for all of it"
    except CalendarError as error:
        return str(error)
    return None
