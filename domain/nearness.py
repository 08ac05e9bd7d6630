"""How near a depot is to a site: what is nearest goes out first (R8)."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0


class Position(NamedTuple):
    """Where a site or a depot is, as far as the registry knows: decimal degrees, both or none."""

    code: str
    region: str | None
    latitude: float | None
    longitude: float | None


def great_circle_km(one: Position, other: Position) -> float | None:
    """Kilometres between the two as the crow flies; None when the coordinates of either are not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, further_north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    half_chord = sin((further_north - north) / 2) ** 2 + cos(north) * cos(further_north) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half_chord)))


def nearness(site: Position, depot: Position) -> tuple[int, float, str]:
    """A sort key, the nearest first: by distance when it is known, then the site's own region, then by code."""
    distance = great_circle_km(site, depot)
    if distance is not None:
        return 0, distance, depot.code
    same_region = site.region is not None and site.region == depot.region
    return (1 if same_region else 2), 0.0, depot.code
