"""What is nearest goes out first (R8)."""

import pytest

from domain.nearness import Position, great_circle_km, nearness

PARIS = Position("BRU-PAR", "ile_de_france", 48.8470, 2.3860)
LYON = Position("DEPOT-LYON", "auvergne_rhone_alpes", 45.6970, 4.8870)
REUNION = Position("DEPOT-SAINT-DENIS", "la_reunion", -20.9010, 55.4770)
NOWHERE = Position("VIL-HDV", "ile_de_france", None, None)


def order(site: Position, *depots: Position) -> list[str]:
    return [depot.code for depot in sorted(depots, key=lambda depot: nearness(site, depot))]


def test_distances_are_those_of_the_globe() -> None:
    assert great_circle_km(PARIS, LYON) == pytest.approx(398, abs=5)
    assert great_circle_km(PARIS, REUNION) == pytest.approx(9370, abs=50)
    assert great_circle_km(PARIS, PARIS) == 0
    antipode = Position("X", None, -48.8470, 2.3860 - 180)
    assert great_circle_km(PARIS, antipode) == pytest.approx(20015, abs=5)


def test_the_shortest_distance_comes_first() -> None:
    assert order(PARIS, REUNION, LYON) == ["DEPOT-LYON", "DEPOT-SAINT-DENIS"]


def test_without_coordinates_the_sites_own_region_comes_first_then_the_code() -> None:
    near = Position("DEPOT-Z", "ile_de_france", 48.9, 2.3)
    assert order(NOWHERE, REUNION, LYON, near) == ["DEPOT-Z", "DEPOT-LYON", "DEPOT-SAINT-DENIS"]


def test_a_depot_whose_distance_is_known_comes_before_one_whose_is_not() -> None:
    unknown = Position("DEPOT-A", "ile_de_france", None, None)
    assert order(PARIS, unknown, REUNION) == ["DEPOT-SAINT-DENIS", "DEPOT-A"]
    assert great_circle_km(PARIS, unknown) is None


def test_two_places_of_no_region_have_none_in_common() -> None:
    site = Position("S", None, None, None)
    assert order(site, Position("B", None, None, None), Position("A", "x", None, None)) == ["A", "B"]
