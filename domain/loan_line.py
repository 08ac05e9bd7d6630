"""Who gets which loan unit: at least the same features, the nearest, the oldest promise first (R8)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.effects import EffectKey, LoanUnit
from domain.nearness import Position, nearness


class PoolUnit(NamedTuple):
    """A unit of the pool, what it can do and where it is kept."""

    unit: LoanUnit
    features: frozenset[str]
    depot: Position
    is_free: bool


class Demand(NamedTuple):
    """A case in line: what its equipment can do, where it stands, and whom to tell."""

    loan: EffectKey
    workflow_id: str
    equipment_type: str
    features: frozenset[str]
    site: Position


def serves(unit: PoolUnit, demand: Demand) -> bool:
    """A type is as good as itself; another must have all of its features, and these must be known."""
    same_type = unit.unit.type == demand.equipment_type
    return same_type or (bool(demand.features) and unit.features >= demand.features)


def allot(line: Iterable[Demand], pool: Iterable[PoolUnit]) -> Mapping[EffectKey, LoanUnit]:
    """The free units, each to the first in line that it serves; of several that serve, the nearest goes.

    `line` is in order, the oldest promise first.
    """
    free = [unit for unit in pool if unit.is_free]
    allotted = {}
    for demand in line:
        able = [unit for unit in free if serves(unit, demand)]
        if able:
            nearest = min(able, key=lambda unit: (nearness(demand.site, unit.depot), unit.unit.serial_number))
            free.remove(nearest)
            allotted[demand.loan] = nearest.unit
    return allotted


def place_in_line(line: Sequence[Demand], demand: Demand, pool: Sequence[PoolUnit]) -> int:
    """1 for the next to be served: those before it count that some unit of the pool, free or not, serves as well."""
    before = line[: line.index(demand)]
    able = [unit for unit in pool if serves(unit, demand)]
    return 1 + sum(any(serves(unit, other) for unit in able) for other in before)
