"""What a cell can hold: text in, a value out, or one sentence about what to write instead."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError

from database.registry_csv.errors import reason_of
from domain.calendars import Reading, Windows
from domain.masking import Secret
from domain.registry import Service
from domain.serial_numbers import SerialNumberError, normalise_serial_number

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{2,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WINDOW = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
_TRANSIT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._/+-]*)=(\d{1,2})")
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,9})?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S{1,2000}")
_LONGEST_KEY = 2_000
_DURATION = re.compile(r"(?=\d)(?:(\d{1,4})h)?(?:(\d{1,2})m(?:in)?)?")
_YES_NO = {"yes": True, "no": False}
_WINDOWS: TypeAdapter[tuple[tuple[str, str], ...]] = TypeAdapter(Windows)


def _matching(pattern: re.Pattern[str], advice: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(advice)
        return text

    return check


def _serial_number(text: str) -> str:
    try:
        return normalise_serial_number(text)
    except SerialNumberError:
        raise ValueError("write 1 to 64 letters, digits and . _ / - beginning with a letter or a digit (R4)") from None


def _day(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError("write a date as 2026-12-31")
    return date.fromisoformat(text)


def _time_of_day(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise ValueError("write a time of day as 16:00")
    return time.fromisoformat(text)


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise ValueError("write yes or no")
    return _YES_NO[text.lower()]


def count(text: str) -> int:
    """Read a whole number. Raises ValueError for anything else."""
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError("write a whole number, 0 or more")
    return int(text)


def _positive(number: int) -> int:
    if number == 0:
        raise ValueError("write a whole number, 1 or more")
    return number


def _degrees(most: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
            raise ValueError(f"write decimal degrees between -{most} and {most}, as 48.8566")
        return float(text)

    return read


def _hours_of_day(text: str) -> tuple[tuple[str, str], ...]:
    windows = [_WINDOW.fullmatch(part) for part in text.split()]
    if not all(windows):
        raise ValueError("write hours as 08:00-18:00, or 08:00-12:00 13:30-18:00 with a break")
    try:
        return _WINDOWS.validate_python([window.groups() for window in windows if window])
    except ValidationError as wrong:
        raise ValueError(reason_of(wrong.errors()[0])) from None


def _services(text: str) -> tuple[Service, ...]:
    names = text.split()
    if not set(names) <= set(Service) or len(set(names)) < len(names):
        raise ValueError(f"write one or more of {', '.join(Service)}, with blanks between")
    return tuple(sorted(Service(name) for name in names))


def _reading(text: str) -> Reading:
    if text not in set(Reading):
        raise ValueError(f"write the contract's reading of the 72 h: {', '.join(Reading)} (R13)")
    return Reading(text)


def _transit_days(text: str) -> dict[str, int]:
    zones = [_TRANSIT.fullmatch(part) for part in text.split()]
    days = {zone[1]: int(zone[2]) for zone in zones if zone}
    if len(days) < len(zones):
        raise ValueError("write transit days as la_reunion=3 guadeloupe=2, each delivery zone once")
    return days


def duration(text: str) -> timedelta:
    """Read a duration in service hours, `1h30m`. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError("write a duration in service hours as 4h, 30m or 1h30m")
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise ValueError("write the SHA-256 of the file: 64 hexadecimal digits")
    return text.lower()


def _key(text: str) -> Secret:
    if not text.isprintable() or len(text) > _LONGEST_KEY:
        raise ValueError(f"write a key of printable characters, {_LONGEST_KEY} at the most")
    return Secret(" ".join(text.split()))


Code: TypeAlias = Annotated[
    str, AfterValidator(_matching(_CODE, "write a code of letters, digits and . _ / + - without blanks"))
]
Email: TypeAlias = Annotated[str, AfterValidator(_matching(_EMAIL, "write an address as desk@example.net"))]
Phone: TypeAlias = Annotated[str, AfterValidator(_matching(_PHONE, "write a number as 01.70.48.03.68"))]
SerialNumber: TypeAlias = Annotated[str, AfterValidator(_serial_number)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
TimeOfDay: TypeAlias = Annotated[time, BeforeValidator(_time_of_day)]
YesOrNo: TypeAlias = Annotated[bool, BeforeValidator(_yes_or_no)]
Count: TypeAlias = Annotated[int, BeforeValidator(count)]
Quantity: TypeAlias = Annotated[int, BeforeValidator(count), AfterValidator(_positive)]
HoursOfDay: TypeAlias = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_hours_of_day)]
Services: TypeAlias = Annotated[tuple[Service, ...], BeforeValidator(_services)]
ReadingName: TypeAlias = Annotated[Reading, BeforeValidator(_reading)]
TransitDays: TypeAlias = Annotated[dict[str, int], BeforeValidator(_transit_days)]
Latitude: TypeAlias = Annotated[float, BeforeValidator(_degrees(90))]
Longitude: TypeAlias = Annotated[float, BeforeValidator(_degrees(180))]
Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(str.split)]
Sha256: TypeAlias = Annotated[str, AfterValidator(_sha256)]
Uri: TypeAlias = Annotated[str, AfterValidator(_matching(_URI, "write where the file is, as https://host/path"))]
SecretKey: TypeAlias = Annotated[Secret, BeforeValidator(_key)]
"""Shown masked wherever it is shown."""
