"""Public holidays of the French holiday zones, as the labour code lists them (R1).

Articles L3133-1 (national), L3134-13 (Alsace-Moselle) and L3422-2 (overseas).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from holidays import country_holidays

from domain.calendars import HOLIDAY_ZONES, CalendarError


class _Zone(NamedTuple):
    subdivision: str
    """The code under which the `holidays` library files the zone."""
    commemoration: tuple[int, int]
    """Month and day on which the abolition of slavery is commemorated (L3422-2)."""


_OVERSEAS = {
    "Guadeloupe": _Zone("971", (5, 27)),
    "Martinique": _Zone("972", (5, 22)),
    "Guyane": _Zone("973", (6, 10)),
    "La Réunion": _Zone("974", (12, 20)),
    "Mayotte": _Zone("976", (4, 27)),
}
_ALSACE_MOSELLE = "57"


def _listed(year: int, subdivision: str | None = None) -> dict[date, str]:
    return dict(country_holidays("FR", subdiv=subdivision, years=year, language="fr"))


@cache
def public_holidays(zone: str, year: int) -> Mapping[date, str]:
    """The public holidays of a zone (one of `HOLIDAY_ZONES`) in a year: date to French name, in order.

    The library also lists days that are holidays by local custom only (mid-Lent, Good Friday in Guadeloupe,
    Victor Schœlcher's day): overseas, only the national days and the commemoration are kept. A site that
    observes a custom names it in `CalendarSpec.extra_holidays`. Raises `CalendarError` for an unknown zone.
    """
    if zone not in HOLIDAY_ZONES:
        raise CalendarError(f"Unknown holiday zone {zone!r}: use one of {', '.join(HOLIDAY_ZONES)}.")
    days = _listed(year, _ALSACE_MOSELLE if zone == "Alsace-Moselle" else None)
    if overseas := _OVERSEAS.get(zone):
        commemoration = date(year, *overseas.commemoration)
        days[commemoration] = _listed(year, overseas.subdivision)[commemoration]
    return MappingProxyType(dict(sorted(days.items())))
