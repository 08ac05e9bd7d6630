"""R8: at least the same features, the nearest first, the oldest promise first, never the same unit twice."""

from hypothesis import given
from hypothesis import strategies as st

from domain.effects import EffectKey, LoanUnit
from domain.loan_line import Demand, PoolUnit, allot, place_in_line, serves
from domain.nearness import Position

PARIS = Position("PARIS", "ile_de_france", 48.85, 2.35)
LYON = Position("LYON", "auvergne_rhone_alpes", 45.75, 4.85)
SMALL, LARGE = frozenset({"sip", "1080p"}), frozenset({"sip", "1080p", "4k"})


def unit(name: str, features: frozenset[str] = LARGE, depot: Position = PARIS, *, is_free: bool = True) -> PoolUnit:
    return PoolUnit(LoanUnit(serial_number=name, type=f"type-{name}", location=depot.code), features, depot, is_free)


def demand(
    number: int, features: frozenset[str] = SMALL, site: Position = PARIS, equipment_type: str = "codec"
) -> Demand:
    loan = EffectKey(case=f"CM-0000-{number:04}", round=1, step="loan")
    return Demand(loan, f"curative-{number}", equipment_type, features, site)


def allotted(line: list[Demand], pool: list[PoolUnit]) -> dict[str, str]:
    return {loan.case[-1]: given_.serial_number for loan, given_ in allot(line, pool).items()}


def test_more_features_serve_and_fewer_do_not() -> None:
    assert serves(unit("A", LARGE), demand(1, SMALL))
    assert serves(unit("A", SMALL), demand(1, SMALL))
    assert not serves(unit("A", SMALL), demand(1, LARGE))


def test_a_type_is_as_good_as_itself_and_one_of_unknown_features_has_no_other_equal() -> None:
    unknown = frozenset[str]()
    assert serves(unit("A", unknown), demand(1, unknown, equipment_type="type-A"))
    assert not serves(unit("B", LARGE), demand(1, unknown, equipment_type="type-A"))


def test_the_nearest_unit_that_serves_goes() -> None:
    pool = [unit("A", SMALL, PARIS), unit("B", LARGE, PARIS), unit("C", LARGE, LYON)]
    assert allotted([demand(1, LARGE, LYON)], pool) == {"1": "C"}
    assert allotted([demand(1, LARGE, PARIS)], pool) == {"1": "B"}


def test_the_oldest_promise_is_served_first_and_what_does_not_serve_it_goes_to_the_next() -> None:
    assert allotted([demand(1), demand(2)], [unit("A")]) == {"1": "A"}
    assert allotted([demand(1, LARGE), demand(2, SMALL)], [unit("A", SMALL)]) == {"2": "A"}


def test_what_is_lent_goes_to_nobody() -> None:
    assert allotted([demand(1)], [unit("A", is_free=False)]) == {}


def test_a_place_in_line_counts_those_who_wait_for_the_same_units() -> None:
    gateway = frozenset({"isdn"})
    pool = [unit("A", is_free=False), unit("G", gateway, is_free=False)]
    line = [demand(1), demand(2, gateway), demand(3), demand(4, gateway)]
    assert [place_in_line(line, one, pool) for one in line] == [1, 1, 2, 2]


def test_whom_no_unit_of_the_pool_could_serve_is_first_in_a_line_of_its_own() -> None:
    line = [demand(1), demand(2, frozenset({"telex"}))]
    assert place_in_line(line, line[1], [unit("A", is_free=False)]) == 1


FEATURES = st.frozensets(st.sampled_from(["sip", "4k", "touch"]), min_size=1)


@given(st.lists(FEATURES), st.lists(st.tuples(FEATURES, st.booleans())))
def test_no_unit_goes_twice_and_none_stays_that_somebody_in_line_could_use(
    wishes: list[frozenset[str]], units: list[tuple[frozenset[str], bool]]
) -> None:
    line = [demand(number, features) for number, features in enumerate(wishes)]
    pool = [unit(f"U{number}", features, is_free=free) for number, (features, free) in enumerate(units)]
    result = allot(line, pool)
    gone = [one.serial_number for one in result.values()]
    assert len(set(gone)) == len(gone)
    assert set(gone) <= {one.unit.serial_number for one in pool if one.is_free}
    left = [one for one in pool if one.is_free and one.unit.serial_number not in gone]
    assert not any(serves(one, waiting) for one in left for waiting in line if waiting.loan not in result)
