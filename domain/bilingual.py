"""What mails say in both languages: French first, English second."""

from collections.abc import Mapping
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


Fact: TypeAlias = str | int | datetime | tuple[datetime, datetime] | Both
"""What a template names: an instant and a span of one day are written out in each language."""


@dataclass(frozen=True)
class Wording:
    """One mail: its subject and its body in both languages; the body has `{names}` for the facts."""

    subject: Both
    body: Both


def filled(template: Both, facts: Mapping[str, Fact], language: Language, zone: ZoneInfo) -> str:
    """The template in one language, with the facts in it; its instants are shown in that zone."""
    return template[language].format_map({name: said(fact, language, zone) for name, fact in facts.items()})


def said(fact: Fact, language: Language, zone: ZoneInfo) -> str:
    """A fact in that language; instants are shown in that zone, which they name."""
    match fact:
        case Both():
            return fact[language]
        case datetime():
            return f"{_day(fact, language, zone)}{_AT[language]}{_hour(fact, language, zone)} ({zone.key})"
        case (start, end):
            hours = f"{_hour(start, language, zone)}–{_hour(end, language, zone)}"
            return f"{_day(start, language, zone)}, {hours} ({zone.key})"
    return str(fact)


_AT: dict[Language, str] = {"fr": " à ", "en": " at "}


def _day(at: datetime, language: Language, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{_DAYS[language][local.weekday()]} {local.day} {_MONTHS[language][local.month - 1]} {local.year}"


def _hour(at: datetime, language: Language, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%Hh%M}" if language == "fr" else f"{local:%H:%M}"
