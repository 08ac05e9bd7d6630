"""What an execution hands on to the next is limited by the engine: a case keeps within it, whatever people write."""

from datetime import timedelta

from domain.messages import RemoteDiagnosis
from domain.promises import BusinessHours, Promise, PromiseKind, PromiseName, PromiseState
from domain.rounds import ROUNDS_SHOWN, Round
from tests.domain.sample_cases import NOON, case
from workflows.continuation import lighten

LIMIT = 2_000_000
LONG, NAME = "é" * 4_000, "é" * 200


def test_fifty_rounds_of_the_longest_findings_fit_into_what_is_handed_on_and_the_present_one_is_whole() -> None:
    finding = RemoteDiagnosis(
        level=2, outcome="onsite_without_parts", technician=NAME, findings=LONG, defective_articles=(NAME,) * 100
    )
    rounds = [
        Round(number=number, reason=LONG, began_at=NOON, finding=finding) for number in range(1, ROUNDS_SHOWN + 1)
    ]
    state = case(rounds=list(rounds))
    assert len(state.model_dump_json().encode()) > LIMIT
    lighten(state)
    assert len(state.model_dump_json().encode()) < LIMIT / 4
    assert state.rounds == rounds[-len(state.rounds) :]
    assert len(state.rounds) > 1


def test_the_latest_promise_of_each_name_is_handed_on_however_many_of_another_came_after_it() -> None:
    """A visit was planned anew a hundred times since the replacement was delivered, which may be corrected yet."""
    delivery = ended(PromiseName.REPLACEMENT_DELIVERY, 1)
    state = case(promises=[delivery, *(ended(PromiseName.VISIT_PLANNING, number) for number in range(1, 101))])
    lighten(state)
    assert state.latest(PromiseName.REPLACEMENT_DELIVERY) == delivery
    assert [promise.id for promise in state.promises[1:]] == [f"visit_planning.{number}" for number in range(41, 101)]


def ended(name: PromiseName, number: int) -> Promise:
    """A promise that was kept."""
    return Promise(
        id=f"{name}.{number}",
        name=name,
        kind=PromiseKind.INTERNAL,
        round=1,
        budget=BusinessHours(amount=timedelta(hours=4)),
        started_at=NOON,
        state=PromiseState.MET,
        ended_at=NOON,
    )
