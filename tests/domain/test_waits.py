"""Who had the ball: the spans of a long life are added up, and none of its time is lost (SPEC §4)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from domain.waits import ADDED_UP_TOGETHER, WAITS_KEPT, Party, Wait, added_up, too_old

NOON = datetime(2027, 5, 10, 12, tzinfo=UTC)
PARTIES = (Party.SUPPORT, Party.CUSTOMER, Party.VENDOR, Party.CUSTOMER)


def spans(count: int) -> list[Wait]:
    """So many spans, one after the other, each a minute longer than the one before; the last is open."""
    instants = [NOON + timedelta(minutes=number * (number + 1) // 2) for number in range(count + 1)]
    waits = [
        Wait(party=PARTIES[number % 4], since=since, until=until)
        for number, (since, until) in enumerate(pairwise(instants))
    ]
    waits[-1].until = None
    return waits


def length(wait: Wait) -> timedelta:
    assert wait.until is not None
    return wait.until - wait.since


def test_many_spans_stay_few_and_keep_the_time_of_each_party() -> None:
    waits, expected = list[Wait](), Counter[Party]()
    for wait in spans(1_000):
        waits.append(wait)
        expected[wait.party] += int(length(wait).total_seconds()) if wait.until else 0
        old = too_old(waits)
        waits = added_up(waits, old, [length(each) for each in old])
    assert len(waits) <= WAITS_KEPT + ADDED_UP_TOGETHER + len(Party)
    assert sum(wait.spans for wait in waits) == 1_000
    sums: Counter[Party] = Counter()
    for wait in waits[:-1]:
        sums[wait.party] += int((wait.business or length(wait)).total_seconds())
    assert sums == expected
    assert waits[-1].until is None


def test_few_spans_are_left_as_they_are() -> None:
    assert too_old(spans(WAITS_KEPT)) == []


def test_what_was_added_up_meanwhile_is_not_added_up_again() -> None:
    waits = spans(200)
    old = too_old(waits)
    business = [length(each) for each in old]
    once = added_up(waits, old, business)
    assert added_up(once, old, business) == once
    assert added_up(once, [], []) == once


def test_spans_that_an_earlier_version_did_not_measure_wait_for_the_next_question() -> None:
    waits = spans(200)
    assert added_up(waits, too_old(waits), ()) == waits
