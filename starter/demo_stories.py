"""The stories of the demo: what is reported and said, and when, in days that exist in every year."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from domain.business_time import LAST_YEAR, BusinessCalendar
from domain.public_holidays import public_holidays

AHEAD = timedelta(days=7)
"""A virtual clock starts at the wall clock and only goes forward: a story begins well after it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Beginning(_Part):
    """The eve of a public holiday, by its French name, at a local time: the next one that lies far enough ahead."""

    eve_of: str
    at: time

    def instant(self, calendar: BusinessCalendar, now: datetime) -> datetime:
        """When the story begins, in the calendar's time zone. Raises LookupError for a holiday that never comes."""
        for day in self._eves(calendar, now.year):
            begin = datetime.combine(day, self.at, calendar.zone)
            if begin >= now + AHEAD:
                return begin
        raise LookupError(f"no {self.eve_of} lies ahead of {now.date()} in the calendar's years")

    def _eves(self, calendar: BusinessCalendar, first_year: int) -> Iterator[date]:
        for year in range(first_year, LAST_YEAR + 1):
            for day, name in public_holidays(calendar.spec.holidays_zone, year).items():
                if name == self.eve_of:
                    yield day - timedelta(days=1)


class Moment(_Part):
    """On the n-th business day after the beginning at a local time, or when the chosen visit ends."""

    business_day: int | None = Field(default=None, ge=1)
    at: time | None = None
    end_of_visit: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.end_of_visit == (self.business_day is not None) or (self.business_day is None) != (self.at is None):
            raise ValueError("on: give business_day with at, or end_of_visit")
        return self

    def instant(self, calendar: BusinessCalendar, begin: datetime, end_of_visit: datetime | None) -> datetime:
        """The instant of a story that began at `begin`; `end_of_visit` is known once a slot is chosen."""
        if self.business_day is None or self.at is None:
            assert end_of_visit is not None, "a story waits for the end of a visit that nobody has chosen"
            return end_of_visit
        day = calendar.local_day(begin)
        for _ in range(self.business_day):
            day = calendar.next_business_day(day)
        return datetime.combine(day, self.at, calendar.zone)


class StoryMessage(_Part):
    """What is said, and when. `offered_slot` chooses the n-th of the slots that are offered then."""

    on: Moment
    kind: str
    payload: dict[str, JsonValue]
    offered_slot: int | None = Field(default=None, ge=1)


class Expectation(_Part):
    """How the story ends: the case's outcome, and the states of promises by their names."""

    outcome: str
    promises: dict[str, Literal["met", "breached", "cancelled"]] = {}


class DemoStory(_Part):
    """One story. Without a beginning it happens now, and its report goes through the desk as anybody's does."""

    title: str
    begins: Beginning | None = None
    report: dict[str, JsonValue]
    messages: tuple[StoryMessage, ...] = ()
    expected: Expectation


def demo_stories() -> tuple[DemoStory, ...]:
    """The stories that come with the program, in the order in which they are told."""
    shipped = files("starter").joinpath("stories")
    names = ("after_hours.json", "lost_parcel.json", "expired_contract.json")
    return tuple(DemoStory.model_validate_json(shipped.joinpath(name).read_bytes()) for name in names)
