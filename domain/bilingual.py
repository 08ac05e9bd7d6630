"""What mails say in both languages: French first, English second."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Language: TypeAlias = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
"""In the order in which a mail has them."""

_DAYS: dict[Language, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    fr: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


def instant_in(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """An instant by the clocks of that zone, which it names."""
    return f"{day_in(language, at, zone)}{_AT[language]}{hour_in(language, at, zone)} ({zone.key})"


def span_in(language: Language, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A span by the clocks of that zone; one that ends on another day names both."""
    if start.astimezone(zone).date() != end.astimezone(zone).date():
        return f"{instant_in(language, start, zone)} – {instant_in(language, end, zone)}"
    hours = f"{hour_in(language, start, zone)}–{hour_in(language, end, zone)}"
    return f"{day_in(language, start, zone)}, {hours} ({zone.key})"


_AT: dict[Language, str] = {"fr": " à ", "en": " at "}


def day_in(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant there: `samedi 1er mai 2027`, `Saturday 1 May 2027`."""
    local = at.astimezone(zone)
    number = "1er" if language == "fr" and local.day == 1 else str(local.day)
    return f"{_DAYS[language][local.weekday()]} {number} {_MONTHS[language][local.month - 1]} {local.year}"


def hour_in(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """The hour of an instant there: `09h00`, `09:00`."""
    local = at.astimezone(zone)
    return f"{local:%Hh%M}" if language == "fr" else f"{local:%H:%M}"
