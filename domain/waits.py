"""Who has the ball, and for how long each party had it (SPEC §3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel


class Party(StrEnum):
    """Who has the ball."""

    SUPPORT = "support"
    VENDOR = "vendor"
    CARRIER = "carrier"
    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    NOBODY = "nobody"


class Wait(BaseModel):
    """A span of the case spent waiting for one party; `business` is the provider's time in it, known at the end."""

    party: Party
    since: datetime
    until: datetime | None = None
    business: timedelta | None = None
    spans: int = 1
    """How many spans it is: the oldest of a long life are added up, party by party, from the first to the last."""


WAITS_KEPT = 60
"""How many spans a case knows one by one; they are added up twenty at a time."""
ADDED_UP_TOGETHER = 20


def too_old(waits: list[Wait]) -> list[Wait]:
    """The oldest spans, when there are enough too many to be added up; their business time is to be measured."""
    single = [wait for wait in waits if wait.until is not None and wait.business is None]
    return single[:ADDED_UP_TOGETHER] if len(single) >= WAITS_KEPT + ADDED_UP_TOGETHER else []


def added_up(waits: list[Wait], old: Sequence[Wait], business: Sequence[timedelta]) -> list[Wait]:
    """The waits with these, the oldest single ones, added to what was added up before, one for each party.

    Unchanged when they have been added up meanwhile, or were not measured: a version before this one did not ask.
    """
    sums = {wait.party: wait for wait in waits if wait.business is not None}
    rest = waits[len(sums) :]
    if not old or len(business) != len(old) or rest[: len(old)] != list(old):
        return waits
    for wait, amount in zip(old, business, strict=True):
        before = sums.get(wait.party)
        sums[wait.party] = Wait(
            party=wait.party,
            since=before.since if before else wait.since,
            until=wait.until,
            business=amount + (before.business or timedelta(0) if before else timedelta(0)),
            spans=1 + (before.spans if before else 0),
        )
    return [*sums.values(), *rest[len(old) :]]
