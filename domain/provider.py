"""The provider as its letters name it: who we are, under which number, and when somebody answers (R1)."""

from collections.abc import Iterator
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from domain.bilingual import Both
from domain.calendars import WEEKDAYS, CalendarSpec, Weekday, Window

_DAY_NAMES: dict[Weekday, Both] = {
    "mon": Both("lundi", "Monday"),
    "tue": Both("mardi", "Tuesday"),
    "wed": Both("mercredi", "Wednesday"),
    "thu": Both("jeudi", "Thursday"),
    "fri": Both("vendredi", "Friday"),
    "sat": Both("samedi", "Saturday"),
    "sun": Both("dimanche", "Sunday"),
}


class Provider(BaseModel):
    """The provider of the registry. Without a phone number, letters name none."""

    model_config = ConfigDict(frozen=True)

    name: str
    phone: str | None
    calendar: CalendarSpec

    @property
    def hours(self) -> Both:
        """When the line is open, in both languages."""
        return hours_in_words(self.calendar)


def hours_in_words(calendar: CalendarSpec) -> Both:
    """The hours of an ordinary week: `du lundi au vendredi, 08h00–18h00, hors jours fériés (Europe/Paris)`."""
    spans = [_span(first, last, windows) for first, last, windows in _runs(calendar)]
    fr = " ; ".join(span.fr for span in spans)
    en = "; ".join(span.en for span in spans)
    return Both(f"{fr}, hors jours fériés ({calendar.tz})", f"{en}, except public holidays ({calendar.tz})")


def _runs(calendar: CalendarSpec) -> Iterator[tuple[Weekday, Weekday, tuple[Window, ...]]]:
    """Days in a row that keep the same hours; closed days are left out."""
    for windows, days in groupby(WEEKDAYS, key=lambda day: tuple(calendar.week[day])):
        run = list(days)
        if windows:
            yield run[0], run[-1], windows


def _span(first: Weekday, last: Weekday, windows: tuple[Window, ...]) -> Both:
    one, other = _DAY_NAMES[first], _DAY_NAMES[last]
    fr = f"le {one.fr}" if first == last else f"du {one.fr} au {other.fr}"
    en = f"{one.en}" if first == last else f"{one.en} to {other.en}"
    french = " et ".join(f"{opening.replace(':', 'h')}–{close.replace(':', 'h')}" for opening, close in windows)
    english = " and ".join(f"{opening}–{close}" for opening, close in windows)
    return Both(f"{fr}, {french}", f"{en}, {english}")
