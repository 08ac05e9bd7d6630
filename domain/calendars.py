"""Calendars as data: the service hours of a provider or a site (R1), and the readings of "72h ouvrées" (R13).

Nothing here counts time or knows public holidays, so that workflows may carry these models;
`business_time.business_calendar` turns a `CalendarSpec` into a `BusinessCalendar` that counts.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Window: TypeAlias = tuple[str, str]
"""One open span of a local day: wall-clock `HH:MM`, half open, the end up to `24:00`."""

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
HOLIDAY_ZONES = (
    "Métropole",
    "Alsace-Moselle",
    "Guadeloupe",
    "Martinique",
    "Guyane",
    "La Réunion",
    "Mayotte",
    "Saint-Pierre-et-Miquelon",
)
SERVICE_WEEK: Mapping[Weekday, tuple[Window, ...]] = dict.fromkeys(WEEKDAYS[:5], (("08:00", "18:00"),))
"""R1: Monday to Friday, 08:00 to 18:00."""

_WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class CalendarError(ValueError):
    """Business time cannot answer for this calendar, instant or amount; one sentence that says what to do."""


class Reading(StrEnum):
    """The three readings of "72h ouvrées" in French practice (R13); a contract's terms name one."""

    SERVICE_HOURS = "service_hours"
    BUSINESS_DAY_CLOCK = "business_day_clock"
    BUSINESS_DAYS = "business_days"


def _ordered_windows(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    previous_close = "00:00"
    for opening, close in windows:
        for wall_time in (opening, close):
            if not _WALL_TIME.fullmatch(wall_time):
                raise CalendarError(f"{wall_time!r} is no time of day: write it as HH:MM, from 00:00 to 24:00.")
        if opening >= close:
            raise CalendarError(f"Window {opening}-{close} is empty or reversed: it must open before it closes.")
        if opening < previous_close:
            raise CalendarError(
                f"Window {opening}-{close} starts before the previous one ends ({previous_close}): "
                "list a day's windows in order, without overlap."
            )
        previous_close = close
    return windows


def _sorted_dates(days: tuple[date, ...]) -> tuple[date, ...]:
    repeated = sorted(day for day, times in Counter(days).items() if times > 1)
    if repeated:
        raise CalendarError(f"{', '.join(map(str, repeated))} is listed more than once: list each date once.")
    return tuple(sorted(days))


Windows: TypeAlias = Annotated[tuple[Window, ...], AfterValidator(_ordered_windows)]
Dates: TypeAlias = Annotated[tuple[date, ...], AfterValidator(_sorted_dates)]


class CalendarSpec(BaseModel):
    """The service hours of a provider or a site, as registered and as carried by a case (R1, R14).

    A day is closed when it is a closure, or a public or extra holiday that is not listed as worked; else it
    has its own `day_hours`, or the hours of its weekday. Calendars that say the same are equal (dates are
    sorted, weekdays completed) and serve as cache keys. Raises pydantic's `ValidationError`, one sentence per
    mistake.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tz: str
    """IANA time zone in which the wall-clock hours hold, `Europe/Paris`."""
    holidays_zone: str
    """One of `HOLIDAY_ZONES`."""
    week: Mapping[Weekday, Windows] = Field(default=SERVICE_WEEK, validate_default=True)
    closures: Dates = ()
    """Days on which the owner of the calendar is closed, whatever else is said of them."""
    extra_holidays: Dates = ()
    """Holidays by local custom, beyond the zone's public holidays."""
    worked_holidays: Dates = ()
    """Public or extra holidays on which service is given all the same."""
    day_hours: Mapping[date, Windows] = Field(default_factory=dict)
    """Hours of single days (a half day, an extra day), in place of their weekday's."""
    delivery_cutoff: time = time(16)
    """R6: an approval before this local time counts for its own day; this very instant does not."""
    revision: str = ""
    """Label of the calendar's revision, for people."""

    @field_validator("tz")
    @classmethod
    def _known_time_zone(cls, tz: str) -> str:
        try:
            ZoneInfo(tz)
        except (KeyError, ValueError, OSError):  # each of them, by how the key is wrong
            raise CalendarError(f"Unknown time zone {tz!r}: use an IANA name such as Europe/Paris.") from None
        return tz

    @field_validator("holidays_zone")
    @classmethod
    def _known_holiday_zone(cls, zone: str) -> str:
        if zone not in HOLIDAY_ZONES:
            raise CalendarError(f"Unknown holiday zone {zone!r}: use one of {', '.join(HOLIDAY_ZONES)}.")
        return zone

    @field_validator("week")
    @classmethod
    def _seven_days(cls, week: Mapping[Weekday, tuple[Window, ...]]) -> Mapping[Weekday, tuple[Window, ...]]:
        return {day: week.get(day, ()) for day in WEEKDAYS}

    @field_validator("day_hours")
    @classmethod
    def _days_in_order(cls, hours: Mapping[date, tuple[Window, ...]]) -> Mapping[date, tuple[Window, ...]]:
        return dict(sorted(hours.items()))

    @field_validator("delivery_cutoff")
    @classmethod
    def _reachable_cutoff(cls, cutoff: time) -> time:
        if cutoff.tzinfo is not None:
            raise CalendarError("The delivery cut-off is in the calendar's own time zone: give it without an offset.")
        if cutoff == time.min:
            raise CalendarError("Nothing comes before a delivery cut-off of 00:00: give a later time, such as 16:00.")
        return cutoff

    @model_validator(mode="after")
    def _opens_some_day(self) -> Self:
        if not any(self.week.values()) and not any(self.day_hours.values()):
            raise CalendarError("The calendar never opens: give at least one window in week or day_hours.")
        return self

    def __hash__(self) -> int:
        return hash((self.tz, self.holidays_zone, self.closures, self.extra_holidays, tuple(self.week.values())))

    def contractual(self) -> "CalendarSpec":
        """The provider's calendar as a contractual clock sees it: public holidays and weekly hours only (R1).

        Its own closures, holidays by custom, worked holidays and special hours never move such a clock.
        """
        return CalendarSpec(
            tz=self.tz,
            holidays_zone=self.holidays_zone,
            week=self.week,
            delivery_cutoff=self.delivery_cutoff,
            revision=self.revision,
        )
